"""The night the clocks go back: Sun 25 Oct 2026, from 03:00 to 02:00, so that 02:00–03:00 happens twice in Stockholm."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import frappe
import pytest
import time_machine

from support_retainer import billing, clock, timebank
from support_retainer.billing import outside
from support_retainer.desk import api
from tests.factories import CustomerFactory, EmployeeFactory, RetainerFactory, time_log, urgent_issue

USER = "Administrator"
CEST, CET = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))


def moment(clock_time: str, zone: timezone):
	frappe.local.new_doc_templates = {}
	return time_machine.travel(
		datetime.fromisoformat(f"2026-10-25 {clock_time}:00").replace(tzinfo=zone, microsecond=1), tick=False
	)


@pytest.fixture
def ticket(at):
	with at("2026-10-24 12:00"):
		retainer = RetainerFactory(start_date="2026-10-01", takeover_completed_on="2026-09-15")
		if not frappe.db.exists("Employee", {"user_id": USER}):
			EmployeeFactory(user_id=USER)
		return urgent_issue(customer=retainer.customer)


def charged(ticket) -> tuple:
	entries = timebank.entries_of(ticket=ticket.name)
	return (
		sum(entry.worked for entry in entries),
		sum(entry.drawn for entry in entries if entry.component == "Work"),
		sum(entry.drawn for entry in entries if entry.component == "Project Management"),
		sum((Decimal(str(entry.amount)) for entry in entries), Decimal(0)),
	)


def submit_draft():
	name = frappe.get_all("Timesheet", {"docstatus": 0}, pluck="name", order_by="creation desc", limit=1)[0]
	frappe.get_doc("Timesheet", name).submit()


def test_a_timer_from_the_second_half_past_two_to_a_quarter_past_three(ticket):
	with moment("02:30", CET):
		assert api.start_timer("Issue", ticket.name)["started"]
	with moment("03:15", CET):
		running = api.running_timer()
		assert (running["seconds"], running["second_hour"]) == (45 * 60, 1)
		form = api.booking_form("Issue", ticket.name)
		api.log_time(
			"Issue",
			ticket.name,
			str(running["started_on"]),
			str(form["until"]),
			activity_type="Execution",
			of_timer=True,
			from_second=True,
			to_second=bool(form["until_second"]),
		)
		submit_draft()
	# three quarters; a quarter of them is project management; 0:45 at 1 000 and +150 % is 1 125
	assert charged(ticket) == (45 * 60, 45 * 60, 11 * 60 + 15, Decimal("1125.00"))
	assert billing.audit(ticket.retainer) == []


def test_a_timer_from_the_first_to_the_second(ticket):
	with moment("02:30", CEST):
		api.start_timer("Issue", ticket.name)
	with moment("02:45", CET):
		running = api.running_timer()
		assert (running["seconds"], running["second_hour"]) == (75 * 60, 0)
		assert api.booking_form("Issue", ticket.name)["until_second"] == 1


@pytest.mark.parametrize(
	("first", "second", "worked"),
	[(0, 0, 15), (1, 1, 15), (0, 1, 75)],
)
def test_typed_times_say_which(at, ticket, first, second, worked):
	row = time_log(ticket, "2026-10-25 02:30", "2026-10-25 02:45")
	with at("2026-10-26 12:00"):
		frappe.get_doc(
			{
				"doctype": "Timesheet",
				"company": ticket.company,
				"employee": EmployeeFactory().name,
				"time_logs": [{**row, "from_second_hour": first, "to_second_hour": second}],
			}
		).insert().submit()
	assert charged(ticket)[0] == worked * 60
	assert billing.audit(ticket.retainer) == []


def test_an_end_in_the_first_hour_is_before_a_start_in_the_second(at, ticket):
	row = time_log(ticket, "2026-10-25 02:30", "2026-10-25 02:45") | {"from_second_hour": 1}
	with at("2026-10-26 12:00"), pytest.raises(frappe.ValidationError, match="ends before it starts"):
		frappe.get_doc(
			{"doctype": "Timesheet", "employee": EmployeeFactory().name, "time_logs": [row]}
		).insert()


def test_time_on_no_contract_knows_which_hour_it_is(at):
	"""02:30 in the first hour to 02:45 in the second is 1:15, in the list as in the ledger."""
	with at("2026-10-24 12:00"):
		customer = CustomerFactory().name
		RetainerFactory(customer=customer, start_date="2026-10-26", takeover_completed_on="2026-09-15")
		ticket = urgent_issue(customer=customer)
		row = time_log(ticket, "2026-10-25 02:30", "2026-10-25 02:45") | {"to_second_hour": 1}
	with at("2026-10-26 12:00"):
		values = {"doctype": "Timesheet", "company": ticket.company, "employee": EmployeeFactory().name}
		frappe.get_doc({**values, "time_logs": [row]}).insert().submit()
		# the contract is found to have begun earlier after all
		frappe.db.set_value("Retainer", {"customer": customer}, "start_date", "2026-10-01")
		frappe.clear_cache(doctype="Retainer")
		(found,) = outside.on_no_contract([customer])
	assert found.seconds == 75 * 60


def test_the_preview_asks_the_same_clock(at, ticket):
	args = ("Issue", ticket.name, "2026-10-25 02:30:00", "2026-10-25 03:15:00", "Execution")
	with at("2026-10-26 12:00"):
		assert api.preview_time(*args)["worked"] == 105 * 60
		assert api.preview_time(*args, from_second=True)["worked"] == 45 * 60


def test_the_tick_means_nothing_on_other_nights(at, ticket):
	args = ("Issue", ticket.name, "2026-10-24 02:30:00", "2026-10-24 03:15:00", "Execution")
	with at("2026-10-26 12:00"):
		assert api.preview_time(*args, from_second=True)["worked"] == 45 * 60


def test_which_hours_happen_twice():
	assert clock.doubled_hours(datetime(2026, 1, 1).date(), 365) == [
		(datetime(2026, 10, 25, 2), datetime(2026, 10, 25, 3))
	]
	assert not clock.happens_twice("2026-03-29 02:30:00")  # the hour that does not happen at all
