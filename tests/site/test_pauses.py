"""Pauses: clocks stand still while the customer is waited for, whoever sets the status. Office hours 08–17, Monday to Friday."""

import json

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.handler import execute_cmd

from support_retainer import tickets
from tests.factories import IssueFactory, RetainerFactory, book

ERPNEXT = "erpnext.support.doctype.issue.issue"


@pytest.fixture
def retainer(at):
	with at("2026-10-01 08:00"):
		return RetainerFactory(start_date="2026-10-01", takeover_completed_on="2026-09-15")


@pytest.fixture
def ticket(at, retainer):
	"""Registered Mon 2 Nov 10:00: assign by Tue 3 13:00, start by Mon 9 13:00."""
	with at("2026-11-02 10:00"):
		return IssueFactory(customer=retainer.customer)


def put(at, moment: str, ticket, status: str):
	with at(moment):
		doc = frappe.get_doc("Issue", ticket.name)
		doc.status = status
		doc.save()
	ticket.reload()
	return ticket


def by(ticket) -> tuple[str, str]:
	return str(ticket.assign_by), str(ticket.start_by)


def pauses(ticket) -> list[tuple[str, str, str]]:
	return [
		(row.status, str(row.from_time)[5:16], str(row.to_time or "")[5:16]) for row in ticket.ticket_pauses
	]


def test_an_afternoon_on_hold_moves_the_deadlines_by_it(at, ticket):
	put(at, "2026-11-02 12:00", ticket, "On Hold")
	assert (ticket.assign_status, ticket.start_status) == ("Paused", "Paused")
	assert by(ticket) == ("2026-11-03 13:00:00", "2026-11-09 13:00:00")
	assert ticket.clock_due is None
	put(at, "2026-11-02 14:30", ticket, "Open")
	# 2 h 30 of office hours
	assert by(ticket) == ("2026-11-03 15:30:00", "2026-11-09 15:30:00")
	assert str(ticket.assign_from) == "2026-11-02 16:30:00"
	assert (ticket.assign_status, ticket.start_status) == ("Pending", "Pending")
	assert pauses(ticket) == [("On Hold", "11-02 12:00", "11-02 14:30")]


def test_a_pause_over_the_night_and_the_weekend_counts_office_hours_only(at, ticket):
	# Mon 16:00 to Tue 09:00 is 1 + 1 h: Tue 13:00 becomes 15:00; Mon 9 13:00 becomes 15:00
	put(at, "2026-11-02 16:00", ticket, "Replied")
	put(at, "2026-11-03 09:00", ticket, "Open")
	assert by(ticket) == ("2026-11-03 15:00:00", "2026-11-09 15:00:00")
	# Fri 6 16:00 to Sun 8 12:00 is 1 h more: start Mon 9 16:00. Assignment was breached on Tuesday: it stays.
	put(at, "2026-11-06 16:00", ticket, "On Hold")
	put(at, "2026-11-08 12:00", ticket, "Open")
	assert by(ticket) == ("2026-11-03 15:00:00", "2026-11-09 16:00:00")


def test_a_pause_on_a_holiday_takes_nothing(at, retainer):
	holidays = frappe.get_doc("Holiday List", frappe.db.get_single_value("Retainer Settings", "holiday_list"))
	holidays.append("holidays", {"holiday_date": "2026-11-04", "description": "Stängt"})
	holidays.save()
	with at("2026-11-03 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
	# 12 h: 7 on Tuesday, Wednesday is closed, 5 on Thursday
	assert str(ticket.assign_by) == "2026-11-05 13:00:00"
	put(at, "2026-11-03 16:00", ticket, "On Hold")
	put(at, "2026-11-05 08:00", ticket, "Open")
	assert str(ticket.assign_by) == "2026-11-05 14:00:00"


def test_a_pause_over_the_clock_change_counts_real_hours(at, retainer):
	# Urgent out of hours, Sun 25 Oct 2026 00:30: assign within 2 h, start within 4 h of the clock. 03:00 becomes 02:00 that night.
	with at("2026-10-25 00:30"):
		ticket = IssueFactory(customer=retainer.customer, priority="Urgent")
	# 4 h on: 00:30, 01:30, 02:30 (first), 02:30 (second), 03:30
	assert str(ticket.start_by) == "2026-10-25 03:30:00"
	put(at, "2026-10-25 01:00", ticket, "On Hold")
	put(at, "2026-10-25 04:00", ticket, "Open")
	# 01:00 to 04:00 are four real hours
	assert str(ticket.start_by) == "2026-10-25 07:30:00"


def test_two_pauses_and_a_pause_that_changes_its_status(at, ticket):
	put(at, "2026-11-02 11:00", ticket, "Replied")
	put(at, "2026-11-02 11:30", ticket, "On Hold")
	put(at, "2026-11-02 12:00", ticket, "Open")
	put(at, "2026-11-02 13:00", ticket, "Replied")
	put(at, "2026-11-02 13:15", ticket, "Open")
	assert pauses(ticket) == [
		("Replied", "11-02 11:00", "11-02 11:30"),
		("On Hold", "11-02 11:30", "11-02 12:00"),
		("Replied", "11-02 13:00", "11-02 13:15"),
	]
	# 1 h 15 in all
	assert by(ticket) == ("2026-11-03 14:15:00", "2026-11-09 14:15:00")


def test_a_deadline_pushed_to_closing_time_is_the_next_opening(at, ticket):
	put(at, "2026-11-02 12:00", ticket, "On Hold")
	put(at, "2026-11-02 16:00", ticket, "Open")
	assert str(ticket.assign_by) == "2026-11-04 08:00:00"


def test_a_pause_while_breached_does_not_unbreach(at, ticket):
	put(at, "2026-11-03 13:30", ticket, "On Hold")
	with at("2026-11-03 13:35"):
		tickets.escalate()
	ticket.reload()
	assert (ticket.assign_status, str(ticket.assign_breached_on)) == ("Breached", "2026-11-03 13:00:00")
	put(at, "2026-11-03 15:30", ticket, "Open")
	assert (ticket.assign_status, ticket.start_status) == ("Breached", "Pending")
	assert by(ticket) == ("2026-11-03 13:00:00", "2026-11-09 15:00:00")


def test_nothing_happens_while_the_clocks_stand_still(at, ticket):
	put(at, "2026-11-03 12:59", ticket, "On Hold")
	with at("2026-11-20 10:00"):
		tickets.escalate()
	ticket.reload()
	assert (ticket.assign_status, ticket.assign_breached_on) == ("Paused", None)
	put(at, "2026-11-20 10:00", ticket, "Open")
	assert str(ticket.assign_by) == "2026-11-20 10:01:00"


def test_assigned_and_started_while_paused_is_met_with_the_limit_it_had_then(at, ticket):
	put(at, "2026-11-03 12:00", ticket, "On Hold")
	with at("2026-11-04 09:00"):
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": ["Administrator"]})
	ticket.reload()
	# an hour was left when the pause began
	assert (ticket.assign_status, str(ticket.assign_by)) == ("Met", "2026-11-04 10:00:00")
	assert ticket.start_status == "Paused"


def test_a_target_that_was_met_stays_met_and_keeps_its_time(at, ticket):
	with at("2026-11-02 10:30"):
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": ["Administrator"]})
	put(at, "2026-11-02 12:00", ticket, "On Hold")
	assert (ticket.assign_status, ticket.start_status) == ("Met", "Paused")
	put(at, "2026-11-02 13:00", ticket, "Open")
	assert by(ticket) == ("2026-11-03 13:00:00", "2026-11-09 14:00:00")


def test_reopening_takes_the_time_it_was_closed_out(at, ticket):
	put(at, "2026-11-02 12:00", ticket, "Closed")
	put(at, "2026-11-04 12:00", ticket, "Open")
	# 18 h of office hours: Tue 3 13:00 becomes Thu 5 13:00, Mon 9 13:00 becomes Wed 11 13:00
	assert by(ticket) == ("2026-11-05 13:00:00", "2026-11-11 13:00:00")
	assert ticket.assign_status == "Pending"


def test_a_pause_begun_before_registration_counts_from_it(at, retainer):
	with at("2026-11-02 09:00"):
		ticket = IssueFactory(customer=retainer.customer, status="On Hold")
	with at("2026-11-02 09:30"):
		ticket.opening_time = "11:00:00"
		ticket.save()
	put(at, "2026-11-02 12:00", ticket, "Open")
	# paused 09–12, registered 11:00: the 12 h begin at 12:00, Mon 5 h and Tue 7 h
	assert str(ticket.assign_by) == "2026-11-03 15:00:00"


def test_put_in_already_waiting_it_has_waited_since_it_came_in(at, retainer):
	with at("2026-11-03 09:00"):
		ticket = IssueFactory(
			customer=retainer.customer, status="On Hold", opening_date="2026-11-02", opening_time="10:00:00"
		)
	put(at, "2026-11-03 10:00", ticket, "Open")
	assert str(ticket.assign_by) == "2026-11-04 13:00:00"


@pytest.mark.parametrize("how", ["set_status", "set_multiple_status"])
def test_erpnexts_own_status_actions_pause_and_resume(at, ticket, how, monkeypatch):
	monkeypatch.setattr(frappe.local, "request", frappe._dict(method="POST"), raising=False)

	def call(status):
		names = ticket.name if how == "set_status" else json.dumps([ticket.name])
		frappe.local.form_dict = frappe._dict(
			status=status, **{"name" if how == "set_status" else "names": names}
		)
		execute_cmd(f"{ERPNEXT}.{how}")

	with at("2026-11-02 12:00"):
		call("On Hold")
	ticket.reload()
	assert (ticket.status, ticket.assign_status) == ("On Hold", "Paused")
	with at("2026-11-02 13:00"):
		call("Open")
	ticket.reload()
	assert by(ticket) == ("2026-11-03 14:00:00", "2026-11-09 14:00:00")
	assert pauses(ticket) == [("On Hold", "11-02 12:00", "11-02 13:00")]


def test_a_status_written_by_somebody_else_is_caught_up_with(at, ticket):
	with at("2026-11-02 12:00"):
		frappe.db.set_value("Issue", ticket.name, "status", "On Hold")
	with at("2026-11-02 12:04"):
		assert tickets.escalate()["caught_up"] == 1
	with at("2026-11-02 13:00"):
		frappe.db.set_value("Issue", ticket.name, "status", "Open")
	ticket.reload()
	put(at, "2026-11-02 15:00", ticket, "Open")  # any save finds it too, from when it was written
	assert pauses(ticket) == [("On Hold", "11-02 12:00", "11-02 13:00")]
	assert by(ticket) == ("2026-11-03 14:00:00", "2026-11-09 14:00:00")


def test_mail_from_the_customer_resumes(at, ticket):
	put(at, "2026-11-02 12:00", ticket, "Replied")
	with at("2026-11-02 13:00"):
		frappe.get_doc("Issue", ticket.name).db_set("status", "Open")  # as Frappe does on incoming mail
	ticket.reload()
	assert by(ticket) == ("2026-11-03 14:00:00", "2026-11-09 14:00:00")


def test_which_statuses_pause_is_a_setting(at, ticket):
	settings = frappe.get_doc("Retainer Settings")
	settings.pausing_statuses = "On Hold"
	settings.save()
	put(at, "2026-11-02 12:00", ticket, "Replied")
	assert ticket.assign_status == "Pending"
	settings.pausing_statuses = "On Hold\nOpen"
	with pytest.raises(frappe.ValidationError, match="cannot pause"):
		settings.save()


def test_nobody_writes_pauses_from_outside(at, ticket):
	put(at, "2026-11-02 12:00", ticket, "On Hold")
	with at("2026-11-02 12:30"):
		ticket.ticket_pauses[0].from_time = "2026-11-01 00:00:00"
		ticket.append("ticket_pauses", {"from_time": "2026-11-01 00:00:00", "to_time": "2026-12-01 00:00:00"})
		ticket.save()
	ticket.reload()
	assert pauses(ticket) == [("On Hold", "11-02 12:00", "")]


def test_an_edited_rule_does_not_reach_a_ticket_through_its_pauses(at, ticket):
	put(at, "2026-11-02 12:00", ticket, "On Hold")
	frappe.get_doc("SLA Rule", "Normal, within budget").update(
		{"assign_from_hours": 1, "assign_within_hours": 2}
	).save()
	put(at, "2026-11-02 13:00", ticket, "Open")
	assert str(ticket.assign_by) == "2026-11-03 14:00:00"


def test_time_handed_in_late_is_judged_by_when_it_was_worked(at, ticket):
	put(at, "2026-11-05 10:00", ticket, "On Hold")
	put(at, "2026-11-06 10:00", ticket, "Open")
	with at("2026-11-12 10:00"):
		tickets.escalate()
		book(ticket, ("2026-11-03 09:00", "2026-11-03 09:30"))
	ticket.reload()
	assert (ticket.assign_status, ticket.start_status) == ("Met", "Met")
	assert (ticket.assign_breached_on, ticket.start_breached_on, ticket.clock_due) == (None, None, None)


def test_the_timeline_says_why_deadlines_moved(at, ticket):
	put(at, "2026-11-02 12:00", ticket, "On Hold")
	put(at, "2026-11-02 13:00", ticket, "Open")
	comments = frappe.get_all(
		"Comment", {"reference_name": ticket.name, "comment_type": "Info"}, pluck="content"
	)
	assert len(comments) == 1
	assert "The clocks stood still from" in comments[0] and "14:00" in comments[0]
