"""What the bank would hold, without opening anything: for questions that must not write."""

from __future__ import annotations

from datetime import date

import frappe
from frappe.utils import getdate

from support_retainer.core import timebank as core
from support_retainer.timebank.lots import lots
from support_retainer.timebank.periods import allotment


def outlook(retainer: str, on: date) -> int:
	"""Return the seconds a retainer's bank would hold on a date, with the periods opened that are due by then."""
	row = frappe.get_cached_doc("Retainer", retainer)
	last = frappe.get_all(
		"Timebank Period", {"retainer": retainer}, order_by="to_date desc", limit=1, pluck="to_date"
	)
	due = [
		period
		for period in core.periods(
			getdate(row.start_date), row.period, on, row.end_date and getdate(row.end_date)
		)
		if not last or period.start > getdate(last[0])
	]
	coming = [
		core.Lot(
			name=f"{retainer} {period.start}",
			remaining=allotment(row, period),
			valid_from=period.start,
			valid_until=core.valid_until(
				period, row.period, row.carry_over, int(row.carry_over_periods or 0)
			),
		)
		for period in due
	]
	return core.balance([*lots(retainer), *coming], on)
