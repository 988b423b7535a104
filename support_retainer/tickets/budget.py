"""Is a ticket within the monthly budget? The bank's balance, less what other open tickets have reserved, must cover it."""

from __future__ import annotations

from datetime import date

import frappe
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import flt

from support_retainer import clock, timebank
from support_retainer.core import timebank as core

OPEN = ("Open", "Replied", "On Hold")


def state(retainer: frappe._dict, expected_hours: float | None, but: str | None = None) -> str:
	"""Return "Within" or "Outside" for a ticket of that many expected hours.

	Args:
	        retainer: a row with `name` and `mode`.
	        expected_hours: hours of work, before project management; none or zero asks for a balance above zero.
	        but: a ticket whose own reservation is left out.
	"""
	if retainer.mode == "Without Timebank":
		return "Outside"
	timebank.lock(retainer.name)
	timebank.ensure_periods(retainer.name, clock.today())
	return _covers(unreserved(retainer.name, but), expected_hours)


def would_be(retainer: frappe._dict, expected_hours: float | None, on: date) -> str:
	"""Return what `state` would say on a date, as far as is known today; it writes and locks nothing."""
	if retainer.mode == "Without Timebank":
		return "Outside"
	return _covers(timebank.outlook(retainer.name, on) - reserved(retainer.name), expected_hours)


def coming_within(retainer: str) -> list[str]:
	"""Return the open tickets outside budget that the bank covers now, oldest first, each reserving before the next is judged."""
	timebank.lock(retainer)
	issue = frappe.qb.DocType("Issue")
	waiting = (
		frappe.qb.from_(issue)
		.select(issue.name, issue.expected_hours)
		.where((issue.retainer == retainer) & (issue.budget_state == "Outside") & issue.status.isin(OPEN))
		.orderby(issue.opening_date, issue.opening_time, issue.creation, issue.name)
	).run(as_dict=True)
	left, found = unreserved(retainer) if waiting else 0, []
	for row in waiting:
		if _covers(left, row.expected_hours) == "Within":
			found.append(row.name)
			left -= seconds(row.expected_hours)
	return found


def seconds(hours: float | None) -> int:
	"""Return hours as whole seconds; none is 0."""
	return round(flt(hours) * 3600)


def _covers(unreserved_seconds: int, expected_hours: float | None) -> str:
	return "Within" if core.is_within(unreserved_seconds, seconds(expected_hours) or None) else "Outside"


def unreserved(retainer: str, but: str | None = None) -> int:
	"""Return the bank's balance today less what open tickets within budget have reserved (seconds, may be negative)."""
	return timebank.balance(retainer, clock.today()) - reserved(retainer, but)


def reserved(retainer: str, but: str | None = None) -> int:
	"""Return the seconds that open tickets within budget still claim: what each expects less what it has drawn."""
	issue, entry = frappe.qb.DocType("Issue"), frappe.qb.DocType("Timebank Entry")
	drawn = (
		frappe.qb.from_(entry)
		.select(entry.ticket, Sum(entry.charged + entry.would_charged).as_("charged"))
		.where((entry.retainer == retainer) & (entry.ticket_type == "Issue") & (entry.component == "Work"))
		.groupby(entry.ticket)
	)
	query = (
		frappe.qb.from_(issue)
		.left_join(drawn)
		.on(drawn.ticket == issue.name)
		.select(issue.expected_hours, Coalesce(drawn.charged, 0).as_("charged"))
		.where((issue.retainer == retainer) & (issue.budget_state == "Within") & issue.status.isin(OPEN))
		.where(issue.expected_hours > 0)
	)
	if but:
		query = query.where(issue.name != but)
	return sum(
		max(0, round(flt(row.expected_hours) * 3600) - int(row.charged)) for row in query.run(as_dict=True)
	)
