"""Periods: a retainer's months or quarters, each opened with its lot.

They open by the calendar alone, up to the one that today is in: by the scheduler, and by what is written and needs today's sooner, so
days of standing still leave no gap. No date that somebody gives opens one, and nothing that only reads does: it is told which period
*would* be there (`place_of`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import frappe
from frappe.utils import format_date, getdate

from support_retainer import background, clock, contracts
from support_retainer.core import timebank as core
from support_retainer.selecting import select
from support_retainer.timebank import given, owed, reading
from support_retainer.timebank.ledger import post, tell_of_time
from support_retainer.words import filled, html

DOCTYPE = "Timebank Period"
RUNNING = ("Active", "Paused")


class Place(NamedTuple):
	"""The period that work of a day belongs to: its name, whether the work comes late to it, and its first day."""

	period: str
	is_late: bool
	begins: date


def lock(retainer: str) -> frappe._dict:
	"""Lock a retainer's row until the transaction ends and return it. Everything that reads to write begins here.

	Raises:
	        frappe.DoesNotExistError: there is no such retainer.
	"""
	found = select("Retainer", {"name": retainer}, ["*"]).for_update().run(as_dict=True)
	if not found:
		frappe.throw(filled(frappe._("There is no Retainer {0}."), retainer), frappe.DoesNotExistError)
	reading.look_afresh(retainer)
	return found[0]


def open_due_periods() -> None:
	"""Scheduler: open every period that has begun, for every running retainer. One that fails never stops the others."""
	for name in frappe.get_all("Retainer", filters={"status": ("in", RUNNING)}, pluck="name"):
		frappe.db.savepoint("open_period")
		try:
			ensure_periods(name, clock.today())
		except Exception as error:
			frappe.db.rollback(save_point="open_period")
			said = frappe._("Open the periods of {0}").format(name)
			again = clock.now() + timedelta(hours=1)
			background.failed(f"periods:{name}", said, error, retainer=name, next_try=again)
		else:
			background.solved(f"periods:{name}")


def ensure_periods(retainer: str, until: date) -> None:
	"""Open each period of a retainer that has begun by `until` and is not there yet, oldest first, under its lock.

	Running it again changes nothing. Periods that begin while the retainer is paused open without hours and fee.
	"""
	last = last_day(retainer)
	if last and last >= until:
		return
	row = lock(retainer)
	due = missing(row, until)  # read again under the lock: another worker may have been here
	versions = contracts.terms_versions(retainer) if due else []
	for period in due:
		_open(contracts.terms_on(row, period.start, versions), period)


def missing(row: frappe._dict, until: date) -> list[core.Period]:
	"""Return the periods of a retainer's row that have begun by `until` and are not opened yet, oldest first."""
	last, end = last_day(row.name), row.end_date and getdate(row.end_date)
	return [
		period
		for period in core.periods(getdate(row.start_date), row.period, until, end)
		if not last or period.start > last
	]


def name_of(retainer: str, begins: date) -> str:
	"""Return the name of a retainer's period that begins on a day."""
	return f"{retainer}-{begins:%Y-%m-%d}"


def bookable_until(row: frappe._dict) -> date:
	"""Return the last day whose work a retainer's row takes today: the end of the period that today is in.

	Today itself while the retainer has not begun.
	"""
	today = clock.today()
	return today if getdate(row.start_date) > today else core.full_period(row.period, today).end


def period_for(retainer: str, day: date) -> Place:
	"""Return where what is written of a day belongs, under the retainer's lock; periods that are due by today are opened.

	That is the day's own period while it is open, else the earliest open one after it.

	Raises:
	        frappe.ValidationError: the day is outside the retainer or after today's period, or every period since is closed.
	"""
	found = _from(retainer, day)
	if not _first_open(found):
		ensure_periods(retainer, clock.today())
		found = _from(retainer, day)
	return _place(retainer, day, found)


def place_of(retainer: str, day: date) -> Place:
	"""Return where work of a day would belong, were the periods opened that are due by today. Writes and locks nothing.

	Raises:
	        frappe.ValidationError: as `period_for`.
	"""
	found = _from(retainer, day)
	if not _first_open(found):
		due = missing(frappe.get_cached_doc("Retainer", retainer), clock.today())
		found += [
			frappe._dict(name=name_of(retainer, period.start), from_date=period.start, status="Open")
			for period in due
			if period.end >= day
		]
	return _place(retainer, day, found)


def _from(retainer: str, day: date) -> list[frappe._dict]:
	filters = {"retainer": retainer, "to_date": (">=", day)}
	return reading.rows(DOCTYPE, filters, ["name", "from_date", "status"], "from_date")


def _first_open(found: Sequence[frappe._dict]) -> frappe._dict | None:
	return next((row for row in found if row.status == "Open"), None)


def _place(retainer: str, day: date, found: Sequence[frappe._dict]) -> Place:
	if not found or getdate(found[0].from_date) > day:
		frappe.throw(html(_outside(frappe.get_cached_doc("Retainer", retainer), day)))
	if row := _first_open(found):
		return Place(row.name, row is not found[0], getdate(row.from_date))
	frappe.throw(
		filled(
			frappe._("Every period of {0} from {1} on is closed. Reopen one, or extend the retainer."),
			retainer,
			format_date(day),
		)
	)


def _outside(row: frappe._dict, day: date) -> str:
	if (until := bookable_until(row)) < day and (not row.end_date or day <= getdate(row.end_date)):
		return too_early(row.name, day, until)
	return frappe._("{0} is outside the dates of retainer {1}.").format(format_date(day), row.name)


def too_early(retainer: str, day: date, until: date) -> str:
	"""Return the sentence that refuses what is dated after the period that today is in."""
	return frappe._(
		"{0} lies after {1}, the last day of the period that {2} is in today. Correct the date; what is done later is booked later."
	).format(format_date(day), format_date(until), retainer)


def last_day(retainer: str) -> date | None:
	"""Return the last day of a retainer's newest period."""
	last = reading.rows(DOCTYPE, {"retainer": retainer}, ["to_date"], "to_date desc", limit=1)
	return getdate(last[0].to_date) if last else None


def giving(period: frappe._dict) -> core.Period | None:
	"""Return the days of a period that give hours and cost a fee; None where its retainer is paused to the end of it.

	Args:
	        period: `from_date`, `to_date` and `paused_until` of a Timebank Period.
	"""
	start, end = getdate(period.from_date), getdate(period.to_date)
	if period.paused_until:
		start = max(start, getdate(period.paused_until) + timedelta(days=1))
	return core.Period(start, end) if start <= end else None


def is_paused(row: frappe._dict, period: core.Period) -> bool:
	"""Return whether a period begins while its retainer is paused."""
	return bool(row.status == "Paused" and row.paused_on and period.start >= getdate(row.paused_on))


def _open(row: frappe._dict, period: core.Period) -> None:
	doc = frappe.new_doc(DOCTYPE)
	doc.update({"retainer": row.name, "from_date": period.start, "to_date": period.end, "status": "Open"})
	if is_paused(row, period):
		doc.paused_until = core.full_period(row.period, period.start).end
	doc.flags.from_room = True
	doc.insert(ignore_permissions=True)  # nobody may create periods by hand; the time bank opens them
	if not doc.paused_until:
		post(given.opening_entries(row, period, doc.name), tell=False)
	owed.draw_owed(row, doc.name, period.start)
	tell_of_time(row.name)
