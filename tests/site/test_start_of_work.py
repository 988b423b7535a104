"""Assigned and started follow the work that stands: the earliest there is, in whatever order it comes in, and none when it is taken back."""

from __future__ import annotations

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.utils import get_datetime

from support_retainer import tickets
from support_retainer.desk import api, timer
from tests.factories import EmployeeFactory, IssueFactory, RetainerFactory, book


@pytest.fixture
def ticket(at):
	"""Mon 2 Nov 08:00: twelve office hours end Tue 3 Nov 11:00, forty-eight Mon 9 Nov 11:00."""
	with at("2026-11-02 08:00"):
		return IssueFactory(customer=RetainerFactory().customer)


def stamps(ticket) -> tuple:
	ticket.reload()
	found = (ticket.assigned_on, ticket.started_on, ticket.assign_by, ticket.start_by)
	return tuple(str(moment)[5:16] if moment else None for moment in found)


def states(ticket) -> tuple:
	ticket.reload()
	return ticket.assign_status, ticket.start_status


LIMITS = ("11-03 11:00", "11-09 11:00")


def test_the_earliest_work_counts_whatever_order_the_sheets_come_in(at, ticket):
	with at("2026-11-20 16:00"):
		tickets.escalate()
		book(ticket, ("2026-11-18 13:00", "2026-11-18 14:00"))
		assert states(ticket) == ("Breached", "Breached")
		assert stamps(ticket) == ("11-18 13:00", "11-18 13:00", *LIMITS)
		book(ticket, ("2026-11-03 10:00", "2026-11-03 10:30"))
	assert stamps(ticket) == ("11-03 10:00", "11-03 10:00", *LIMITS)
	assert states(ticket) == ("Met", "Met")
	assert (ticket.assign_breached_on, ticket.start_breached_on, ticket.clock_due) == (None, None, None)


def test_earlier_work_does_not_undo_an_earlier_assignment(at, ticket):
	with at("2026-11-02 09:00"):
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": ["Administrator"]})
	with at("2026-11-20 16:00"):
		sheet = book(ticket, ("2026-11-18 13:00", "2026-11-18 14:00"))
		assert stamps(ticket)[:2] == ("11-02 09:00", "11-18 13:00")
		sheet.cancel()
	assert stamps(ticket) == ("11-02 09:00", None, *LIMITS)


def test_start_work_stands_when_the_time_is_cancelled(at, ticket):
	with at("2026-11-02 10:00"):
		tickets.start_work("Issue", ticket.name)
		sheet = book(ticket, ("2026-11-02 09:00", "2026-11-02 09:30"))
		assert stamps(ticket)[:2] == ("11-02 09:00", "11-02 09:00")
		sheet.cancel()
	assert stamps(ticket)[:2] == ("11-02 10:00", "11-02 10:00")


def test_a_timer_on_the_wrong_ticket_leaves_no_trace(at, ticket):
	with at("2026-11-02 10:00"):
		assert timer.start("Administrator", "Issue", ticket.name) if _employee() else None
		assert stamps(ticket)[:2] == ("11-02 10:00", "11-02 10:00")
	with at("2026-11-02 10:01"):
		api.discard_timer()
	assert stamps(ticket) == (None, None, *LIMITS)
	assert states(ticket) == ("Pending", "Pending")
	assert str(ticket.clock_due)[5:10] <= "11-03"


def test_a_discarded_timer_leaves_what_else_stands(at, ticket):
	with at("2026-11-02 10:00"):
		_employee()
		timer.start("Administrator", "Issue", ticket.name)
	with at("2026-11-02 12:00"):
		book(ticket, ("2026-11-02 11:00", "2026-11-02 11:30"))
		assert stamps(ticket)[:2] == ("11-02 10:00", "11-02 10:00")
		api.discard_timer()
	assert stamps(ticket)[:2] == ("11-02 11:00", "11-02 11:00")


def test_a_draft_counts_and_a_deleted_one_takes_its_start_back(at, ticket):
	with at("2026-11-02 12:00"):
		draft = book(ticket, ("2026-11-02 10:00", "2026-11-02 11:00"), submit=False)
		assert stamps(ticket)[:2] == ("11-02 10:00", "11-02 10:00")
		frappe.delete_doc("Timesheet", draft.name)
	assert stamps(ticket) == (None, None, *LIMITS)
	assert states(ticket) == ("Pending", "Pending")


def test_a_row_moved_to_another_ticket_takes_its_start_along(at, ticket):
	with at("2026-11-02 12:00"):
		other = IssueFactory(customer=ticket.customer)
		draft = book(ticket, ("2026-11-02 10:00", "2026-11-02 11:00"), submit=False)
		draft.time_logs[0].ticket = other.name
		draft.save()
	assert stamps(ticket)[:2] == (None, None)
	assert stamps(other)[:2] == ("11-02 10:00", "11-02 10:00")


def test_planned_work_has_not_begun(at, ticket):
	with at("2026-11-02 12:00"):
		book(ticket, ("2026-11-02 14:00", "2026-11-02 15:00"), submit=False)
	assert stamps(ticket)[:2] == (None, None)


def test_what_is_taken_back_keeps_the_pauses_there_have_been_since(at, ticket):
	with at("2026-11-02 10:00"):
		draft = book(ticket, ("2026-11-02 09:00", "2026-11-02 09:30"), submit=False)
	for moment, status in (("2026-11-02 12:00", "On Hold"), ("2026-11-02 14:30", "Open")):
		with at(moment):
			ticket.reload()
			ticket.status = status
			ticket.save()
	with at("2026-11-02 15:00"):
		frappe.delete_doc("Timesheet", draft.name)
	# two and a half office hours on hold
	assert stamps(ticket) == (None, None, "11-03 13:30", "11-09 13:30")


def test_a_start_found_while_on_hold_is_taken_back_whole(at, ticket):
	with at("2026-11-02 12:00"):
		ticket.status = "On Hold"
		ticket.save()
	with at("2026-11-02 15:00"):
		draft = book(ticket, ("2026-11-02 14:00", "2026-11-02 14:30"), submit=False)
		frappe.delete_doc("Timesheet", draft.name)
	assert stamps(ticket) == (None, None, *LIMITS)
	assert states(ticket) == ("Paused", "Paused")


def test_what_is_taken_back_after_its_limit_is_breached(at, ticket):
	with at("2026-11-02 10:00"):
		sheet = book(ticket, ("2026-11-02 09:00", "2026-11-02 09:30"))
	with at("2026-11-10 10:00"):
		sheet.cancel()
		tickets.escalate()
	assert states(ticket) == ("Breached", "Breached")
	assert str(ticket.start_breached_on)[:16] == "2026-11-09 11:00"


@pytest.mark.parametrize("status", ["Closed", "Resolved"])
def test_a_ticket_put_in_as_done_has_kept_its_promise(at, status):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=RetainerFactory().customer, status=status)
	assert states(ticket) == ("Met", "Met")
	with at("2026-11-20 10:00"):
		tickets.escalate()
		group = tickets.performance(get_datetime("2026-11-01").date(), get_datetime("2026-11-30").date())
	found = [each for each in group if each.customer == ticket.customer]
	assert [(each.tickets, each.met, each.breached) for each in found] == [(1, 1, 0)]


def test_a_ticket_done_too_late_is_breached_and_one_reopened_runs_again(at, ticket):
	with at("2026-11-03 12:00"):
		ticket.status = "Closed"
		ticket.save()
		tickets.escalate()
		assert states(ticket) == ("Breached", "Met")  # assigned by 11:00, started by Monday
	with at("2026-11-03 13:00"):
		ticket.status = "Open"
		ticket.save()
	assert states(ticket) == ("Breached", "Pending")


def _employee() -> str:
	if not frappe.db.exists("Employee", {"user_id": "Administrator"}):
		EmployeeFactory(user_id="Administrator")
	return "Administrator"
