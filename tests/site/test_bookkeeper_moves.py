"""Every move of a bookkeeper has one defined end: the table in docs/ledger.md, row by row.

Terms D without a time bank: 1 000 SEK/h and project management 25 %, so an hour is 1 250 (1 000 + 250). After each test the audit of
everything finds nothing wrong, and no entry is on two live invoices.
"""

from __future__ import annotations

import json

import frappe
import pytest
from frappe.utils import flt

from support_retainer import billing, timebank
from tests.factories import IssueFactory, RetainerFactory, book
from tests.world import COMPANY

DAY = ("2026-11-03 09:00", "2026-11-03 10:00")


@pytest.fixture(autouse=True)
def audited(transaction):
	yield
	assert [str(finding) for finding in billing.audit()] == []
	_no_entry_on_two_live_invoices()


@pytest.fixture(autouse=True)
def now(at, transaction):
	with at("2026-11-20 12:00"):
		yield


@pytest.fixture
def make(at):
	def made(**terms):
		with at("2026-11-01 08:00"):
			retainer = RetainerFactory(**{"mode": "Without Timebank", "hours_per_period": 0, **terms})
			return retainer, IssueFactory(customer=retainer.customer)

	return made


@pytest.fixture
def hour(make):
	"""One hour booked: a draft of 1 250."""
	retainer, ticket = make()
	book(ticket, DAY)
	return retainer, ticket, draft_of(retainer)


def _no_entry_on_two_live_invoices():
	rows = frappe.get_all(
		"Sales Invoice Item",
		{"docstatus": ("<", 2), "timebank_entries": ("is", "set")},
		["parent", "timebank_entries"],
	)
	names = [name for row in rows for name in json.loads(row.timebank_entries)]
	assert len(names) == len(set(names))


def live(retainer, **filters):
	filters = {"retainer": retainer.name, "docstatus": ("<", 2), "is_return": 0, **filters}
	return frappe.get_all("Sales Invoice", filters, pluck="name", order_by="creation")


def draft_of(retainer):
	(name,) = live(retainer, docstatus=0)
	return frappe.get_doc("Sales Invoice", name)


def amended(invoice, **values):
	"""What the desk's Amend does: all fields copied, no-copy fields too, under a new name."""
	doc = frappe.copy_doc(invoice)
	doc.update({"amended_from": invoice.name, "docstatus": 0, **values})
	return doc


def duplicated(invoice):
	"""What the desk's Duplicate does: no-copy fields are left out."""
	doc = frappe.copy_doc(invoice, ignore_no_copy=False)
	doc.update({"docstatus": 0, "timesheets": []})
	return doc


def copied_with_all_fields(invoice):
	"""What a script or a client of its own does: it copies every field."""
	doc = frappe.copy_doc(invoice)
	doc.update({"docstatus": 0, "timesheets": []})
	return doc


def credit(invoice, *rows):
	"""A submitted credit note; rows are (number of the line, quantity, rate), else all that is left."""
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	note = make_sales_return(invoice.name)
	if rows:
		lines = [note.items[number] for number, _qty, _rate in rows]
		for line, (_number, qty, rate) in zip(lines, rows, strict=True):
			line.qty = qty
			line.rate = line.rate if rate is None else rate
		note.items = lines
	note.insert()
	note.submit()
	return note


def amounts(retainer, **filters):
	return sorted(flt(entry.amount) for entry in timebank.entries_of(retainer=retainer.name, **filters))


def said():
	return " ".join(str(message) for message in frappe.local.message_log)


def _one_live_of(retainer, amount, **filters):
	(name,) = live(retainer)
	doc = frappe.get_doc("Sales Invoice", name)
	entries = [entry for entry in timebank.entries_of(retainer=retainer.name) if entry.amount]
	assert {(entry.billing_status, entry.sales_invoice) for entry in entries} == {("Billed", name)}
	assert not timebank.entries_of(retainer=retainer.name, entry_type="Correction")
	assert (doc.docstatus, flt(doc.net_total)) == (1, amount)


# amend ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("job", ["after", "between", "before submit"])
def test_amend(hour, job):
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	if job == "between":
		billing.invoice_due()
		assert len(live(retainer)) == 1
	copy = amended(invoice).insert()
	if job == "before submit":
		billing.invoice_due()
	copy.submit()
	billing.invoice_due()
	_one_live_of(retainer, 1250)


@pytest.mark.parametrize("job", ["after", "between", "before submit"])
def test_amend_of_a_fee(make, job):
	retainer, _ticket = make(
		mode="With Timebank", hours_per_period=10, fee_billing="In Advance", retainer_fee=9000
	)
	billing.invoice_due()
	invoice = draft_of(retainer)
	invoice.submit()
	invoice.cancel()
	if job == "between":
		billing.invoice_due()
	copy = amended(invoice).insert()
	if job == "before submit":
		billing.invoice_due()
	copy.submit()
	billing.invoice_due()
	_one_live_of(retainer, 9000)


def test_amend_with_another_rate(hour):
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	copy = amended(invoice)
	copy.items[0].rate = 900
	frappe.local.message_log = []
	copy.insert()
	assert "edited by hand" in said()
	copy.submit()
	billing.invoice_due()
	assert live(retainer) == [copy.name]
	assert amounts(retainer, entry_type="Correction") == [-100]


def test_amend_without_a_line(hour):
	# 1 000 for the work goes along; 250 for project management waits for the next invoice
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	copy = amended(invoice)
	copy.items = copy.items[:1]
	copy.insert()
	billing.invoice_due()
	copy.submit()
	billing.invoice_due()
	assert flt(copy.net_total) == 1000
	assert flt(draft_of(retainer).net_total) == 250
	assert amounts(retainer, entry_type="Correction") == []


def test_a_line_deleted_after_amending(hour):
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	copy = amended(invoice).insert()
	copy.items = copy.items[:1]
	copy.save()
	billing.invoice_due()
	copy.submit()
	assert flt(copy.net_total) == 1000
	assert flt(draft_of(retainer).net_total) == 250


def test_amend_twice(hour):
	retainer, _ticket, invoice = hour
	for _time in range(2):
		invoice.submit()
		invoice.cancel()
		billing.invoice_due()
		invoice = amended(invoice).insert()
	invoice.submit()
	billing.invoice_due()
	_one_live_of(retainer, 1250)


def test_the_amended_one_is_cancelled(hour):
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	copy = amended(invoice).insert()
	copy.submit()
	copy.cancel()
	billing.invoice_due()
	again = draft_of(retainer)
	again.submit()
	_one_live_of(retainer, 1250)


def test_a_second_amendment_of_the_same_invoice_finds_nothing(hour):
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	copy = amended(invoice).insert()
	with pytest.raises(frappe.ValidationError, match=copy.name):
		amended(invoice).insert()
	copy.submit()
	_one_live_of(retainer, 1250)


def test_amend_after_another_invoice_took_the_charges(hour):
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	billing.invoice_due()
	other = draft_of(retainer)
	other.submit()
	with pytest.raises(frappe.ValidationError, match=other.name):
		amended(invoice).insert()
	_one_live_of(retainer, 1250)


def test_amend_after_the_time_was_cancelled(make):
	retainer, ticket = make()
	book(ticket, DAY)
	sheet = book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))
	invoice = draft_of(retainer)
	invoice.submit()  # 2 500
	invoice.cancel()
	sheet.reload()
	sheet.cancel()
	copy = amended(invoice)
	copy.timesheets = [row for row in copy.timesheets if row.time_sheet != sheet.name]
	copy.insert()
	copy.submit()
	_one_live_of(retainer, 1250)


def test_time_is_cancelled_while_its_amended_draft_waits(make):
	retainer, ticket = make()
	book(ticket, DAY)
	sheet = book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))
	invoice = draft_of(retainer)
	invoice.submit()  # 2 500
	invoice.cancel()
	copy = amended(invoice).insert()
	sheet.reload()
	sheet.cancel()
	copy.reload()
	assert flt(copy.net_total) == 1250
	copy.submit()
	billing.invoice_due()
	_one_live_of(retainer, 1250)


def test_all_time_of_an_amended_draft_is_cancelled(make):
	retainer, ticket = make()
	sheet = book(ticket, DAY)
	invoice = draft_of(retainer)
	invoice.submit()
	invoice.cancel()
	amended(invoice).insert()
	sheet.reload()
	sheet.cancel()
	assert live(retainer) == []


def test_new_work_goes_on_a_draft_of_its_own_while_an_amended_one_waits(hour):
	retainer, ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	copy = amended(invoice)
	copy.items[0].rate = 900
	copy.insert()
	book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))
	copy.reload()
	assert flt(copy.net_total) == 1150
	assert [flt(frappe.db.get_value("Sales Invoice", name, "net_total")) for name in live(retainer)] == [
		1150,
		1250,
	]
	copy.submit()
	assert amounts(retainer, entry_type="Correction") == [-100]


def test_amend_after_settings_and_period_changed(hour, at):
	retainer, _ticket, invoice = hour
	invoice.submit()
	settings = frappe.get_doc("Retainer Settings")
	settings.support_item, settings.project_management_item = settings.surcharge_item, settings.topup_item
	settings.save()
	with at("2026-12-10 12:00"):
		billing.close_retainer(retainer.name, after_days=0)
		invoice.reload()
		invoice.cancel()
		billing.invoice_due()
		copy = amended(invoice).insert()
		copy.submit()
		billing.invoice_due()
	_one_live_of(retainer, 1250)


def test_amending_says_what_it_took_from_an_edited_draft(hour):
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	billing.invoice_due()
	other = draft_of(retainer)
	other.items[0].rate = 800
	other.save()
	copy = amended(invoice).insert()
	(text,) = frappe.get_all(
		"Comment", {"reference_name": copy.name, "comment_type": "Comment"}, pluck="content"
	)
	assert other.name in text
	assert "edited by hand" in text
	copy.submit()
	_one_live_of(retainer, 1250)


# duplicate --------------------------------------------------------------------------------------


@pytest.mark.parametrize("submitted", [False, True])
@pytest.mark.parametrize("copy", [duplicated, copied_with_all_fields])
def test_duplicate(hour, submitted, copy):
	retainer, _ticket, invoice = hour
	if submitted:
		invoice.submit()
	double = copy(invoice)
	frappe.local.message_log = []
	double.insert()
	assert "bill nothing" in said()
	with pytest.raises(frappe.ValidationError, match="Remove rows 1, 2"):
		double.submit()
	double.reload()
	item = {"item_code": "SUPPORT-HOUR", "qty": 1, "rate": 700, "uom": "Hour"}
	double.set("items", [])
	double.append("items", item)
	double.save()
	double.submit()  # a line of one's own, and no retainer's
	billing.invoice_due()
	if not submitted:
		invoice.reload()
		invoice.submit()
	entries = timebank.entries_of(retainer=retainer.name)
	assert {(entry.billing_status, entry.sales_invoice) for entry in entries} == {("Billed", invoice.name)}


def test_a_duplicate_is_never_the_periods_draft(hour):
	retainer, ticket, invoice = hour
	invoice.submit()
	double = copied_with_all_fields(invoice)
	double.insert()
	book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))
	(draft,) = {entry.sales_invoice for entry in timebank.entries_of(retainer=retainer.name)} - {invoice.name}
	assert draft != double.name
	frappe.delete_doc("Sales Invoice", double.name)


def test_a_line_copied_within_its_draft_bills_nothing(hour):
	_retainer, _ticket, invoice = hour
	copied = {
		field: value for field, value in invoice.items[0].as_dict().items() if field not in ("name", "idx")
	}
	invoice.append("items", copied)
	invoice.save()
	with pytest.raises(frappe.ValidationError, match="Remove rows 3"):
		invoice.submit()


def test_stamps_that_are_sent_are_not_believed(hour):
	"""Over REST hidden fields may be written like others: what a line is stays with the line."""
	retainer, ticket, invoice = hour
	names = invoice.items[0].timebank_entries
	invoice.items[0].update({"timebank_kind": "Postal Fee", "timebank_entries": "[]", "timebank_line": 0})
	invoice.items[1].timebank_entries = names
	invoice.save()
	assert [row.timebank_kind for row in invoice.items] == ["Support", "Project Management"]
	assert invoice.items[0].timebank_entries == names
	stamped = {"timebank_line": 1, "timebank_kind": "Support", "timebank_entries": names}
	item = {"item_code": "SUPPORT-HOUR", "qty": 1, "rate": 700, "uom": "Hour", **stamped}
	head = {"customer": ticket.customer, "company": COMPANY, "retainer": retainer.name}
	head |= {"timebank_period": invoice.timebank_period}
	forged = frappe.get_doc({"doctype": "Sales Invoice", **head, "items": [item]}).insert()
	assert (forged.items[0].timebank_entries, forged.timebank_period) == (None, None)
	with pytest.raises(frappe.ValidationError, match="Remove rows 1"):
		forged.submit()
	forged.reload()
	forged.delete()


# delete and edit --------------------------------------------------------------------------------


def test_delete_a_line_of_a_draft(hour):
	retainer, _ticket, invoice = hour
	invoice.items = invoice.items[:1]
	frappe.local.message_log = []
	invoice.save()
	assert "wait for the next invoice" in said()
	invoice.submit()
	billing.invoice_due()
	assert flt(draft_of(retainer).net_total) == 250
	assert amounts(retainer, entry_type="Correction") == []


def test_delete_an_amended_draft(hour):
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.cancel()
	copy = amended(invoice).insert()
	copy.delete()
	billing.invoice_due()
	draft_of(retainer).submit()
	_one_live_of(retainer, 1250)


def test_cancelling_time_on_an_untouched_draft_says_nothing_of_edits(make):
	retainer, ticket = make()
	book(ticket, DAY)
	sheet = book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))
	invoice = draft_of(retainer)
	sheet.cancel()
	assert flt(draft_of(retainer).net_total) == 1250
	assert not frappe.get_all("Comment", {"reference_name": invoice.name, "comment_type": "Comment"})
