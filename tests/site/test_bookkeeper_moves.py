"""Every move of a bookkeeper has one defined end: the table in docs/ledger.md, row by row.

Terms D without a time bank: 1 000 SEK/h and project management 25 %, so an hour is 1 250 (1 000 + 250). After each test the audit of
everything finds nothing wrong, and no entry is on two live invoices.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import frappe
import pytest
from frappe.utils import flt

from support_retainer import billing, timebank
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book, timesheet
from tests.world import COMPANY

pytestmark = pytest.mark.usefixtures("now")

DAY = ("2026-11-03 09:00", "2026-11-03 10:00")


@pytest.fixture(autouse=True)
def audited(transaction):
	yield
	assert [str(finding) for finding in billing.audit()] == []
	_no_entry_on_two_live_invoices()


@pytest.fixture
def hour(without_bank):
	"""One hour booked: a draft of 1 250."""
	retainer, ticket = without_bank()
	book(ticket, DAY)
	return retainer, ticket, draft_of(retainer)


@pytest.fixture
def cancelled(hour):
	"""The same, its invoice submitted and cancelled."""
	hour[2].submit()
	hour[2].cancel()
	return hour


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


def test_the_table_and_the_tests_are_the_same():
	"""Every test that docs/ledger.md names is here, or in test_refused_invoices.py."""
	root = Path(__file__).parents[2]
	named = set(re.findall(r"`(test_[a-z0-9_]+)`", (root / "docs/ledger.md").read_text(encoding="utf-8")))
	assert len(named) > 30
	assert named <= {name for name in globals() if name.startswith("test_")}


def test_submit(hour):
	retainer, _ticket, invoice = hour
	invoice.submit()
	billing.invoice_due()
	_one_live_of(retainer, 1250)


def test_edit(hour):
	retainer, _ticket, invoice = hour
	invoice.items[0].rate = 900
	frappe.local.message_log = []
	invoice.save()
	assert "edited by hand" in said()
	invoice.submit()
	assert amounts(retainer, entry_type="Correction") == [-100]


def test_delete(hour):
	retainer, _ticket, invoice = hour
	invoice.delete()
	billing.invoice_due()
	assert flt(draft_of(retainer).net_total) == 1250


def test_cancel(hour):
	retainer, _ticket, invoice = hour
	invoice.items[0].rate = 900
	invoice.save()
	invoice.submit()
	invoice.cancel()
	billing.invoice_due()
	assert flt(draft_of(retainer).net_total) == 1250
	assert amounts(retainer, entry_type="Correction") == []


def test_another_currency_is_refused(hour):
	_retainer, _ticket, invoice = hour
	frappe.db.set_value("Currency", "EUR", "enabled", 1)
	invoice.update({"currency": "EUR", "conversion_rate": 11})
	with pytest.raises(frappe.ValidationError, match="Set the invoice's currency to SEK"):
		invoice.save()


def test_a_paid_invoice_stays_billed(hour):
	retainer, _ticket, invoice = hour
	invoice.submit()
	invoice.db_set("outstanding_amount", 0)
	invoice.set_status(update=True)
	billing.invoice_due()
	_one_live_of(retainer, 1250)


# amend ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("job", ["after", "between", "before submit"])
def test_amend(cancelled, job):
	retainer, _ticket, invoice = cancelled
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
def test_amend_of_a_fee(without_bank, job):
	retainer, _ticket = without_bank(
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


def test_amend_with_another_rate(cancelled):
	retainer, _ticket, invoice = cancelled
	copy = amended(invoice)
	copy.items[0].rate = 900
	frappe.local.message_log = []
	copy.insert()
	assert "edited by hand" in said()
	copy.submit()
	billing.invoice_due()
	assert live(retainer) == [copy.name]
	assert amounts(retainer, entry_type="Correction") == [-100]


def test_amend_without_a_line(cancelled):
	# 1 000 for the work goes along; 250 for project management waits for the next invoice
	retainer, _ticket, invoice = cancelled
	copy = amended(invoice)
	copy.items = copy.items[:1]
	copy.insert()
	billing.invoice_due()
	copy.submit()
	billing.invoice_due()
	assert flt(copy.net_total) == 1000
	rest = draft_of(retainer)
	assert flt(rest.net_total) == 250
	assert amounts(retainer, entry_type="Correction") == []
	rest.submit()


def test_a_line_deleted_after_amending(cancelled):
	retainer, _ticket, invoice = cancelled
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


def test_the_amended_one_is_cancelled(cancelled):
	retainer, _ticket, invoice = cancelled
	copy = amended(invoice).insert()
	copy.submit()
	copy.cancel()
	billing.invoice_due()
	again = draft_of(retainer)
	again.submit()
	_one_live_of(retainer, 1250)


def test_a_second_amendment_of_the_same_invoice_finds_nothing(cancelled):
	retainer, _ticket, invoice = cancelled
	copy = amended(invoice).insert()
	with pytest.raises(frappe.ValidationError, match=copy.name):
		amended(invoice).insert()
	copy.submit()
	_one_live_of(retainer, 1250)


def test_amend_after_another_invoice_took_the_charges(cancelled):
	retainer, _ticket, invoice = cancelled
	billing.invoice_due()
	other = draft_of(retainer)
	other.submit()
	with pytest.raises(frappe.ValidationError, match=other.name):
		amended(invoice).insert()
	_one_live_of(retainer, 1250)


def test_amend_after_the_time_was_cancelled(without_bank):
	retainer, ticket = without_bank()
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


def test_time_is_cancelled_while_its_amended_draft_waits(without_bank):
	retainer, ticket = without_bank()
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


def test_all_time_of_an_amended_draft_is_cancelled(without_bank):
	retainer, ticket = without_bank()
	sheet = book(ticket, DAY)
	invoice = draft_of(retainer)
	invoice.submit()
	invoice.cancel()
	amended(invoice).insert()
	sheet.reload()
	sheet.cancel()
	assert live(retainer) == []


def test_new_work_goes_on_a_draft_of_its_own_while_an_amended_one_waits(cancelled):
	retainer, ticket, invoice = cancelled
	copy = amended(invoice)
	copy.items[0].rate = 900
	copy.insert()
	book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))
	copy.reload()
	assert flt(copy.net_total) == 1150
	totals = [flt(frappe.db.get_value("Sales Invoice", name, "net_total")) for name in live(retainer)]
	assert sorted(totals) == [1150, 1250]
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


def test_amending_says_what_it_took_from_an_edited_draft(cancelled):
	retainer, _ticket, invoice = cancelled
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
	rest = draft_of(retainer)
	assert flt(rest.net_total) == 250
	assert amounts(retainer, entry_type="Correction") == []
	rest.submit()
	assert amounts(retainer, sales_invoice=rest.name, billing_status="Billed") == [250]


def test_two_customers_on_one_timesheet_are_amended_one_after_the_other(without_bank):
	(one, ticket), (other, its) = without_bank(), without_bank()
	timesheet([(ticket, *DAY), (its, "2026-11-03 10:00", "2026-11-03 11:00")])
	invoices = [draft_of(one), draft_of(other)]
	for invoice in invoices:
		invoice.submit()
	for invoice in invoices:
		invoice.reload()
		invoice.cancel()
	for invoice in invoices:
		amended(invoice).insert().submit()
	billing.invoice_due()
	_one_live_of(one, 1250)
	_one_live_of(other, 1250)


def test_delete_an_amended_draft(cancelled):
	retainer, _ticket, invoice = cancelled
	copy = amended(invoice).insert()
	copy.delete()
	billing.invoice_due()
	draft_of(retainer).submit()
	_one_live_of(retainer, 1250)


def test_cancelling_time_on_an_untouched_draft_says_nothing_of_edits(without_bank):
	retainer, ticket = without_bank()
	book(ticket, DAY)
	sheet = book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))
	invoice = draft_of(retainer)
	sheet.cancel()
	assert flt(draft_of(retainer).net_total) == 1250
	assert not frappe.get_all("Comment", {"reference_name": invoice.name, "comment_type": "Comment"})


# the ledger follows the invoice -----------------------------------------------------------------


@pytest.fixture
def two_hours(without_bank):
	"""Two hours booked: a draft of 2 500 (2 000 + 500)."""
	retainer, ticket = without_bank()
	book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))
	return retainer, ticket, draft_of(retainer)


@pytest.mark.parametrize("on", ["Net Total", "Grand Total"])
def test_additional_discount(two_hours, on):
	# 10 % of 2 500: 2 250 stands, and is what a credit in full takes back
	retainer, _ticket, invoice = two_hours
	invoice.update({"apply_discount_on": on, "additional_discount_percentage": 10})
	frappe.local.message_log = []
	invoice.save()
	assert "edited by hand" in said()
	assert flt(invoice.net_total) == 2250
	invoice.submit()
	assert amounts(retainer, entry_type="Correction") == [-250]
	note = credit(invoice)
	assert flt(note.net_total) == -2250
	assert sum(amounts(retainer, sales_invoice=note.name)) == -2250
	assert sum(amounts(retainer)) == 0


def test_tax_in_the_rate(two_hours):
	# 25 % included: 2 500 is 2 000 net
	retainer, _ticket, invoice = two_hours
	account = frappe.db.get_value("Account", {"company": COMPANY, "account_type": "Tax", "is_group": 0})
	tax = {"charge_type": "On Net Total", "account_head": account, "rate": 25, "description": "Moms"}
	invoice.set("taxes", [])
	invoice.append("taxes", {**tax, "included_in_print_rate": 1})
	invoice.save()
	assert flt(invoice.net_total) == 2000
	invoice.submit()
	assert amounts(retainer, entry_type="Correction") == [-500]


def test_credit_of_part_of_a_line(two_hours):
	retainer, _ticket, invoice = two_hours
	invoice.submit()
	note = credit(invoice, (0, -0.5, None))
	assert amounts(retainer, sales_invoice=note.name) == [-500]
	billing.invoice_due()
	assert live(retainer) == [invoice.name]


def test_credit_of_the_price_alone(two_hours):
	retainer, _ticket, invoice = two_hours
	invoice.submit()
	note = credit(invoice, (0, -2, 100))
	assert amounts(retainer, sales_invoice=note.name) == [-200]


def test_return_with_quantity_0(two_hours):
	retainer, _ticket, invoice = two_hours
	invoice.submit()
	note = credit(invoice, (0, 0, 300))
	assert amounts(retainer, sales_invoice=note.name) == [-300]
	note.reload()
	note.cancel()
	assert sum(amounts(retainer)) == 2500


def test_more_is_never_credited_than_stands(two_hours):
	_retainer, _ticket, invoice = two_hours
	invoice.submit()
	for _time in range(2):
		credit(invoice, (0, 0, 1000))
	with pytest.raises(frappe.ValidationError, match="left to credit"):
		credit(invoice, (0, 0, 1000))


def test_debit_note(two_hours):
	retainer, _ticket, invoice = two_hours
	invoice.submit()
	item = {"item_code": invoice.items[0].item_code, "qty": 0, "rate": 150, "uom": "Hour"}
	head = {"customer": invoice.customer, "company": COMPANY, "is_debit_note": 1}
	note = frappe.get_doc({"doctype": "Sales Invoice", **head, "return_against": invoice.name})
	note.append("items", item)
	note.insert()
	note.submit()
	assert (note.retainer, amounts(retainer, sales_invoice=note.name)) == (retainer.name, [150])
	note.reload()
	note.cancel()
	assert sum(amounts(retainer)) == 2500


def test_a_credit_note_by_hand_without_an_invoice(two_hours):
	retainer, _ticket, invoice = two_hours
	invoice.submit()
	item = {"item_code": "SUPPORT-HOUR", "qty": -1, "rate": 500, "uom": "Hour"}
	head = {"customer": invoice.customer, "company": COMPANY, "is_return": 1, "retainer": retainer.name}
	note = frappe.get_doc({"doctype": "Sales Invoice", **head, "items": [item]}).insert()
	note.submit()
	assert not note.retainer
	assert sum(amounts(retainer)) == 2500


def test_a_hand_made_invoice(hour):
	retainer, ticket, invoice = hour
	item = {"item_code": "SUPPORT-HOUR", "qty": 1, "rate": 700, "uom": "Hour"}
	head = {"customer": ticket.customer, "company": COMPANY, "retainer": retainer.name}
	by_hand = frappe.get_doc({"doctype": "Sales Invoice", **head, "items": [item]}).insert()
	by_hand.submit()
	assert sum(amounts(retainer)) == 1250
	credit(by_hand)
	assert sum(amounts(retainer)) == 1250
	invoice.submit()


def test_a_line_of_ones_own_on_the_draft_stays_ones_own(hour):
	retainer, _ticket, invoice = hour
	invoice.append("items", {"item_code": "SUPPORT-HOUR", "qty": 1, "rate": 700, "uom": "Hour"})
	invoice.save()
	invoice.submit()
	assert sum(amounts(retainer)) == 1250
	assert flt(invoice.net_total) == 1950
	note = credit(invoice)
	assert sum(amounts(retainer, sales_invoice=note.name)) == -1250


def test_another_invoice_fee_item_after_invoices_were_posted(without_bank):
	retainer, ticket = without_bank(invoice_delivery="Post")
	book(ticket, DAY)
	invoice = draft_of(retainer)
	invoice.submit()
	assert flt(invoice.net_total) == 1325
	settings = frappe.get_doc("Retainer Settings")
	settings.invoice_fee_item = settings.topup_item
	settings.save()
	assert [str(finding) for finding in billing.audit()] == []
	note = credit(invoice)
	assert amounts(retainer, sales_invoice=note.name) == [-1000, -250]


def test_credited_time_of_a_pool_is_paid_for_no_more(without_bank):
	# 5 minutes are a quarter: 250 + 62.50. Credited in full nothing is left of the quarter for the next five minutes
	retainer, ticket = without_bank(rounding_scope="Ticket and Day")
	book(ticket, ("2026-11-03 09:00", "2026-11-03 09:05"))
	invoice = draft_of(retainer)
	assert flt(invoice.net_total) == 312.5
	invoice.submit()
	credit(invoice)
	book(ticket, ("2026-11-03 15:00", "2026-11-03 15:05"))
	assert flt(draft_of(retainer).net_total) == 312.5


def test_a_pool_whose_price_was_lowered_is_still_paid_for(without_bank):
	retainer, ticket = without_bank(rounding_scope="Ticket and Day")
	book(ticket, ("2026-11-03 09:00", "2026-11-03 09:05"))
	invoice = draft_of(retainer)
	invoice.submit()
	credit(invoice, (0, -0.25, 100))
	book(ticket, ("2026-11-03 15:00", "2026-11-03 15:05"))
	assert live(retainer, docstatus=0) == []


# time sold --------------------------------------------------------------------------------------


@pytest.fixture
def bank(without_bank):
	return without_bank(mode="With Timebank", hours_per_period=10)


def hours_left(retainer):
	return timebank.balance(retainer.name, date(2026, 11, 20)) / 3600


@pytest.mark.parametrize("used", [False, True])
def test_the_price_of_a_top_up_alone_is_credited(bank, used):
	# 10 h sold at 1 000, agreed were 900: 1 000 back, and all 20 h stay (17 where 2:24 and 0:36 were used)
	retainer, ticket = bank
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 10, sold=True, rate=1000))
	invoice.submit()
	if used:
		book(ticket, ("2026-11-03 09:00", "2026-11-03 11:24"))
	note = credit(invoice, (0, -10, 100))
	assert amounts(retainer, sales_invoice=note.name) == [-1000]
	left = hours_left(retainer)
	assert left == 20 if not used else left < 20
	assert (
		sum(entry.seconds for entry in timebank.entries_of(retainer=retainer.name) if entry.seconds > 0)
		== 72000
	)


def test_a_return_of_a_top_up_with_quantity_0_moves_money_alone(bank):
	retainer, _ticket = bank
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 10, sold=True, rate=1000))
	invoice.submit()
	note = credit(invoice, (0, 0, 1000))
	assert (amounts(retainer, sales_invoice=note.name), hours_left(retainer)) == ([-1000], 20)


def test_hours_that_are_credited_at_their_price_go_back(bank):
	retainer, _ticket = bank
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 10, sold=True, rate=1000))
	invoice.update({"apply_discount_on": "Net Total", "additional_discount_percentage": 10})
	invoice.save()
	invoice.submit()  # 9 000
	note = credit(invoice, (0, -4, None))
	assert (sum(amounts(retainer, sales_invoice=note.name)), hours_left(retainer)) == (-3600, 16)


def test_another_top_up_item_while_a_draft_waits(bank):
	retainer, _ticket = bank
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 10, sold=True))
	settings = frappe.get_doc("Retainer Settings")
	settings.topup_item = settings.support_item
	settings.save()
	invoice.submit()
	assert hours_left(retainer) == 20
	invoice.cancel()
	assert hours_left(retainer) == 10
	amended(invoice).insert().submit()
	assert hours_left(retainer) == 20


def test_a_top_up_sold_in_another_unit(bank):
	# two working days of 8 h
	retainer, _ticket = bank
	item = frappe.get_doc("Item", frappe.db.get_single_value("Retainer Settings", "topup_item"))
	item.append("uoms", {"uom": _unit("Arbetsdag"), "conversion_factor": 8})
	item.save()
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 2, sold=True))
	invoice.items[0].update({"uom": "Arbetsdag", "qty": 2, "rate": 7200, "conversion_factor": 8})
	frappe.local.message_log = []
	invoice.save()
	assert "16:00" in said()
	invoice.submit()
	assert hours_left(retainer) == 26
	note = credit(invoice, (0, -1, None))
	assert (sum(amounts(retainer, sales_invoice=note.name)), hours_left(retainer)) == (-7200, 18)


def test_a_top_up_in_a_unit_that_is_no_number_of_hours(bank):
	retainer, _ticket = bank
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 2, sold=True))
	invoice.items[0].update({"uom": _unit("Paket"), "conversion_factor": 0})
	with pytest.raises(frappe.ValidationError, match="how many hours"):
		invoice.save()


def test_a_duplicated_top_up_sells_its_hours_again(bank):
	retainer, _ticket = bank
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 10, sold=True))
	invoice.submit()
	double = duplicated(invoice).insert()
	double.submit()
	assert (double.retainer, hours_left(retainer)) == (retainer.name, 30)


def test_a_hand_made_invoice_sells_time(bank):
	retainer, _ticket = bank
	item = frappe.db.get_single_value("Retainer Settings", "topup_item")
	rows = [{"item_code": item, "qty": 5, "rate": 900, "uom": "Hour"}]
	head = {"doctype": "Sales Invoice", "customer": retainer.customer, "company": COMPANY}
	by_hand = frappe.get_doc({**head, "items": rows}).insert()
	by_hand.submit()
	assert (by_hand.retainer, hours_left(retainer)) == (retainer.name, 15)
	assert amounts(retainer, entry_type="Top-up") == [4500]


def _unit(name):
	if not frappe.db.exists("UOM", name):
		frappe.get_doc({"doctype": "UOM", "uom_name": name}).insert()
	return name


# another currency -------------------------------------------------------------------------------


def test_a_drafts_exchange_rate_follows_its_date(at):
	# 1:00 on 3 Nov and 1:00 on 30 Nov at 96 EUR and 25 %: 240 EUR; at the 11.00 of 30 Nov 2 640 SEK
	with at("2026-11-01 08:00"):
		customer = euro_customer({"2026-11-01": 11.5, "2026-11-25": 11})
		terms = {"mode": "Without Timebank", "hours_per_period": 0, "currency": "EUR", "hourly_rate": 96}
		retainer = RetainerFactory(customer=customer, **terms)
		ticket = IssueFactory(customer=customer)
	with at("2026-11-03 12:00"):
		book(ticket, DAY)
	assert flt(draft_of(retainer).base_net_total) == 1380
	with at("2026-11-30 12:00"):
		book(ticket, ("2026-11-30 09:00", "2026-11-30 10:00"))
		invoice = draft_of(retainer)
		invoice.submit()
	assert (flt(invoice.net_total), flt(invoice.base_net_total)) == (240, 2640)


def test_a_draft_whose_date_moves_at_submit_takes_that_days_rate(at):
	with at("2026-11-01 08:00"):
		customer = euro_customer({"2026-11-01": 11.5, "2026-11-25": 11})
		terms = {"mode": "Without Timebank", "hours_per_period": 0, "currency": "EUR", "hourly_rate": 96}
		retainer = RetainerFactory(customer=customer, **terms)
		ticket = IssueFactory(customer=customer)
	with at("2026-11-03 12:00"):
		book(ticket, DAY)
	with at("2026-11-30 12:00"):
		invoice = draft_of(retainer)
		invoice.payment_schedule, invoice.due_date = [], None
		invoice.submit()
	assert (flt(invoice.net_total), flt(invoice.base_net_total)) == (120, 1320)


def euro_customer(rates):
	frappe.db.set_value("Currency", "EUR", "enabled", 1)
	for day, rate in rates.items():
		values = {"date": day, "from_currency": "EUR", "to_currency": "SEK", "exchange_rate": rate}
		frappe.get_doc({"doctype": "Currency Exchange", **values, "for_buying": 1, "for_selling": 1}).insert()
	receivable = {"company": COMPANY, "account_type": "Receivable"}
	parent = frappe.db.get_value("Account", receivable, "parent_account")
	values = {"account_name": frappe.generate_hash(length=6), "parent_account": parent, **receivable}
	account = frappe.get_doc({"doctype": "Account", **values, "account_currency": "EUR"}).insert()
	accounts = [{"company": COMPANY, "account": account.name}]
	return CustomerFactory(default_currency="EUR", accounts=accounts).name


def test_a_draft_of_last_month_is_submitted_without_a_word_about_its_due_date(hour, at):
	"""Its date moves along when it is submitted, and ERPNext refuses a due date before it: that is asked for anew."""
	retainer, _ticket, invoice = hour
	with at("2026-12-02 08:00"):
		billing.invoice_due()
		doc = frappe.get_doc("Sales Invoice", invoice.name)
		doc.submit()
		assert str(doc.posting_date) == "2026-12-02"
		assert doc.due_date >= doc.posting_date
	_one_live_of(retainer, 1250)
