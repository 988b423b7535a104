"""Work is bounded before it is done: far moments, long entries and many rows are refused with a sentence, by every door."""

from __future__ import annotations

import time
from datetime import datetime

import frappe
import pytest

from support_retainer.desk import booking
from tests.factories import CustomerFactory, EmployeeFactory, IssueFactory, RetainerFactory, book, time_log

pytestmark = pytest.mark.security
LONG = 20  # seconds, on a machine that has other work; a mistyped year took minutes, or never ended


@pytest.fixture(autouse=True)
def now(at):
	with at("2026-11-20 12:00"):
		yield


@pytest.fixture
def retainer():
	return RetainerFactory()


@pytest.fixture
def ticket(retainer):
	return IssueFactory(customer=retainer.customer)


def refused(match: str):
	return pytest.raises(frappe.ValidationError, match=match)


@pytest.mark.parametrize(
	"day",
	["1990-01-01", "0001-01-01", "9999-12-31", "9000-01-01", "2024-11-17", "2028-11-22", "0000-00-00", "x"],
)
def test_a_ticket_of_another_age_is_not_registered(retainer, day):
	"""Two years of 366 days back from 20 Nov 2026 12:00 is 18 Nov 2024 12:00, and ahead 21 Nov 2028 12:00."""
	began = time.perf_counter()
	with pytest.raises(Exception) as error:
		IssueFactory(customer=retainer.customer, opening_date=day, opening_time="10:00:00")
	assert isinstance(error.value, frappe.ValidationError), repr(error.value)
	assert time.perf_counter() - began < LONG


@pytest.mark.parametrize("day", ["2024-11-19", "2028-11-20"])
def test_a_ticket_within_two_years_is_registered(retainer, day):
	assert str(IssueFactory(customer=retainer.customer, opening_date=day).opening_date) == day


def test_an_old_ticket_stays_editable(ticket):
	"""It was registered before there was a bound, and waits for nobody's permission to be answered."""
	values = {"opening_date": "1990-01-01", "clock_status": "Open"}
	frappe.db.set_value("Issue", ticket.name, values, update_modified=False)
	doc = frappe.get_doc("Issue", ticket.name)
	for field, value in (
		("description", "Svar"),
		("status", "Replied"),
		("priority", "Urgent"),
		("status", "Closed"),
	):
		began = time.perf_counter()
		doc.set(field, value)
		doc.save()
		doc.reload()
		assert time.perf_counter() - began < LONG
	with refused("within two years"):
		doc.opening_date = "1991-01-01"
		doc.save()


@pytest.mark.parametrize("hours", [float("nan"), float("inf"), -1, 10_001])
def test_expected_hours_are_a_number_of_hours(retainer, hours):
	with pytest.raises(frappe.ValidationError):
		IssueFactory(customer=retainer.customer, expected_hours=hours)


def test_an_entry_is_at_most_a_day(ticket):
	"""1 Nov 09:00 to 2 Nov 09:00 is 24 h; a minute more is a mistyped date."""
	with refused("longer than 24 hours"):
		book(ticket, ("2026-11-03 09:00", "2026-11-04 09:01"))
	book(ticket, ("2026-11-03 09:00", "2026-11-04 09:00"))


def test_an_entry_is_as_long_as_the_settings_say(ticket):
	frappe.get_single("Retainer Settings").update({"longest_entry_hours": 12}).save()
	with refused("longer than 12 hours"):
		book(ticket, ("2026-11-03 09:00", "2026-11-03 21:01"))
	for hours in (0.5, 169, float("nan"), float("inf")):
		with pytest.raises(frappe.ValidationError):
			frappe.get_single("Retainer Settings").update({"longest_entry_hours": hours}).save()


def test_a_day_of_25_hours_is_longer_than_24(ticket):
	"""Sunday 25 Oct 2026 has 25 hours in Stockholm: 00:00 to 24:00 by the clock on the wall."""
	retainer = frappe.get_doc("Retainer", ticket.retainer)
	frappe.db.set_value("Retainer", retainer.name, "start_date", "2026-10-01")
	frappe.clear_cache(doctype="Retainer")
	with refused("longer than 24 hours"):
		book(ticket, ("2026-10-25 00:00", "2026-10-26 00:00"))


def test_rows_of_years_are_refused_at_once(ticket):
	began = time.perf_counter()
	row = time_log(ticket, "2026-11-03 09:00", "2026-11-03 10:00") | {"to_time": "9999-12-31 23:59:59"}
	row["hours"] = (datetime(9999, 12, 31, 23, 59, 59) - datetime(2026, 11, 3, 9)).total_seconds() / 3600
	with pytest.raises(frappe.ValidationError):
		frappe.get_doc(
			{"doctype": "Timesheet", "employee": EmployeeFactory().name, "time_logs": [row]}
		).insert()
	assert time.perf_counter() - began < LONG


def test_a_preview_of_years_says_so_at_once(ticket):
	began = time.perf_counter()
	employee = EmployeeFactory(user_id="Administrator")
	assert employee.user_id == "Administrator"
	work = booking.as_work("Issue", ticket.name, datetime(2026, 11, 3, 9), datetime(2028, 11, 3, 9))
	found = booking.preview("Administrator", work)
	assert "longer than 24 hours" in found.problem
	assert time.perf_counter() - began < LONG


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("field", ["start_date", "end_date", "takeover_completed_on"])
def test_a_retainer_s_days_are_of_our_time(field, value):
	with pytest.raises(frappe.ValidationError):
		RetainerFactory(**{field: value})


def test_rows_are_counted(retainer, ticket):
	rows = [{"ticket_type": "Issue", "ticket": ticket.name, "work": 3600}] * 1001
	values = {"title": "x", "customer": retainer.customer, "company": retainer.company, "tickets": rows}
	with refused("more than 1000 rows"):
		frappe.get_doc({"doctype": "Support Sprint", **values}).insert()


def test_an_estimate_has_hours_that_are_numbers(ticket):
	for work in (float("nan"), float("inf"), 10**15, "0001-01-01"):
		doc = frappe.get_doc(
			{"doctype": "Ticket Estimate", "ticket_type": "Issue", "ticket": ticket.name, "work": work}
		)
		with pytest.raises(frappe.ValidationError):
			doc.insert()
	doc = frappe.get_doc(
		{"doctype": "Ticket Estimate", "ticket_type": "Issue", "ticket": ticket.name, "work": 3600}
	)
	doc.valid_until = "9999-12-31"
	with pytest.raises(frappe.ValidationError):
		doc.insert()


def test_customers_without_a_retainer_are_bounded_too():
	with refused("within two years"):
		IssueFactory(customer=CustomerFactory().name, opening_date="1990-01-01")
