"""Booking time from a ticket: the timer, the charge shown before it is made, and the week's draft timesheet."""

import frappe
import pytest
from frappe.utils import format_date, get_datetime

from support_retainer.desk import api, overlaps
from tests.factories import (
	CustomerFactory,
	EmployeeFactory,
	IssueFactory,
	RetainerFactory,
	timesheet,
)

USER = "disa.timer@example.com"


@pytest.fixture
def disa():
	"""An agent with an Employee record, logged in."""
	roles = ("Support Agent", "Support Team", "Projects User", "Employee")
	frappe.get_doc(
		{
			"doctype": "User",
			"email": USER,
			"first_name": "Disa",
			"send_welcome_email": 0,
			"time_zone": "Europe/Stockholm",
			"roles": [{"role": role} for role in roles],
		}
	).insert()
	return EmployeeFactory(first_name="Disa", user_id=USER)


@pytest.fixture
def ticket(at):
	with at("2026-11-02 08:00"):
		return IssueFactory(customer=RetainerFactory().customer)


@pytest.fixture
def as_disa(disa, ticket):
	frappe.set_user(USER)
	return ("Issue", ticket.name)


def preview(ticket, start, end):
	return api.preview_time(*ticket, f"2026-11-02 {start}", f"2026-11-02 {end}", "Execution")


def log(ticket, start, end, **more):
	return api.log_time(*ticket, f"2026-11-02 {start}", f"2026-11-02 {end}", "Rättat", "Execution", **more)


def rows(name):
	found = frappe.get_doc("Timesheet", name).time_logs
	return [
		(f"{get_datetime(row.from_time):%d %H:%M}", f"{get_datetime(row.to_time):%H:%M}") for row in found
	]


def test_the_timer_outlives_the_browser(at, as_disa):
	with at("2026-11-02 09:00"):
		assert api.start_timer(*as_disa)["started"]
	with at("2026-11-02 09:50"):
		found = api.running_timer()
		assert (found.ticket, found.seconds, found.question) == (as_disa[1], 50 * 60, None)
		assert api.start_timer(*as_disa)["timer"].seconds == 50 * 60  # again: the same one


def test_a_started_timer_is_the_start_of_work(at, as_disa):
	with at("2026-11-02 09:00"):
		api.start_timer(*as_disa)
	found = frappe.get_doc(*as_disa)
	assert found.started_on == get_datetime("2026-11-02 09:00")
	assert (found.assign_status, found.start_status) == ("Met", "Met")


def test_one_timer_each_person(at, as_disa):
	with at("2026-11-02 09:00"):
		frappe.set_user("Administrator")
		other = IssueFactory(customer=CustomerFactory().name)
		frappe.set_user(USER)
		api.start_timer(*as_disa)
		answer = api.start_timer("Issue", other.name)
		assert not answer["started"]
		assert answer["timer"].ticket == as_disa[1]
		api.discard_timer()
		assert api.start_timer("Issue", other.name)["started"]
	assert frappe.db.count("Work Timer", {"user": USER}) == 1


@pytest.mark.parametrize(
	("until", "asked"),
	[
		("2026-11-02 17:00", None),
		("2026-11-02 17:01", "more than 8 hours"),
		("2026-11-03 00:30", "past midnight"),
	],
)
def test_a_timer_nobody_stopped_asks_until_when(at, as_disa, until, asked):
	with at("2026-11-02 09:00"):
		api.start_timer(*as_disa)
	with at(until):
		question = api.running_timer().question
	assert (question is None) if asked is None else (asked in question)


def test_the_hour_the_clocks_skip_is_no_work(at, as_disa):
	with at("2027-03-28 01:30"):
		api.start_timer(*as_disa)
	with at("2027-03-28 03:30"):
		assert api.running_timer().seconds == 3600  # from 02:00 it was 03:00 at once


def test_a_timer_of_a_few_seconds_is_a_minute(at, as_disa):
	with at("2026-11-02 09:00:10"):
		api.start_timer(*as_disa)
	with at("2026-11-02 09:00:12"):
		found = api.booking_form(*as_disa)
		assert found["until"] == get_datetime("2026-11-02 09:01:10")
	with at("2026-11-02 09:20"):
		assert api.booking_form(*as_disa)["until"] == get_datetime("2026-11-02 09:20")


def test_a_deleted_ticket_takes_its_timer_along(at, as_disa, ticket):
	with at("2026-11-02 09:00"):
		api.start_timer(*as_disa)
		frappe.set_user("Administrator")
		frappe.delete_doc("Issue", ticket.name)
		frappe.set_user(USER)
		assert api.running_timer() is None


def test_the_charge_is_shown_before_it_is_made_in_the_same_words(at, as_disa):
	with at("2026-11-02 12:00"):
		shown = preview(as_disa, "09:00:00", "09:50:00")
		assert frappe.db.count("Timesheet", {"owner": USER}) == 0
		booked = log(as_disa, "09:00:00", "09:50:00")
	row = frappe.get_doc("Timesheet", booked["timesheet"]).time_logs[0]
	assert shown["notes"] == [row.timebank_note]
	assert shown["worked"] == 50 * 60
	# 50 min start 4 quarters, 25 % of that is 0:15; 10:00 - 1:15
	assert "4 started quarters = 1:00, plus 0:15 project management" in row.timebank_note
	assert "1:15 from the time bank, 8:45 left" in row.timebank_note


def test_what_is_drafted_already_counts_in_the_preview(at, as_disa):
	with at("2026-11-02 12:00"):
		log(as_disa, "09:00:00", "09:50:00")
		(note,) = preview(as_disa, "10:00:00", "10:15:00")["notes"]
	assert "7:45 left" not in note
	assert "8:26:15 left" in note  # 8:45 less a quarter and its 3:45 of project management


def test_booked_time_is_on_a_draft_of_its_person_and_week(at, as_disa, disa):
	with at("2026-11-09 12:00"):
		first = log(as_disa, "09:00:00", "09:50:00")["timesheet"]
		again = log(as_disa, "13:00:00", "13:15:00")["timesheet"]
		later = api.log_time(*as_disa, "2026-11-09 09:00:00", "2026-11-09 09:15:00", "", "Execution")
	assert first == again != later["timesheet"]
	assert later["message"] == f"0:15 booked on {later['timesheet']}."
	doc = frappe.get_doc("Timesheet", first)
	assert (doc.docstatus, doc.employee, doc.owner) == (0, disa.name, USER)
	assert [row.description for row in doc.time_logs] == ["Rättat", "Rättat"]
	frappe.set_user("Administrator")
	doc.reload()
	doc.submit()
	frappe.set_user(USER)
	with at("2026-11-09 12:00"):
		assert log(as_disa, "15:00:00", "15:15:00")["timesheet"] != first


def test_a_draft_for_one_customer_or_of_another_person_is_left_alone(at, as_disa, disa, ticket):
	frappe.set_user("Administrator")
	row = [(None, "2026-11-02 06:00", "2026-11-02 07:00")]
	own = timesheet(row, employee=disa.name, submit=False, customer=ticket.customer)
	other = timesheet(row, submit=False)
	frappe.set_user(USER)
	with at("2026-11-02 12:00"):
		assert log(as_disa, "09:00:00", "09:15:00")["timesheet"] not in (own.name, other.name)


def test_booking_what_the_timer_measured_takes_it_away(at, as_disa):
	with at("2026-11-02 09:00"):
		api.start_timer(*as_disa)
	with at("2026-11-02 09:20"):
		log(as_disa, "09:00:00", "09:20:00", of_timer=True)
		assert api.running_timer() is None


def test_logged_time_is_the_start_of_work(at, as_disa):
	with at("2026-11-02 12:00"):
		log(as_disa, "09:00:00", "09:20:00")
	assert frappe.db.get_value(*as_disa, "started_on") == get_datetime("2026-11-02 09:00")


def test_time_that_is_booked_already_is_refused_and_the_rest_offered(at, as_disa):
	with at("2026-11-02 12:00"):
		log(as_disa, "09:30:00", "10:00:00")
		shown = preview(as_disa, "09:00:00", "11:00:00")
		assert shown["problem"] == f"09:30–10:00 is booked already, on {as_disa[1]}."
		assert shown["offer"] == "Book the free time only: 09:00–09:30, 10:00–11:00"
		assert len(shown["notes"]) == 2
		with pytest.raises(frappe.ValidationError, match="booked already"):
			log(as_disa, "09:00:00", "11:00:00")
		booked = log(as_disa, "09:00:00", "11:00:00", only_free=True)
	assert rows(booked["timesheet"]) == [("02 09:30", "10:00"), ("02 09:00", "09:30"), ("02 10:00", "11:00")]
	assert booked["message"].startswith("1:30 booked")


def test_when_all_of_it_is_booked_nothing_is_offered(at, as_disa):
	with at("2026-11-02 12:00"):
		log(as_disa, "09:00:00", "11:00:00")
		shown = preview(as_disa, "09:30:00", "10:00:00")
		assert (shown["offer"], shown["notes"]) == ("", [])
		with pytest.raises(frappe.ValidationError, match="booked already"):
			log(as_disa, "09:30:00", "10:00:00", only_free=True)


def test_other_work_is_in_the_way_too(at, as_disa, disa):
	frappe.set_user("Administrator")
	sheet = timesheet([(None, "2026-11-02 09:00", "2026-11-02 10:00")], employee=disa.name, submit=False)
	frappe.set_user(USER)
	with at("2026-11-02 12:00"):
		assert preview(as_disa, "09:30:00", "10:30:00")["problem"] == (
			f"09:00–10:00 is booked already, on {sheet.name}."
		)


def test_free_parts():
	def taken(start, end):
		return overlaps.Taken("TS", None, start, end)

	assert overlaps.free((1, 9), []) == [(1, 9)]
	assert overlaps.free((1, 9), [taken(0, 2), taken(4, 5), taken(8, 12)]) == [(2, 4), (5, 8)]
	assert overlaps.free((1, 9), [taken(0, 9)]) == []
	assert overlaps.free((1, 9), [taken(2, 7), taken(3, 4)]) == [(1, 2), (7, 9)]


def test_an_end_before_the_start_is_said_not_booked(at, as_disa):
	with at("2026-11-02 12:00"):
		assert "ends before it starts" in preview(as_disa, "10:00:00", "09:00:00")["problem"]
		with pytest.raises(frappe.ValidationError, match="ends before it starts"):
			log(as_disa, "10:00:00", "09:00:00")


def test_what_cannot_be_charged_is_said_before_it_is_booked(at, as_disa):
	with at("2026-11-02 12:00"):
		frappe.clear_messages()
		shown = api.preview_time(*as_disa, "2026-10-02 09:00:00", "2026-10-02 10:00:00", "Execution")
	assert f"starts {format_date('2026-11-01')}, after this work" in shown["problem"]
	assert not frappe.get_message_log()


def test_somebody_without_an_employee_record_gets_a_sentence(as_disa, disa):
	frappe.db.set_value("Employee", disa.name, "user_id", None)
	for ask in (api.start_timer, api.booking_form):
		with pytest.raises(frappe.ValidationError, match="You have no Employee record"):
			ask(*as_disa)


def test_the_form_begins_with_the_last_kind_of_work(at, as_disa):
	with at("2026-11-02 12:00"):
		assert api.booking_form(*as_disa)["activity_type"] == "Development"
		log(as_disa, "09:00:00", "09:15:00")
		found = api.booking_form(*as_disa)
	assert (found["activity_type"], found["now"]) == ("Execution", get_datetime("2026-11-02 12:00"))


def test_who_may_not_read_the_ticket_may_not_book_on_it(disa, ticket):
	frappe.db.delete("Has Role", {"parent": USER, "role": ("in", ("Support Team", "Support Agent"))})
	frappe.clear_cache(user=USER)
	frappe.set_user(USER)
	for ask in (api.start_timer, api.booking_form, api.ticket_head):
		with pytest.raises(frappe.PermissionError):
			ask("Issue", ticket.name)
	for ask in (preview, log):
		with pytest.raises(frappe.PermissionError):
			ask(("Issue", ticket.name), "09:00:00", "10:00:00")


def test_only_tickets_have_timers(as_disa):
	with pytest.raises(frappe.ValidationError, match="ticket_type must be one of"):
		api.start_timer("User", USER)
