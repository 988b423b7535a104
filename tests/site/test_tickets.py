"""Tickets: stamped when they come in, met or breached when somebody takes them and begins."""

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.utils import get_datetime

from support_retainer import tickets
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book

STAMPS = ("retainer", "sla_rule", "budget_state", "assign_by", "start_by", "assign_status", "start_status")


def test_a_customer_without_a_retainer_sees_no_change(at):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=CustomerFactory().name)
	assert [ticket.get(field) for field in STAMPS] == [None] * len(STAMPS)


@pytest.mark.parametrize("status", ["Draft", "Paused"])
def test_only_an_active_retainer_promises(at, status):
	with at("2026-11-02 10:00"):
		retainer = RetainerFactory(status=status)
		assert not IssueFactory(customer=retainer.customer).retainer


def test_a_retainer_promises_from_its_first_day_to_its_last(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(start_date="2026-11-03", end_date="2026-11-04")
	found = {}
	for day in (2, 3, 4, 5):
		with at(f"2026-11-0{day} 10:00"):
			found[day] = bool(IssueFactory(customer=retainer.customer).retainer)
	assert found == {2: False, 3: True, 4: True, 5: False}


def test_a_ticket_by_e_mail_is_stamped_like_any_other(at, retainer):
	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": "Fjäll",
			"email_ids": [{"email_id": "kontakt@fjall.example", "is_primary": 1}],
			"links": [{"link_doctype": "Customer", "link_name": retainer.customer}],
		}
	).insert()
	with at("2026-11-02 10:00"):
		mail = frappe.get_doc(
			{
				"doctype": "Communication",
				"communication_medium": "Email",
				"sent_or_received": "Received",
				"subject": "Kassan är nere",
				"sender": "kontakt@fjall.example",
				"content": "Hej",
			}
		).insert()
		from erpnext.support.doctype.issue.issue import make_issue_from_communication

		ticket = frappe.get_doc("Issue", make_issue_from_communication(mail.name))
	assert (ticket.contact, ticket.customer) == (contact.name, retainer.customer)
	assert (ticket.retainer, str(ticket.assign_by)) == (retainer.name, "2026-11-03 13:00:00")


def test_nobody_writes_a_promise_from_outside(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer, assign_by="2027-01-01 00:00:00", start_status="Met")
		assert str(ticket.assign_by) == "2026-11-03 13:00:00"
		assert ticket.start_status == "Pending"
		ticket.start_by = "2027-01-01 00:00:00"
		ticket.assigned_on = "2026-11-02 10:00:00"
		ticket.save()
	ticket.reload()
	assert str(ticket.start_by) == "2026-11-09 13:00:00"
	assert ticket.assigned_on is None


def test_a_ticket_that_gets_its_customer_later_is_promised_from_its_opening(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(opening_time="10:00:00")
	with at("2026-11-02 11:30"):
		ticket.customer = retainer.customer
		ticket.save()
	assert str(ticket.assign_by) == "2026-11-03 13:00:00"


def test_expected_hours_beyond_the_bank_are_outside_budget(at, retainer):
	with at("2026-11-02 10:00"):
		first = IssueFactory(customer=retainer.customer, expected_hours=8)
		# 10 h in the bank, 8 of them claimed by the first ticket
		second = IssueFactory(customer=retainer.customer, expected_hours=3)
		third = IssueFactory(customer=retainer.customer, expected_hours=2)
	assert [each.budget_state for each in (first, second, third)] == ["Within", "Outside", "Within"]


def test_assigning_in_time_meets_the_promise(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 13:00"):
		_assign(ticket)
	ticket.reload()
	assert str(ticket.assigned_on) == "2026-11-03 13:00:00"
	assert (ticket.assign_status, ticket.start_status) == ("Met", "Pending")


def test_assigning_a_second_late_breaches_it(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 13:00:01"):
		_assign(ticket)
	ticket.reload()
	assert ticket.assign_status == "Breached"


def test_only_the_first_assignment_counts(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		_assign(ticket)
	with at("2026-11-04 10:00"):
		_assign(ticket, "Guest")
	ticket.reload()
	assert (str(ticket.assigned_on), ticket.assign_status) == ("2026-11-02 10:00:00", "Met")


@pytest.mark.parametrize(("assigned", "status"), [("16:05:00", "Met"), ("16:05:01", "Breached")])
def test_immediately_has_a_quarter_of_grace(at, retainer, assigned, status):
	with at("2026-11-05 15:50"):
		ticket = IssueFactory(customer=retainer.customer, priority="Urgent")
	with at(f"2026-11-05 {assigned}"):
		_assign(ticket)
	ticket.reload()
	assert ticket.assign_status == status


def test_start_work_stamps_takes_the_ticket_on_and_happens_once(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-02 10:20"):
		tickets.start_work("Issue", ticket.name)
		with pytest.raises(frappe.ValidationError, match="was started"):
			tickets.start_work("Issue", ticket.name)
	ticket.reload()
	assert str(ticket.started_on) == str(ticket.assigned_on) == "2026-11-02 10:20:00"
	assert (ticket.assign_status, ticket.start_status) == ("Met", "Met")
	assert frappe.db.count("ToDo", {"reference_name": ticket.name, "status": "Open"}) == 1


def test_start_work_is_for_those_who_may_write_the_ticket(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
	frappe.set_user("Guest")
	with pytest.raises(frappe.PermissionError):
		tickets.start_work("Issue", ticket.name)


def test_the_first_booked_time_starts_the_ticket_when_it_was_worked(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-06 15:00"):  # the week's timesheet is handed in on Friday
		book(ticket, ("2026-11-03 09:00", "2026-11-03 09:30"))
	ticket.reload()
	assert str(ticket.started_on) == str(ticket.assigned_on) == "2026-11-03 09:00:00"
	assert (ticket.assign_status, ticket.start_status) == ("Met", "Met")


def test_cancelled_time_takes_its_start_back(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		sheet = book(ticket, ("2026-11-02 10:00", "2026-11-02 10:30"))
		later = book(ticket, ("2026-11-02 14:00", "2026-11-02 14:30"))
		sheet.cancel()
		ticket.reload()
		assert get_datetime(ticket.started_on) == get_datetime("2026-11-02 14:00")
		later.cancel()
	ticket.reload()
	assert (ticket.started_on, ticket.start_status) == (None, "Pending")


def test_a_ticket_with_charged_time_is_not_deleted(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		book(ticket, ("2026-11-02 10:00", "2026-11-02 10:30"))
	with pytest.raises(frappe.ValidationError, match="Close it"):
		frappe.delete_doc("Issue", ticket.name)


def test_split_gives_a_ticket_of_its_own(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		_assign(ticket)
		ticket.reload()
		mail = frappe.get_doc(
			{
				"doctype": "Communication",
				"subject": "En sak till",
				"content": "Hej",
				"reference_doctype": "Issue",
				"reference_name": ticket.name,
			}
		).insert()
		name = frappe.get_doc("Issue", ticket.name).split_issue("En sak till", mail.name)
		split = frappe.get_doc("Issue", name)
	assert (split.retainer, str(split.assign_by)) == (retainer.name, "2026-11-03 13:00:00")
	assert (split.assigned_on, split.assign_status) == (None, "Pending")


def _assign(ticket, user: str = "Administrator"):
	assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": [user]})
