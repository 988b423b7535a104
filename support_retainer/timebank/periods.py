"""Periods: a retainer's months or quarters, each opened with its lot.

They open by the scheduler, and by whatever needs them sooner, so days of standing still leave no gap.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

import frappe
from frappe.utils import getdate

from support_retainer import clock
from support_retainer.core import timebank as core
from support_retainer.timebank.ledger import Entry, post

DOCTYPE = "Timebank Period"


def lock(retainer: str) -> frappe._dict:
	"""Lock a retainer's row until the transaction ends and return it. Everything that reads to write begins here.

	Raises:
	        frappe.DoesNotExistError: there is no such retainer.
	"""
	row = frappe.db.get_value("Retainer", retainer, "*", as_dict=True, for_update=True)
	if not row:
		frappe.throw(frappe._("There is no Retainer {0}.").format(retainer), frappe.DoesNotExistError)
	return row


def open_due_periods() -> None:
	"""Scheduler: open every period that has begun, for every active retainer. One that fails never stops the others."""
	for name in frappe.get_all("Retainer", filters={"status": "Active"}, pluck="name"):
		frappe.db.savepoint("open_period")
		try:
			ensure_periods(name, clock.today())
		except Exception:
			frappe.db.rollback(save_point="open_period")
			frappe.log_error(title=f"Support Retainer: periods of {name} could not be opened")


def ensure_periods(retainer: str, until: date) -> None:
	"""Open each period of a retainer that has begun by `until` and is not there yet, oldest first, under its lock.

	Running it again changes nothing.
	"""
	last = _last_day(retainer)
	if last and last >= until:
		return
	row = lock(retainer)
	last = _last_day(retainer)  # read again under the lock: another worker may have been here
	for period in core.periods(
		getdate(row.start_date), row.period, until, row.end_date and getdate(row.end_date)
	):
		if not last or period.start > last:
			_open(row, period)


def period_for(retainer: str, day: date) -> tuple[str, bool]:
	"""Return the period that work of a day belongs to, and whether it comes late.

	That is the day's own period while it is open, else the earliest open one after it.

	Raises:
	        frappe.ValidationError: the day is outside the retainer, or every period since is closed.
	"""
	ensure_periods(retainer, day)
	found = frappe.get_all(
		DOCTYPE,
		filters={"retainer": retainer, "to_date": (">=", day)},
		fields=["name", "from_date", "status"],
		order_by="from_date",
	)
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


def _last_day(retainer: str) -> date | None:
	last = frappe.get_all(
		DOCTYPE, filters={"retainer": retainer}, order_by="to_date desc", limit=1, pluck="to_date"
	)
	return getdate(last[0]) if last else None


def _open(row: frappe._dict, period: core.Period) -> None:
	doc = frappe.new_doc(DOCTYPE)
	doc.update({"retainer": row.name, "from_date": period.start, "to_date": period.end, "status": "Open"})
	doc.flags.from_room = True
	doc.insert(ignore_permissions=True)  # nobody may create periods by hand; the time bank opens them
	seconds = allotment(row, period)
	if seconds:
		post([_allotment_entry(row, period, doc.name, seconds)])


def allotment(row: frappe._dict, period: core.Period) -> int:
	"""Return the seconds a period's lot is opened with: the hours of the contract, by calendar days when it is cut."""
	if row.mode == "Without Timebank":
		return 0
	hours = Decimal(str(row.hours_per_period or 0))
	whole = int((hours * 3600).quantize(Decimal(1), rounding=ROUND_HALF_UP))
	return core.prorated(whole, period, row.period, bool(row.prorate))


def _allotment_entry(row: frappe._dict, period: core.Period, name: str, seconds: int) -> Entry:
	return Entry(
		retainer=row.name,
		customer=row.customer,
		period=name,
		entry_type="Allotment",
		key=f"ALLOT:{name}",
		occurred_on=datetime.combine(period.start, time.min),
		seconds=seconds,
		valid_from=period.start,
		valid_until=core.valid_until(period, row.period, row.carry_over, int(row.carry_over_periods or 0)),
	)
