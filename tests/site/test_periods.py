"""Periods open by themselves, each once, with the hours of the contract, also after days of standing still."""

import frappe
import pytest

from support_retainer import timebank
from tests.factories import IssueFactory, RetainerFactory, book

H = 3600


def periods(retainer):
	return [
		(str(row.from_date), str(row.to_date), row.allotted)
		for row in frappe.get_all(
			"Timebank Period",
			filters={"retainer": retainer.name},
			fields=["from_date", "to_date", "allotted"],
			order_by="from_date",
		)
	]


def test_the_scheduler_opens_what_has_begun_once(at):
	with at("2026-09-01 08:00"):
		retainer = RetainerFactory(start_date="2026-09-01", takeover_completed_on="2026-08-15")
	with at("2026-11-20 03:00"):  # nothing ran for eighty days
		timebank.open_due_periods()
		first = periods(retainer)
		timebank.open_due_periods()
	assert first == [
		("2026-09-01", "2026-09-30", 10 * H),
		("2026-10-01", "2026-10-31", 10 * H),
		("2026-11-01", "2026-11-30", 10 * H),
	]
	assert periods(retainer) == first


def test_time_that_expired_is_not_in_the_bank(at):
	with at("2026-09-01 08:00"):
		retainer = RetainerFactory(start_date="2026-09-01", takeover_completed_on="2026-08-15")
	with at("2026-11-20 03:00"):
		timebank.open_due_periods()
		# September's and October's 10 h had their last day; only November's may be drawn
		assert timebank.balance(retainer.name, frappe.utils.getdate("2026-11-20")) == 10 * H
		ticket = IssueFactory(customer=retainer.customer)
		book(ticket, ("2026-11-19 08:00", "2026-11-19 17:00"))
	# 9:00 + 2:15 = 11:15 of 10:00
	period = frappe.get_doc("Timebank Period", f"{retainer.name}-2026-11-01")
	assert (period.drawn, period.balance, period.overage) == (10 * H, 0, H + H // 4)


def test_quarters_follow_the_calendar(at):
	with at("2026-08-10 08:00"):
		retainer = RetainerFactory(
			start_date="2026-08-10", takeover_completed_on="2026-08-01", period="Quarterly", prorate=0
		)
	with at("2026-11-20 03:00"):
		timebank.open_due_periods()
	assert periods(retainer) == [
		("2026-08-10", "2026-09-30", 10 * H),
		("2026-10-01", "2026-12-31", 10 * H),
	]


def test_a_first_and_last_period_by_calendar_days(at):
	with at("2026-09-16 08:00"):
		retainer = RetainerFactory(
			start_date="2026-09-16", end_date="2026-10-10", takeover_completed_on="2026-09-01"
		)
	with at("2026-11-20 03:00"):
		timebank.open_due_periods()
	assert periods(retainer) == [
		("2026-09-16", "2026-09-30", 5 * H),  # 15 of 30 days
		("2026-10-01", "2026-10-10", 11_613),  # 10 of 31 days: 36 000 x 10 / 31 = 11 612.9
	]


def test_one_bad_retainer_never_stops_the_others(at, monkeypatch):
	with at("2026-11-01 08:00"):
		bad, good = RetainerFactory(), RetainerFactory()
	from support_retainer.timebank import given as room

	allotment = room.allotment

	def broken(row, period):
		if row.name == bad.name:
			raise ValueError("broken on purpose")
		return allotment(row, period)

	monkeypatch.setattr(room, "allotment", broken)
	with at("2026-11-20 03:00"):
		timebank.open_due_periods()
	assert (len(periods(bad)), len(periods(good))) == (0, 1)


@pytest.mark.parametrize(
	("status", "opened"), [("Draft", []), ("Paused", [("2026-11-01", "2026-11-30", None)])]
)
def test_only_active_retainers_are_given_time(at, status, opened):
	"""A paused one has its period, so that the months follow on each other, but no hours in it."""
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(status=status)
	with at("2026-11-20 03:00"):
		timebank.open_due_periods()
	assert periods(retainer) == opened
	assert timebank.balance(retainer.name, frappe.utils.getdate("2026-11-20")) == 0
