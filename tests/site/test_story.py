"""The story the product is judged by: one month of Fjällbutiken AB and one minute of Kaféet i Visby, excluding VAT.

Fjällbutiken: 10 h a month, 1 000 SEK/h, project management 25 %, no carry-over, overage Bill, surcharges Invoice, e-mail.
Every figure is worked out in the table below; nothing is read back from the program to compare it with itself.
"""

import frappe
import pytest
from frappe.utils import flt

from tests.factories import CustomerFactory, EmployeeFactory, IssueFactory, RetainerFactory, book

H = 3600


def hms(hours: int, minutes: int = 0, seconds: int = 0) -> int:
	return hours * H + minutes * 60 + seconds


# when the ticket comes in and the work is done, whether urgent, charged, project management, drawn, balance after, money
MONTH = [
	# Mon 2: 50 min start 4 quarters = 1:00; 25 % of 1:00 = 0:15; the bank gives 1:15; 10:00 - 1:15 = 8:45
	("2026-11-02 09:00", "2026-11-02 09:50", False, hms(1), hms(0, 15), hms(1, 15), hms(8, 45), []),
	# Tue 3: 190 min start 13 quarters = 3:15; 25 % = 48:45; 4:03:45; 8:45 - 4:03:45 = 4:41:15
	(
		"2026-11-03 13:00",
		"2026-11-03 16:10",
		False,
		hms(3, 15),
		hms(0, 48, 45),
		hms(4, 3, 45),
		hms(4, 41, 15),
		[],
	),
	# Thu 5: 16:50 starts a quarter in office hours (+75 % of 250 = 187.50), 17:05 one outside (+150 % of 250 = 375)
	(
		"2026-11-05 16:50",
		"2026-11-05 17:20",
		True,
		hms(0, 30),
		hms(0, 7, 30),
		hms(0, 37, 30),
		hms(4, 3, 45),
		[187.50, 375.00],
	),
	# Sat 14: 65 min start 5 quarters = 1:15; 25 % = 18:45; 1:33:45; +150 % of 1 250 = 1 875
	(
		"2026-11-14 10:00",
		"2026-11-14 11:05",
		True,
		hms(1, 15),
		hms(0, 18, 45),
		hms(1, 33, 45),
		hms(2, 30),
		[1875.00],
	),
	# Mon 16: 3:00 + 0:45 = 3:45 asked, 2:30 there: 2:00 work and 0:30 project management; left 1:00 and 0:15 at 1 000
	(
		"2026-11-16 10:00",
		"2026-11-16 13:00",
		False,
		hms(3),
		hms(0, 45),
		hms(2, 30),
		0,
		[1000.00, 250.00],
	),
]


@pytest.fixture
def fjallbutiken(at):
	with at("2026-11-01 08:00"):
		customer = CustomerFactory(customer_name="Fjällbutiken AB (berättelsen)")
		return RetainerFactory(customer=customer.name)


def live_month(at, retainer, employee):
	"""Play the month; yield the ticket, its timesheet and the bank's balance after each line."""
	for start, end, is_urgent, *_figures in MONTH:
		with at(start):
			ticket = IssueFactory(customer=retainer.customer, priority="Urgent" if is_urgent else None)
		with at(end):
			sheet = book(ticket, (start, end), employee=employee)
			yield ticket, sheet, _balance(retainer)


def test_the_ledger_of_the_month(at, fjallbutiken):
	employee = EmployeeFactory().name
	for line, (ticket, sheet, balance) in zip(MONTH, live_month(at, fjallbutiken, employee), strict=True):
		_start, _end, _urgent, charged, project_management, drawn, balance_after, money = line
		entries = _entries(timesheet=sheet.name)
		assert sum(entry.charged for entry in entries) == charged
		assert sum(entry.drawn + entry.overage for entry in entries) == charged + project_management
		assert sum(entry.drawn for entry in entries) == drawn
		assert balance == balance_after
		assert [flt(entry.amount) for entry in entries if entry.amount] == money
		assert all(entry.ticket == ticket.name for entry in entries)


def test_the_last_line_is_shared_between_work_and_project_management(at, fjallbutiken):
	*_, (_ticket, sheet, _balance_left) = live_month(at, fjallbutiken, EmployeeFactory().name)
	by = {(entry.entry_type, entry.component): entry for entry in _entries(timesheet=sheet.name)}
	assert by["Draw", "Work"].drawn == hms(2)
	assert by["Draw", "Project Management"].drawn == hms(0, 30)
	assert by["Overage", "Work"].overage == hms(1)
	assert by["Overage", "Project Management"].overage == hms(0, 15)


def test_the_invoice_of_the_month(at, fjallbutiken):
	list(live_month(at, fjallbutiken, EmployeeFactory().name))
	invoice = _invoice(fjallbutiken)
	assert invoice.docstatus == 0
	assert invoice.currency == "SEK"
	# 187.50 + 375.00 + 1 875.00 + 1 000.00 + 250.00
	assert sorted(flt(row.amount) for row in invoice.items) == [187.50, 250.00, 375.00, 1000.00, 1875.00]
	assert flt(invoice.net_total) == 3687.50


def test_the_invoice_by_post(at, fjallbutiken):
	fjallbutiken.invoice_delivery = "Post"
	fjallbutiken.save()
	list(live_month(at, fjallbutiken, EmployeeFactory().name))
	# one fee of 75 kr, however many times the draft was added to
	assert flt(_invoice(fjallbutiken).net_total) == 3762.50


def test_kafeet_i_visby_pays_for_a_started_quarter(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(
			mode="Without Timebank", hourly_rate=1200, hours_per_period=0, invoice_delivery="Post"
		)
	with at("2026-11-04 11:00"):
		ticket = IssueFactory(customer=retainer.customer)
		assert ticket.budget_state == "Outside"
		assert ticket.sla_rule == "Normal, outside budget"
	with at("2026-11-04 11:01"):
		book(ticket, ("2026-11-04 11:00", "2026-11-04 11:01"))
	invoice = _invoice(retainer)
	# a quarter of 1 200 = 300; 25 % project management = 75; the fee 75
	assert [flt(row.amount) for row in invoice.items] == [300.00, 75.00, 75.00]
	assert flt(invoice.net_total) == 450.00
	assert _balance(retainer) == 0


def test_what_a_normal_ticket_within_budget_is_promised(at, fjallbutiken):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=fjallbutiken.customer)
	assert (ticket.retainer, ticket.budget_state) == (fjallbutiken.name, "Within")
	assert ticket.sla_rule == "Normal, within budget"
	# Mon 10:00 + 4 h; 7 h are left of Monday, so 12 h end Tue 08:00 + 5 h; 24 = 7 + 9 + 8; 48 = 7 + 9 + 9 + 9 + 9 + 5
	assert _times(ticket) == ("2026-11-02 14:00", "2026-11-03 13:00", "2026-11-04 16:00", "2026-11-09 13:00")
	assert (ticket.assign_status, ticket.start_status) == ("Pending", "Pending")


def test_what_an_urgent_ticket_on_a_saturday_is_promised(at, fjallbutiken):
	with at("2026-11-14 14:00"):
		ticket = IssueFactory(customer=fjallbutiken.customer, priority="Urgent")
	assert ticket.sla_rule == "Urgent, out of hours"
	assert _times(ticket) == ("2026-11-14 15:00", "2026-11-14 16:00", "2026-11-14 16:00", "2026-11-14 18:00")


def test_what_an_urgent_ticket_in_office_hours_is_promised(at, fjallbutiken):
	with at("2026-11-05 16:50"):
		ticket = IssueFactory(customer=fjallbutiken.customer, priority="Urgent")
	assert ticket.sla_rule == "Urgent, office hours"
	assert _times(ticket) == ("2026-11-05 16:50",) * 4


def test_a_ticket_outside_budget_waits_for_the_first_slot(at, fjallbutiken):
	list(live_month(at, fjallbutiken, EmployeeFactory().name))
	with at("2026-11-16 15:00"):
		ticket = IssueFactory(customer=fjallbutiken.customer)
	assert (ticket.budget_state, ticket.sla_rule) == ("Outside", "Normal, outside budget")
	assert _times(ticket) == (None,) * 4
	assert (ticket.assign_status, ticket.start_status) == ("Queued", "Queued")


def _entries(**filters):
	return frappe.get_all("Timebank Entry", filters=filters, fields=["*"], order_by="line_no")


def _balance(retainer) -> int:
	sums = frappe.get_all("Timebank Entry", filters={"retainer": retainer.name}, pluck="seconds")
	return int(sum(sums))


def _invoice(retainer):
	(name,) = frappe.get_all("Sales Invoice", filters={"retainer": retainer.name}, pluck="name")
	return frappe.get_doc("Sales Invoice", name)


def _times(ticket):
	stamps = (ticket.assign_from, ticket.assign_by, ticket.start_from, ticket.start_by)
	return tuple(f"{stamp:%Y-%m-%d %H:%M}" if stamp else None for stamp in stamps)
