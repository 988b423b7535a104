"""Swedish where people read it: in errors, on timesheet rows, on invoices' items. On a bench `bench build` compiles it first."""

import frappe
import pytest
from frappe.translate import get_all_translations, get_translations_from_apps

from support_retainer.setup import standard
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book


@pytest.fixture(autouse=True)
def swedish():
	before = frappe.local.lang
	frappe.local.lang = "sv"
	if not get_translations_from_apps("sv", ["support_retainer"]):
		pytest.skip("The translations are not compiled here: bench build --app support_retainer")
	frappe.translate.clear_cache()
	yield
	frappe.local.lang = before


def test_the_desk_gets_the_apps_words():
	told = get_all_translations("sv")
	assert told["Timebank Period"] == "Timbanksperiod"
	assert told["Surcharge"] == "Tillägg"
	assert told["Customer:Retainer"] == "Kund"


def test_errors_are_sentences_in_swedish():
	with pytest.raises(frappe.ValidationError, match="Ange ett timpris över noll"):
		RetainerFactory(hourly_rate=0)


def test_values_stand_where_swedish_has_them():
	with pytest.raises(
		frappe.ValidationError, match="Tillägget för Akut, kontorstid kan inte vara under 0 %"
	):
		frappe.get_doc(
			{"doctype": "SLA Rule", "rule_name": "Akut, kontorstid", "urgency": "Urgent", "budget": "Any"}
			| {"registered": "Any", "hours_counted": "Office Hours", "target": "Immediately"}
			| {"surcharge_percent": -1}
		).insert()


def test_a_charge_is_told_in_swedish(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(customer=CustomerFactory(language="sv").name)
	with at("2026-11-05 16:45"):
		ticket = IssueFactory(customer=retainer.customer, priority="Urgent")
	with at("2026-11-06 09:00"):
		sheet = book(ticket, ("2026-11-05 16:50", "2026-11-05 17:20"))
	# 30 min start two quarters, one in office hours and one after; 25 % of 0:30 = 0:07:30
	note = sheet.time_logs[0].timebank_note
	assert "2 påbörjade kvartar = 0:30 (1 × +75 %, 1 × +150 %)" in note
	assert "0:07:30 projektledning" in note
	assert "0:37:30 klipps ur timbanken" in note
	derivation = frappe.db.get_value("Timebank Entry", {"timesheet": sheet.name}, "derivation")
	assert "1 × 15 min påbörjade enligt ”Akut, kontorstid” (+75 %): 0:15" in derivation


def test_items_are_named_in_the_sites_language():
	frappe.db.set_single_value("System Settings", "language", "sv")
	item = {"item_name": "Surcharge, urgent support", "description": "Surcharge for urgent support"}
	standard._name_in_site_language(item)
	assert item == {"item_name": "Tillägg, akut support", "description": "Tillägg för akut support"}
