"""A ticket that changes gets the deadlines it would have had; a bank that gets time brings waiting tickets within budget."""

import frappe
import pytest
from frappe.desk.form import assign_to

from support_retainer import tickets, timebank
from support_retainer.timebank import Entry
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book


@pytest.fixture
def ticket(at, retainer):
	with at("2026-11-02 10:00"):
		return IssueFactory(customer=retainer.customer)


def change(at, moment: str, ticket, **values):
	with at(moment):
		doc = frappe.get_doc("Issue", ticket.name)
		doc.update(values)
		doc.save()
	ticket.reload()
	return ticket


def comments(ticket) -> list[str]:
	return frappe.get_all(
		"Comment",
		{"reference_name": ticket.name, "comment_type": "Info"},
		pluck="content",
		order_by="creation",
	)


def top_up(at, moment: str, retainer, hours: float):
	with at(moment):
		timebank.lock(retainer.name)
		period = timebank.period_for(retainer.name, frappe.utils.getdate(moment)).period
		timebank.post(
			[
				Entry(
					retainer=retainer.name,
					customer=retainer.customer,
					period=period,
					entry_type="Top-up",
					key=f"TEST:{moment}",
					occurred_on=frappe.utils.get_datetime(moment),
					seconds=round(hours * 3600),
					valid_from=frappe.utils.getdate(moment),
				)
			]
		)


def test_more_urgent_gives_the_deadlines_it_would_have_had(at, ticket):
	change(at, "2026-11-02 10:05", ticket, priority="Urgent")
	assert (ticket.sla_rule, str(ticket.assign_by)) == ("Urgent, office hours", "2026-11-02 10:00:00")
	assert str(ticket.clock_due) == "2026-11-02 10:11:15"
	(told,) = comments(ticket)
	assert "Priority changed from" in told and "Urgent" in told
	assert "Normal, within budget → Urgent, office hours" in told


def test_a_change_keeps_pauses(at, ticket):
	change(at, "2026-11-02 11:00", ticket, status="On Hold")
	change(at, "2026-11-02 13:00", ticket, status="Open")
	change(at, "2026-11-02 14:00", ticket, opening_time="09:00:00")
	# an hour earlier than Tue 13:00, two hours of pause later
	assert str(ticket.assign_by) == "2026-11-03 14:00:00"


def test_a_change_while_paused_stays_paused(at, ticket):
	change(at, "2026-11-02 11:00", ticket, status="On Hold")
	change(at, "2026-11-02 12:00", ticket, opening_time="09:00:00")
	assert (ticket.assign_status, str(ticket.assign_by)) == ("Paused", "2026-11-03 12:00:00")
	change(at, "2026-11-02 13:00", ticket, status="Open")
	assert str(ticket.assign_by) == "2026-11-03 14:00:00"


def test_a_target_already_met_stays_met(at, ticket):
	with at("2026-11-02 11:00"):
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": ["Administrator"]})
	change(at, "2026-11-02 12:00", ticket, priority="Urgent")
	assert (ticket.assign_status, str(ticket.assign_by)) == ("Met", "2026-11-03 13:00:00")
	assert str(ticket.start_by) == "2026-11-02 10:00:00"


def test_another_customer_another_retainer(at, ticket):
	with at("2026-11-01 08:00"):
		other = RetainerFactory(mode="Without Timebank")
	change(at, "2026-11-02 12:00", ticket, customer=other.customer)
	assert (ticket.retainer, ticket.budget_state, ticket.assign_by) == (other.name, "Outside", None)
	assert (ticket.assign_status, ticket.clock_due) == ("Queued", None)
	change(at, "2026-11-02 13:00", ticket, customer=CustomerFactory().name)
	assert (ticket.retainer, ticket.sla_rule, ticket.assign_status) == (None, None, None)


def test_fewer_expected_hours_bring_it_within_from_registration(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=12)
	assert ticket.assign_status == "Queued"
	change(at, "2026-11-02 12:00", ticket, expected_hours=8)
	assert (ticket.budget_state, str(ticket.assign_by)) == ("Within", "2026-11-03 13:00:00")


def test_a_promise_within_budget_is_not_taken_back_by_another_priority(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		other = IssueFactory(customer=retainer.customer)
		book(other, ("2026-11-02 08:00", "2026-11-02 16:00"))  # 8 h and 25 %: the bank is empty
	change(at, "2026-11-03 09:00", ticket, priority="Urgent")
	change(at, "2026-11-03 09:05", ticket, priority=None)
	assert (ticket.budget_state, str(ticket.assign_by)) == ("Within", "2026-11-03 13:00:00")


def test_a_split_ticket_has_the_pauses_of_the_one_it_came_from(at, ticket):
	change(at, "2026-11-02 11:00", ticket, status="On Hold")
	change(at, "2026-11-02 13:00", ticket, status="Open")
	with at("2026-11-03 09:00"):
		mail = frappe.get_doc(
			{
				"doctype": "Communication",
				"subject": "En sak till",
				"content": "Hej",
				"reference_doctype": "Issue",
				"reference_name": ticket.name,
			}
		).insert()
		split = frappe.get_doc(
			"Issue", frappe.get_doc("Issue", ticket.name).split_issue("En sak till", mail.name)
		)
	assert len(split.ticket_pauses) == 1
	assert (str(split.assign_by), str(ticket.assign_by)) == ("2026-11-03 15:00:00",) * 2
	assert split.ticket_pauses[0].name != ticket.ticket_pauses[0].name


def test_a_top_up_gives_waiting_tickets_deadlines_from_that_moment(at, retainer):
	with at("2026-11-02 10:00"):
		small = IssueFactory(customer=retainer.customer, expected_hours=10)
		first = IssueFactory(customer=retainer.customer, expected_hours=6)
		second = IssueFactory(customer=retainer.customer, expected_hours=5)
		third = IssueFactory(customer=retainer.customer, expected_hours=2)
	assert [each.budget_state for each in (small, first, second, third)] == [
		"Within",
		"Outside",
		"Outside",
		"Outside",
	]
	top_up(at, "2026-11-04 09:00", retainer, 8)
	for each in (first, second, third):
		each.reload()
	# 8 h more: the oldest takes 6, then 5 do not fit, 2 do
	assert [each.budget_state for each in (first, second, third)] == ["Within", "Outside", "Within"]
	# 12 h from Wed 09:00: 8 on Wednesday, 4 on Thursday
	assert (str(first.assign_by), first.assign_status) == ("2026-11-05 12:00:00", "Pending")
	assert str(first.within_since) == "2026-11-04 09:00:00"
	assert "Time came into the bank" in comments(first)[-1]
	assert comments(second) == []


def test_a_new_period_does_the_same(at, retainer):
	with at("2026-11-27 15:00"):
		IssueFactory(customer=retainer.customer, expected_hours=10)
		waiting = IssueFactory(customer=retainer.customer)
	assert waiting.assign_status == "Queued"
	with at("2026-12-01 08:00"):
		frappe.get_doc("Issue", {"customer": retainer.customer, "expected_hours": 10}).update(
			{"status": "Closed"}
		).save()
		timebank.open_due_periods()
	waiting.reload()
	# 12 h from Tue 1 Dec 08:00: 9 that day, 3 on Wednesday
	assert (waiting.budget_state, str(waiting.assign_by)) == ("Within", "2026-12-02 11:00:00")


def test_its_moment_stays_when_it_changes_later(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=12)
	top_up(at, "2026-11-04 09:00", retainer, 8)
	change(at, "2026-11-04 09:10", ticket, priority="Urgent")
	# urgent tickets are urgent since they came in
	assert str(ticket.assign_by) == "2026-11-02 10:00:00"
	change(at, "2026-11-04 09:20", ticket, priority=None)
	assert str(ticket.assign_by) == "2026-11-05 12:00:00"


def test_a_waiting_ticket_that_is_paused_gets_its_deadlines_less_the_pause(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=12)
	change(at, "2026-11-03 09:00", ticket, status="On Hold")
	top_up(at, "2026-11-04 09:00", retainer, 8)
	ticket.reload()
	assert (ticket.budget_state, ticket.assign_status) == ("Within", "Paused")
	change(at, "2026-11-04 11:00", ticket, status="Open")
	# the clocks would have run from 09:00 but stood still until 11:00: 6 h on Wednesday, 6 on Thursday
	assert str(ticket.assign_by) == "2026-11-05 14:00:00"


def test_changed_while_closed_it_is_judged_when_it_is_reopened(at, ticket):
	change(at, "2026-11-02 11:00", ticket, status="Closed")
	change(at, "2026-11-02 12:00", ticket, priority="Urgent")
	assert ticket.sla_rule == "Normal, within budget"
	change(at, "2026-11-02 13:00", ticket, status="Open")
	assert ticket.sla_rule == "Urgent, office hours"


def test_a_started_ticket_whose_time_is_cancelled_waits_again(at, ticket):
	with at("2026-11-02 11:00"):
		sheet = book(ticket, ("2026-11-02 10:00", "2026-11-02 10:30"))
	with at("2026-11-10 11:00"):
		sheet.cancel()
		tickets.escalate()
	ticket.reload()
	assert (ticket.start_status, str(ticket.start_breached_on)) == ("Breached", "2026-11-09 13:00:00")


@pytest.mark.parametrize("as_the_form_says_it", ["08:05:00", "8:05:00", "08:05:00.250000"])
def test_a_form_that_sends_the_opening_time_along_has_not_changed_it(at, retainer, as_the_form_says_it):
	"""The database answers 8:05:00 with its fractions, the form sends 08:05:00: one and the same opening time."""
	with at("2026-11-02 08:05"):
		ticket = IssueFactory(customer=retainer.customer, opening_time="08:05:00.250000")
	change(at, "2026-11-02 09:00", ticket, priority="Urgent", opening_time=as_the_form_says_it)
	(told,) = comments(ticket)
	assert "Priority changed" in told
	assert "Opening Time" not in told
