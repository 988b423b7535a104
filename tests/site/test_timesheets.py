"""Timesheets: shown on save, charged on submit, reversed on cancel; and ERPNext's own figures kept true."""

import frappe
import pytest
from frappe.utils import flt

from tests.factories import (
	CustomerFactory,
	EmployeeFactory,
	IssueFactory,
	RetainerFactory,
	book,
	timesheet,
)

pytestmark = pytest.mark.usefixtures("now")

H = 3600


def test_a_draft_shows_how_it_will_be_charged(ticket, retainer):
	sheet = book(ticket, ("2026-11-02 09:00", "2026-11-02 09:50"), submit=False)
	note = sheet.time_logs[0].timebank_note
	# 50 min start 4 quarters = 1:00, project management 0:15, together 1:15 of 10:00
	for part in (
		"4 started quarters = 1:00",
		"0:15 project management",
		"1:15 from the time bank",
		"8:45 left",
	):
		assert part in note
	assert not _entries(timesheet=sheet.name)


def test_a_draft_of_several_rows_counts_down(ticket):
	sheet = book(
		ticket,
		("2026-11-03 09:00", "2026-11-03 13:00"),
		("2026-11-04 09:00", "2026-11-04 13:00"),
		submit=False,
	)
	first, second = (row.timebank_note for row in sheet.time_logs)
	# 4:00 + 1:00 = 5:00 each
	assert "5:00 left" in first
	assert "0:00 left" in second


def test_rows_without_a_ticket_are_plain_erpnext(ticket):
	plain = timesheet([(None, "2026-11-02 10:00", "2026-11-02 10:20")], employee=EmployeeFactory().name)
	mixed = timesheet(
		[
			(None, "2026-11-02 10:00", "2026-11-02 10:20"),
			(ticket, "2026-11-02 11:00", "2026-11-02 11:20"),
		],
		employee=EmployeeFactory().name,
	)
	skipped = {"name", "parent", "creation", "modified"}
	ours, theirs = (
		{field: value for field, value in doc.time_logs[0].as_dict().items() if field not in skipped}
		for doc in (mixed, plain)
	)
	assert ours == theirs


def test_a_ticket_of_a_customer_without_a_retainer_is_plain_erpnext():
	ticket = IssueFactory(customer=CustomerFactory().name)
	sheet = book(ticket, ("2026-11-02 10:00", "2026-11-02 10:20"))
	assert not sheet.time_logs[0].timebank_note
	assert not _entries(timesheet=sheet.name)


def test_covered_time_is_not_billable_in_erpnext(ticket):
	sheet = book(ticket, ("2026-11-02 09:00", "2026-11-02 09:50"))
	row = sheet.time_logs[0]
	assert (row.is_billable, row.billing_hours, row.billing_amount) == (0, 0, 0)
	assert (sheet.total_billable_hours, sheet.total_billable_amount) == (0, 0)
	assert flt(sheet.total_hours, 4) == flt(50 / 60, 4)


def test_charged_time_carries_our_hours_and_amount(retainer, ticket):
	# 9:00 + 2:15 = 11:15 of 10:00: 8:00 work and 2:00 project management covered, 1:00 and 0:15 to invoice
	sheet = book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))
	row = sheet.time_logs[0]
	assert (row.is_billable, row.billing_hours, row.billing_amount) == (1, 1.25, 1250)
	assert (sheet.total_billable_hours, sheet.total_billable_amount) == (1.25, 1250)


def test_several_timesheets_share_one_draft(retainer, ticket):
	book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))  # 1 250 as above
	book(ticket, ("2026-11-04 08:00", "2026-11-04 09:00"))  # 1:00 + 0:15 = 1 250, nothing left in the bank
	invoice = _invoice(retainer)
	assert flt(invoice.net_total) == 2500
	# one line for the work and one for its management: 2:00 and 0:30 at 1 000
	assert [(row.qty, row.rate, row.amount) for row in invoice.items] == [(2, 1000, 2000), (0.5, 1000, 500)]
	assert len(invoice.timesheets) == 2


def test_cancelling_reverses_and_takes_the_lines_off_the_draft(retainer, ticket):
	first = book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))
	second = book(ticket, ("2026-11-04 08:00", "2026-11-04 09:00"))
	second.cancel()
	assert flt(_invoice(retainer).net_total) == 1250
	first.cancel()
	assert not frappe.db.exists("Sales Invoice", {"retainer": retainer.name})
	assert _balance(retainer) == 10 * H
	sums = _entries(retainer=retainer.name, entry_type=("!=", "Allotment"))
	for field in ("seconds", "worked", "charged", "drawn", "overage", "amount"):
		assert sum(row.get(field) for row in sums) == 0
	assert {row.is_reversed for row in sums} == {1}


def test_the_draft_keeps_lines_that_people_added(retainer, ticket):
	sheet = book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))
	invoice = _invoice(retainer)
	item = invoice.items[0].item_code
	invoice.append("items", {"item_code": item, "qty": 1, "rate": 99, "description": "Domän"})
	invoice.save()
	book(ticket, ("2026-11-04 08:00", "2026-11-04 09:00"))
	assert flt(_invoice(retainer).net_total) == 2599
	sheet.cancel()
	assert "Domän" in [row.description for row in _invoice(retainer).items]


def test_cancelling_is_refused_once_the_invoice_is_submitted(retainer, ticket):
	sheet = book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))
	invoice = _invoice(retainer)
	invoice.submit()
	sheet.reload()
	assert sheet.status == "Billed"
	before = _entries(retainer=retainer.name)
	with pytest.raises(frappe.ValidationError, match=f"{invoice.name}.*Cancel that invoice first"):
		sheet.cancel()
	assert _entries(retainer=retainer.name) == before


def test_a_cancelled_invoice_frees_its_time(retainer, ticket):
	sheet = book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))
	invoice = _invoice(retainer)
	invoice.submit()
	invoice.reload()
	invoice.cancel()
	sheet.reload()
	assert (sheet.status, sheet.per_billed) == ("Submitted", 0)
	book(ticket, ("2026-11-04 08:00", "2026-11-04 09:00"))
	again = _invoice(retainer, docstatus=0)
	assert flt(again.net_total) == 2500
	sheet.reload()
	sheet.cancel()
	assert flt(_invoice(retainer, docstatus=0).net_total) == 1250


def test_a_deleted_draft_lets_its_time_go(retainer, ticket):
	book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))
	frappe.delete_doc("Sales Invoice", _invoice(retainer).name)
	book(ticket, ("2026-11-04 08:00", "2026-11-04 09:00"))
	assert flt(_invoice(retainer).net_total) == 2500


def test_amending_charges_the_new_time(retainer, ticket):
	sheet = book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))
	sheet.cancel()
	amended = frappe.copy_doc(sheet)
	amended.amended_from, amended.docstatus = sheet.name, 0
	amended.time_logs[0].update({"to_time": "2026-11-03 09:00:00", "hours": 1})
	amended.insert()
	amended.submit()
	assert _balance(retainer) == 10 * H - H - H // 4
	assert amended.time_logs[0].is_billable == 0
	assert not frappe.db.exists("Sales Invoice", {"retainer": retainer.name})


def test_two_customers_on_one_timesheet_get_an_invoice_each(at, retainer, ticket):
	with at("2026-11-01 08:00"):
		other = RetainerFactory(mode="Without Timebank", hours_per_period=0)
	theirs = IssueFactory(customer=other.customer)
	sheet = timesheet(
		[
			(ticket, "2026-11-03 08:00", "2026-11-03 17:00"),  # 1 250 beyond the bank
			(theirs, "2026-11-04 08:00", "2026-11-04 08:10"),  # a quarter and its management: 250 + 62.50
			(None, "2026-11-04 09:00", "2026-11-04 10:00"),
		]
	)
	_invoice(retainer).submit()
	sheet.reload()
	# ERPNext alone would have claimed every row for the first invoice
	assert [bool(row.sales_invoice) for row in sheet.time_logs] == [True, False, False]
	assert sheet.status == "Submitted"
	_invoice(other).submit()
	sheet.reload()
	assert [row.sales_invoice for row in sheet.time_logs] == [
		_invoice(retainer).name,
		_invoice(other).name,
		None,
	]
	assert (sheet.status, flt(sheet.per_billed)) == ("Billed", 100)


def test_another_invoice_cannot_bill_the_same_time(retainer, ticket):
	from erpnext.projects.doctype.timesheet.timesheet import make_sales_invoice

	sheet = book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))
	second = make_sales_invoice(sheet.name, _invoice(retainer).items[0].item_code, retainer.customer, "SEK")
	with pytest.raises(frappe.ValidationError, match=f"billed by retainer {retainer.name}"):
		second.insert()


def test_a_contract_that_submits_its_invoices(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(mode="Without Timebank", hours_per_period=0, submit_invoices=1)
	ticket = IssueFactory(customer=retainer.customer)
	book(ticket, ("2026-11-04 08:00", "2026-11-04 08:10"))
	book(ticket, ("2026-11-05 08:00", "2026-11-05 08:10"))
	invoices = frappe.get_all("Sales Invoice", {"retainer": retainer.name}, ["docstatus", "net_total"])
	assert [(row.docstatus, row.net_total) for row in invoices] == [(1, 312.5), (1, 312.5)]


def test_surcharges_can_draw_extra_time(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(surcharge_settlement="Timebank")
	ticket = IssueFactory(customer=retainer.customer, priority="Urgent")
	book(ticket, ("2026-11-05 10:00", "2026-11-05 10:15"))
	# 15 min at +75 % draws 26:15, and 25 % of the 15 min is 3:45: 30:00 in all, nothing to invoice
	assert _balance(retainer) == 10 * H - 30 * 60
	assert not frappe.db.exists("Sales Invoice", {"retainer": retainer.name})


def test_a_ticket_s_day_can_be_rounded_as_one(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(rounding_scope="Ticket and Day")
	ticket = IssueFactory(customer=retainer.customer)
	# 10 + 10 min = 20 min start 2 quarters (0:30), not 1 + 1; 25 % of it is 7:30
	book(ticket, ("2026-11-03 09:00", "2026-11-03 09:10"), ("2026-11-03 11:00", "2026-11-03 11:10"))
	assert _balance(retainer) == 10 * H - 37 * 60 - 30


def test_spring_forward_is_charged_as_it_was_lived(at):
	with at("2026-03-01 08:00"):
		retainer = RetainerFactory(start_date="2026-03-01", takeover_completed_on="2026-02-01")
	ticket = IssueFactory(customer=retainer.customer)
	with at("2026-03-29 12:00"):
		# 01:30-03:30 is one hour that night; 25 % management
		sheet = book(ticket, ("2026-03-29 01:30", "2026-03-29 03:30"))
	entries = _entries(timesheet=sheet.name)
	assert sum(row.worked for row in entries) == H
	assert sum(row.drawn for row in entries) == H + H // 4


def _entries(**filters):
	return frappe.get_all("Timebank Entry", filters=filters, fields=["*"], order_by="creation, line_no")


def _balance(retainer) -> int:
	return int(sum(frappe.get_all("Timebank Entry", {"retainer": retainer.name}, pluck="seconds")))


def _invoice(retainer, **filters):
	(name,) = frappe.get_all("Sales Invoice", filters={"retainer": retainer.name, **filters}, pluck="name")
	return frappe.get_doc("Sales Invoice", name)
