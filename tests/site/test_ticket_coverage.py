"""A ticket's contract follows the contracts: signed late, begun, resumed, ended and followed by the next."""

from __future__ import annotations

from decimal import Decimal

import frappe
import pytest
from frappe.desk.form import assign_to

from support_retainer import tickets, timebank
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture
def customer():
	return CustomerFactory().name


def save(retainer, **values):
	doc = frappe.get_doc("Retainer", retainer.name)
	doc.update(values)
	return doc.save()


def charged(retainer) -> tuple[int, int, Decimal]:
	"""Worked seconds, charged seconds with project management, and money."""
	entries = [row for row in timebank.entries_of(retainer=retainer.name) if row.timesheet_detail]
	return (
		sum(row.worked for row in entries),
		sum(
			row.charged if row.component == "Work" else row.overage or row.drawn
			for row in entries
			if row.component
		),
		sum((Decimal(str(row.amount)) for row in entries), Decimal(0)),
	)


def comments(ticket) -> str:
	filters = {"reference_doctype": "Issue", "reference_name": ticket.name, "comment_type": "Info"}
	return " ".join(frappe.get_all("Comment", filters, pluck="content"))


def test_a_retainer_signed_after_the_ticket_covers_it_from_that_moment(at, customer):
	with at("2026-11-05 10:00"):
		retainer = RetainerFactory(customer=customer, status="Draft", mode="Without Timebank")
		ticket = IssueFactory(customer=customer)
		closed = IssueFactory(customer=customer, status="Closed")
	assert ticket.retainer is None
	with at("2026-11-06 09:00"):
		save(retainer, status="Active")
		said = " ".join(str(message) for message in frappe.message_log)
		ticket.reload()
		assert (ticket.retainer, str(ticket.covered_since)) == (retainer.name, "2026-11-06 09:00:00")
		assert "covers 1 open tickets" in said and ticket.name in said
		assert "covers it from now on" in comments(ticket)
		assert frappe.db.get_value("Issue", closed.name, "retainer") is None
	with at("2026-11-06 17:00"):
		book(ticket, ("2026-11-06 10:00", "2026-11-06 12:00"))
	# two hours and a quarter of them, at 1 000
	assert charged(retainer) == (2 * 3600, 2 * 3600 + 1800, Decimal("2500.00"))


def test_clocks_run_from_the_moment_the_contract_does(at, customer):
	with at("2026-11-02 10:00"):
		retainer = RetainerFactory(customer=customer, status="Draft")
		ticket = IssueFactory(customer=customer)
		taken = IssueFactory(customer=customer)
		assign_to.add({"doctype": "Issue", "name": taken.name, "assign_to": ["Administrator"]})
	with at("2026-11-05 08:00"):
		save(retainer, status="Active")
	ticket.reload()
	taken.reload()
	# twelve office hours from Thu 08:00 end on Fri 11:00
	assert (str(ticket.assign_by), ticket.assign_status) == ("2026-11-06 11:00:00", "Pending")
	assert (str(taken.assigned_on), taken.assign_status) == ("2026-11-05 08:00:00", "Met")
	ticket.reload()
	with at("2026-11-05 09:00"):
		ticket.description = "Mer att läsa"
		ticket.save()
	assert str(ticket.assign_by) == "2026-11-06 11:00:00"


def test_a_contract_reaches_its_start(at, customer):
	with at("2026-11-05 10:00"):
		retainer = RetainerFactory(customer=customer, start_date="2026-12-01")
		ticket = IssueFactory(customer=customer)
		assert tickets.follow_contracts() == []
	with at("2026-12-01 00:30"):
		assert tickets.follow_contracts() == [ticket.name]
		assert tickets.follow_contracts() == []
	ticket.reload()
	assert (ticket.retainer, ticket.budget_state) == (retainer.name, "Within")


def test_a_contract_that_resumes_covers_what_came_in_meanwhile(at, customer):
	with at("2026-11-02 10:00"):
		retainer = RetainerFactory(customer=customer)
		save(retainer, status="Paused")
	with at("2026-11-03 10:00"):
		ticket = IssueFactory(customer=customer)
		assert ticket.retainer is None
		save(retainer, status="Active")
	ticket.reload()
	assert ticket.retainer == retainer.name


def test_a_ticket_lives_on_under_the_next_contract_and_late_time_stays_with_the_last(at, customer):
	with at("2026-11-02 10:00"):
		first = RetainerFactory(customer=customer, end_date="2026-11-30")
		second = RetainerFactory(customer=customer, start_date="2026-12-01")
		ticket = IssueFactory(customer=customer)
		assert ticket.retainer == first.name
	with at("2026-12-02 18:00"):
		timebank.open_due_periods()
		book(ticket, ("2026-12-02 09:00", "2026-12-02 10:00"))  # before the hourly job has come by
		tickets.follow_contracts()
		ticket.reload()
		assert ticket.retainer == second.name
		book(ticket, ("2026-11-27 09:00", "2026-11-27 10:00"))
	# an hour and a quarter of it each, from each contract's own bank
	assert charged(first)[:2] == charged(second)[:2] == (3600, 4500)
	assert timebank.balance(second.name, frappe.utils.getdate("2026-12-02")) == 10 * 3600 - 4500


def test_a_successor_keeps_the_promise_that_was_given(at, customer):
	with at("2026-11-30 10:00"):
		RetainerFactory(customer=customer, end_date="2026-11-30")
		second = RetainerFactory(customer=customer, start_date="2026-12-01")
		ticket = IssueFactory(customer=customer)
		limit = str(ticket.assign_by)
	with at("2026-12-01 01:00"):
		timebank.open_due_periods()
		tickets.follow_contracts()
	ticket.reload()
	assert (ticket.retainer, str(ticket.assign_by), ticket.covered_since) == (second.name, limit, None)


def test_time_on_a_ticket_that_was_closed_before_the_contract_is_charged_when_it_holds(at, customer):
	with at("2026-11-05 10:00"):
		retainer = RetainerFactory(customer=customer, status="Draft")
		ticket = IssueFactory(customer=customer, status="Closed")
	with at("2026-11-06 17:00"):
		save(retainer, status="Active")
		book(ticket, ("2026-11-06 10:00", "2026-11-06 11:00"))
	assert charged(retainer)[:2] == (3600, 4500)


def test_an_ended_contract_without_a_next_one_says_so(at, customer):
	with at("2026-11-02 10:00"):
		RetainerFactory(customer=customer, end_date="2026-11-30")
		ticket = IssueFactory(customer=customer)
	with at("2026-12-02 18:00"), pytest.raises(frappe.ValidationError, match="ended"):
		book(ticket, ("2026-12-02 09:00", "2026-12-02 10:00"))


def test_what_waited_outside_the_last_budget_is_promised_from_the_next_one_on(at, customer):
	with at("2026-11-20 10:00"):
		RetainerFactory(customer=customer, end_date="2026-11-30", hours_per_period=1)
		RetainerFactory(customer=customer, start_date="2026-12-01")
		ticket = IssueFactory(customer=customer, expected_hours=5)
	assert (ticket.budget_state, ticket.assign_by) == ("Outside", None)
	with at("2026-12-01 08:00"):
		timebank.open_due_periods()
		tickets.follow_contracts()
	ticket.reload()
	# twelve office hours from Tue 08:00 end on Wed 11:00
	assert (ticket.budget_state, str(ticket.assign_by)) == ("Within", "2026-12-02 11:00:00")


def test_after_days_without_a_contract_the_clocks_run_anew(at, customer):
	with at("2026-11-20 10:00"):
		RetainerFactory(customer=customer, end_date="2026-11-25")
		RetainerFactory(customer=customer, start_date="2026-12-01")
		ticket = IssueFactory(customer=customer)
	with at("2026-12-01 08:00"):
		timebank.open_due_periods()
		tickets.follow_contracts()
	ticket.reload()
	assert (str(ticket.covered_since), str(ticket.assign_by)) == (
		"2026-12-01 08:00:00",
		"2026-12-02 11:00:00",
	)
