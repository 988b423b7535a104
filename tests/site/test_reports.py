"""SLA Performance and Work Queue, worked out by hand."""

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.desk.query_report import run

from support_retainer import tickets
from support_retainer.tickets.kept import middle, ninetieth
from tests.factories import IssueFactory, RetainerFactory, book


@pytest.fixture(autouse=True)
def alone():
	"""A site may have tickets of its own; these tests are about the order of all there are."""
	frappe.db.set_value("Issue", {"status": "Open"}, "status", "Closed", update_modified=False)


@pytest.fixture
def retainer(at):
	with at("2026-11-01 08:00"):
		return RetainerFactory(hours_per_period=40)


def ticket_at(at, moment, retainer, **values):
	with at(moment):
		return IssueFactory(
			customer=retainer.customer, opening_date=moment[:10], opening_time=moment[11:], **values
		)


def take(at, moment, ticket):
	with at(moment):
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": ["Administrator"]})


def report(at, moment, name, **filters):
	with at(moment):
		return run(name, filters=filters)


def test_met_breached_and_how_long_it_took(at, retainer):
	one, two, three = (ticket_at(at, "2026-11-02 10:00", retainer) for _ in range(3))
	take(at, "2026-11-02 12:00", one)  # 2 h
	with at("2026-11-03 10:00"):
		book(one, ("2026-11-03 09:00", "2026-11-03 09:30"))  # started after 7 + 1 h
	take(at, "2026-11-04 10:00", two)  # 7 + 9 + 2 h: breached
	found = report(
		at,
		"2026-11-20 10:00",
		"SLA Performance",
		from_date="2026-11-01",
		to_date="2026-11-30",
		customer=retainer.customer,
	)
	(row,) = [row for row in found["result"] if isinstance(row, dict)]
	assert (row["month"], row["sla_rule"]) == ("2026-11", "Normal, within budget")
	# the third was never taken, but no run has stamped it yet
	assert (row["tickets"], row["met"], row["breached"], row["share_met"]) == (3, 1, 1, 50)
	assert (row["assignment_median"], row["assignment_p90"]) == (10, 18)
	assert (row["start_median"], row["start_p90"]) == (8, 8)
	assert found["chart"]["data"]["datasets"][1]["values"] == [1]
	assert three.name


def test_pauses_are_taken_out_of_the_time_it_took(at, retainer):
	ticket = ticket_at(at, "2026-11-02 10:00", retainer)
	for moment, status in (("2026-11-02 11:00", "On Hold"), ("2026-11-02 15:00", "Open")):
		with at(moment):
			doc = frappe.get_doc("Issue", ticket.name)
			doc.status = status
			doc.save()
	take(at, "2026-11-02 16:00", ticket)
	(group,) = tickets.performance("2026-11-01", "2026-11-30", retainer.customer)
	assert group.to_assignment == [2 * 3600]


def test_percentiles():
	hours = [hour * 3600 for hour in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100)]
	assert (middle(hours), ninetieth(hours)) == (5.5, 9)
	assert (middle([]), ninetieth([]), ninetieth([3600])) == (None, None, 1)


def test_dates_the_wrong_way_round_are_refused(at):
	with pytest.raises(frappe.ValidationError, match="Swap"):
		report(at, "2026-11-20 10:00", "SLA Performance", from_date="2026-11-30", to_date="2026-11-01")


def test_what_to_do_now_and_why(at, retainer):
	with at("2026-11-01 08:00"):
		other = RetainerFactory(mode="Without Timebank")
	late = ticket_at(at, "2026-11-02 10:00", retainer)
	later = ticket_at(at, "2026-11-03 09:00", retainer)
	begun = ticket_at(at, "2026-11-02 08:00", retainer)
	with at("2026-11-03 09:30"):
		tickets.start_work("Issue", begun.name)
	queued = ticket_at(at, "2026-11-02 09:00", other)
	ticket_at(at, "2026-11-02 09:00", other, status="On Hold")
	urgent = ticket_at(at, "2026-11-03 13:20", other, priority="Urgent")
	with at("2026-11-03 13:30"):
		tickets.escalate()
	found = report(at, "2026-11-03 13:30", "Work Queue")
	rows = [
		row
		for row in found["result"]
		if row["ticket"] in {each.name for each in (late, later, begun, queued, urgent)}
	]
	assert [row["ticket"] for row in rows] == [each.name for each in (urgent, late, later, begun, queued)]
	assert [row["reason"].split(" by ")[0].split(" 0")[0] for row in rows][:3] == [
		"To be assigned",
		"Breached: should have been assigned",
		"To be assigned",
	]
	assert rows[3]["reason"].startswith("Begun")
	assert rows[4]["reason"].startswith("Place 1 in the queue; forecast")


def test_the_customers_own_order_within_the_places_they_have(at, retainer):
	with at("2026-11-01 08:00"):
		other = RetainerFactory()
	first = ticket_at(at, "2026-11-02 10:00", retainer)
	foreign = ticket_at(at, "2026-11-02 11:00", other)
	second = ticket_at(at, "2026-11-02 12:00", retainer)
	frappe.db.set_value("Issue", second.name, "customer_rank", 1)
	with at("2026-11-02 13:00"):
		order = [task.ticket.name for task in tickets.worklist()]
		mine = tickets.worklist(customer=retainer.customer)
	assert order == [second.name, foreign.name, first.name]
	assert [task.place for task in mine] == [1, 3]
	assert mine[0].reason.endswith("number 1 of the customer's own")
