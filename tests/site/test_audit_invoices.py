"""The audit reads from the invoice's side, and the timesheet's: what the ledger does not know of is found as well."""

from __future__ import annotations

import json

import frappe
import pytest

from support_retainer import billing
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book
from tests.world import COMPANY


@pytest.fixture
def world(at):
	"""Without a time bank, 1 000 SEK an hour, PM 25 %: 3 Nov 1 h is 1 000 + 250. The draft is submitted."""
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(mode="Without Timebank")
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 12:00"):
		sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
		(name,) = frappe.get_all("Sales Invoice", {"retainer": retainer.name}, pluck="name")
		frappe.get_doc("Sales Invoice", name).submit()
		assert not billing.audit(retainer.name)
		yield frappe._dict(retainer=retainer, ticket=ticket, sheet=sheet, invoice=name)


def _findings(world) -> str:
	return "\n".join(str(finding) for finding in billing.audit(world.retainer.name))


def _line(world, **filters):
	rows = frappe.get_all(
		"Sales Invoice Item",
		{"parent": world.invoice, "timebank_line": 1, **filters},
		["name", "timebank_entries"],
		order_by="idx",
	)
	return rows[0]


def _another_invoice(world, **values):
	item = frappe.db.get_value("Sales Invoice Item", {"parent": world.invoice}, "item_code")
	doc = frappe.get_doc(
		{
			"doctype": "Sales Invoice",
			"customer": world.retainer.customer,
			"company": COMPANY,
			"currency": "SEK",
			"items": [{"item_code": item, "qty": 1, "rate": 1000, "uom": "Nos"}],
			**values,
		}
	)
	return doc.insert()


def test_credit_notes_and_hand_edits_are_part_of_the_sum(world):
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	book(world.ticket, ("2026-11-03 10:00", "2026-11-03 11:00"))
	draft = frappe.get_doc("Sales Invoice", {"retainer": world.retainer.name, "docstatus": 0})
	draft.items[0].rate = draft.items[0].rate + 11
	draft.save()
	draft.submit()
	note = make_sales_return(world.invoice)
	note.insert()
	note.submit()
	assert _findings(world) == ""


def test_a_line_that_asks_for_more_than_the_ledger_billed_is_found(world):
	frappe.db.set_value("Sales Invoice Item", _line(world).name, "net_amount", 1100)
	found = _findings(world)
	assert "its submitted invoices ask for" in found and "cancel or credit" in found
	assert f"{world.invoice}: its lines come to" in found


def test_a_line_of_ours_on_an_invoice_of_no_retainer_is_found(world):
	"""Somebody emptied the field: the lines say whose they are."""
	stray = _another_invoice(world)
	frappe.db.set_value(
		"Sales Invoice Item", stray.items[0].name, {"timebank_line": 1, "timebank_kind": "Support"}
	)
	frappe.db.set_value("Sales Invoice", stray.name, "docstatus", 1)
	frappe.db.set_value("Sales Invoice Item", {"parent": stray.name}, "docstatus", 1)
	found = _findings(world)
	assert "its submitted invoices ask for" in found
	assert f"{stray.name}: its lines of the time bank settle nothing" in found


def test_an_entry_on_two_live_invoices_is_found(world):
	other = _another_invoice(world)
	line = _line(world, timebank_kind="Support")
	values = {"timebank_line": 1, "timebank_kind": "Support", "timebank_entries": line.timebank_entries}
	frappe.db.set_value("Sales Invoice Item", other.items[0].name, values)
	frappe.db.set_value("Sales Invoice", other.name, "retainer", world.retainer.name)
	(entry,) = json.loads(line.timebank_entries)
	assert (
		f"{entry}: it is on two live invoices, {', '.join(sorted([world.invoice, other.name]))}"
		in _findings(world)
	)


def test_a_draft_of_ours_without_entries_is_found(world):
	other = _another_invoice(world)
	values = {"timebank_line": 1, "timebank_kind": "Fee"}
	frappe.db.set_value("Sales Invoice Item", other.items[0].name, values)
	frappe.db.set_value("Sales Invoice", other.name, "retainer", world.retainer.name)
	assert (
		f"{other.name}: its lines of the time bank settle nothing in the ledger. Delete the draft"
		in _findings(world)
	)


def test_a_copy_that_was_submitted_past_the_app_is_found(world):
	other = _another_invoice(world)
	frappe.db.set_value("Sales Invoice Item", other.items[0].name, "timebank_kind", "Fee")
	assert "is a copy" not in _findings(world)
	frappe.db.set_value("Sales Invoice", other.name, "docstatus", 1)
	assert f"{other.name}: row 1 is a copy of a line of the time bank" in _findings(world)


def test_invoices_of_other_things_are_nobodys_business(world):
	_another_invoice(world).submit()
	assert _findings(world) == ""


# time ---------------------------------------------------------------------------------------------


def test_time_of_a_covered_customer_in_no_ledger_is_found(world, at):
	"""A ticket of before the contract, that nothing ever brought under it: its time of a covered day is listed."""
	with at("2026-11-04 12:00"):
		ticket = IssueFactory(customer=world.retainer.customer)
		frappe.db.set_value("Issue", ticket.name, "retainer", None)
		sheet = book(ticket, ("2026-11-04 09:00", "2026-11-04 11:00"))
		frappe.db.delete("Timebank Entry", {"timesheet": sheet.name})
		found = _findings(world)
	assert f"{sheet.name} row 1: 2:00 on ticket {ticket.name}" in found
	assert "is in no ledger" in found and "Cancel and amend the timesheet" in found


def test_time_before_the_contract_is_not(world, at):
	with at("2026-10-20 12:00"):
		other = CustomerFactory().name
		ticket = IssueFactory(customer=other)
		book(ticket, ("2026-10-20 09:00", "2026-10-20 11:00"))
	with at("2026-11-04 12:00"):
		frappe.db.set_value("Issue", ticket.name, "customer", world.retainer.customer)
		assert "in no ledger" not in _findings(world)


def test_rows_are_judged_by_the_retainer_of_their_entries(world, at):
	"""The ticket goes to another customer with a contract of their own: the time that was charged stays where it was."""
	with at("2026-11-05 12:00"):
		other = RetainerFactory(mode="Without Timebank")
		frappe.db.set_value("Issue", world.ticket.name, {"customer": other.customer, "retainer": other.name})
		assert not billing.audit(other.name)
		assert _findings(world) == ""


def test_time_during_a_pause_is_not_covered(world, at):
	with at("2026-11-04 08:00"):
		world.retainer.reload().update({"status": "Paused"})
		world.retainer.save()
		ticket = IssueFactory(customer=world.retainer.customer)
		book(ticket, ("2026-11-04 06:00", "2026-11-04 07:00"))
		assert "in no ledger" not in _findings(world)
