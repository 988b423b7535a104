"""A customer is written to in their own language, whoever is at work; errors speak the language of whoever is at work."""

import frappe
import pytest
from frappe.translate import get_translations_from_apps

from support_retainer import billing, timebank
from support_retainer.words import in_language_of
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book


def test_the_customers_language_then_the_readers_again():
	frappe.local.lang = "de"
	with in_language_of(CustomerFactory(language="sv").name) as language:
		assert (language, frappe.local.lang) == ("sv", "sv")
	assert frappe.local.lang == "de"


def test_no_language_of_their_own_is_the_sites():
	frappe.local.lang = "de"
	customer = CustomerFactory()
	customer.db_set("language", None)
	for name in (customer.name, None, "Ingen alls"):
		with in_language_of(name):
			assert frappe.local.lang == frappe.get_system_settings("language")


def test_one_customer_within_another():
	with in_language_of(CustomerFactory(language="sv").name):
		with in_language_of(CustomerFactory(language="de").name):
			assert frappe.local.lang == "de"
		assert frappe.local.lang == "sv"


def test_an_error_gives_the_language_back():
	frappe.local.lang = "de"
	with pytest.raises(ValueError), in_language_of(CustomerFactory(language="sv").name):
		raise ValueError
	assert frappe.local.lang == "de"


def test_the_ledger_and_the_invoice_speak_to_the_customer_and_the_timesheet_to_whoever_books(at):
	if not get_translations_from_apps("sv", ["support_retainer"]):
		pytest.skip("The translations are not compiled here: bench build --app support_retainer")
	with at("2026-11-01 08:00"):
		customer = CustomerFactory(language="sv").name
		retainer = RetainerFactory(customer=customer, hours_per_period=1)
	with at("2026-11-20 12:00"):
		# 2:00 + 0:30 of management; the month's one hour covers 1:00 of it
		sheet = book(IssueFactory(customer=customer), ("2026-11-03 09:00", "2026-11-03 11:00"))
		entries = timebank.entries_of(retainer=retainer.name)
		told = "\n".join(billing.derivation_of(entry.name) for entry in entries)
		assert "Arbetat 2026-11-03 09:00–11:00: 2:00" in told.replace("03-11-2026", "2026-11-03")
		assert "Projektledning" in told
		(invoice,) = frappe.get_all("Sales Invoice", {"retainer": retainer.name}, pluck="name")
		description = frappe.get_doc("Sales Invoice", invoice).items[0].description
		assert "Support utöver timbanken" in description
		assert "from the time bank" in sheet.time_logs[0].timebank_note
		sheet.cancel()
	reasons = frappe.get_all(
		"Timebank Entry", {"timesheet": sheet.name, "reversal_of": ("is", "set")}, ["reason"]
	)
	assert reasons and all("avbröts" in row.reason for row in reasons)
