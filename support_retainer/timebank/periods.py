"""Periods: a retainer's months or quarters, each opened with its lot.

They open by the scheduler, and by whatever needs them sooner, so days of standing still leave no gap.
"""

from __future__ import annotations

from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from support_retainer import clock, contracts
from support_retainer.core import timebank as core
from support_retainer.selecting import select
from support_retainer.timebank import given, owed, reading
from support_retainer.timebank.ledger import post, tell_of_time

DOCTYPE = "Timebank Period"
RUNNING = ("Active", "Paused")


def lock(retainer: str) -> frappe._dict:
	"""Lock a retainer's row until the transaction ends and return it. Everything that reads to write begins here.

	Raises:
	        frappe.DoesNotExistError: there is no such retainer.
	"""
	found = select("Retainer", {"name": retainer}, ["*"]).for_update().run(as_dict=True)
	if not found:
		frappe.throw(frappe._("There is no Retainer {0}.").format(retainer), frappe.DoesNotExistError)
	reading.look_afresh(retainer)
	return found[0]


def open_due_periods() -> None:
	"""Scheduler: open every period that has begun, for every running retainer. One that fails never stops the others."""
	for name in frappe.get_all("Retainer", filters={"status": ("in", RUNNING)}, pluck="name"):
		frappe.db.savepoint("open_period")
		try:
			ensure_periods(name, clock.today())
		except Exception:
			frappe.db.rollback(save_point="open_period")
			frappe.log_error(title=f"Support Retainer: periods of {name} could not be opened")


def ensure_periods(retainer: str, until: date) -> None:
	"""Open each period of a retainer that has begun by `until` and is not there yet, oldest first, under its lock.

	Running it again changes nothing. Periods that begin while the retainer is paused open without hours and fee.
	"""
	last = last_day(retainer)
	if last and last >= until:
		return
	row = lock(retainer)
	last = last_day(retainer)  # read again under the lock: another worker may have been here
	end = row.end_date and getdate(row.end_date)
	missing = [
		period
		for period in core.periods(getdate(row.start_date), row.period, until, end)
		if not last or period.start > last
	]
	versions = contracts.terms_versions(retainer) if missing else []
	for period in missing:
		_open(contracts.terms_on(row, period.start, versions), period)


def period_for(retainer: str, day: date) -> tuple[str, bool]:
	"""Return the period that work of a day belongs to, and whether it comes late.

	That is the day's own period while it is open, else the earliest open one after it.

	Raises:
	        frappe.ValidationError: the day is outside the retainer, or every period since is closed.
	"""
	filters = {"retainer": retainer, "to_date": (">=", day)}
	query = (DOCTYPE, filters, ["name", "from_date", "status"], "from_date")
	found = reading.rows(*query)
	if not found:
		ensure_periods(retainer, day)
		found = reading.rows(*query)
	if not found or getdate(found[0].from_date) > day:
		frappe.throw(
			frappe._("{0} is outside the dates of retainer {1}.").format(frappe.format(day, "Date"), retainer)
		)
	for row in found:
		if row.status == "Open":
			return row.name, row is not found[0]
	frappe.throw(
		frappe._("Every period of {0} from {1} on is closed. Reopen one, or extend the retainer.").format(
			retainer, frappe.format(day, "Date")
		)
	)


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
