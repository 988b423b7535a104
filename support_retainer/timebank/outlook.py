"""What the bank would hold, without opening anything: for questions that must not write."""

from __future__ import annotations

from datetime import date

import frappe
from frappe.utils import getdate

from support_retainer import contracts
from support_retainer.core import timebank as core
from support_retainer.timebank.given import allotment
from support_retainer.timebank.lots import lots
from support_retainer.timebank.periods import is_paused, last_day


def outlook(retainer: str, on: date) -> int:
	"""Return the seconds a retainer's bank would hold on a date, with the periods opened that are due by then."""
	row = frappe.get_cached_doc("Retainer", retainer)
	last = last_day(retainer)
	due = core.periods(getdate(row.start_date), row.period, on, row.end_date and getdate(row.end_date))
	coming = [
		_lot(contracts.terms_on(row, period.start), period)
		for period in due
		if (not last or period.start > last) and not is_paused(row, period)
	]
	return core.balance([*lots(retainer), *coming], on)


def _lot(terms: frappe._dict, period: core.Period) -> core.Lot:
	carried = int(terms.carry_over_periods or 0)
	return core.Lot(
		name=f"{terms.name} {period.start}",
		remaining=allotment(terms, period),
		valid_from=period.start,
		valid_until=core.valid_until(period, terms.period, terms.carry_over, carried),
	)
