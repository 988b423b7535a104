"""The queue of tickets without promised time: place and forecast, from the team's capacity less what is reserved."""

from __future__ import annotations

import frappe
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import get_datetime

from support_retainer import clock, contracts, core
from support_retainer.tickets.budget import seconds

OPEN = "Open"


def queue() -> list[core.Place]:
	"""Return the place and forecast of every ticket in the queue, in order. A forecast is no promise.

	Tickets with promised time, urgent ones among them, go first: what is left of their expected hours is reserved.
	"""
	return _forecast(_rows())


def place_of(ticket: str) -> core.Place | None:
	"""Return a ticket's place in the queue, None when it is not in it."""
	return next((place for place in queue() if place.name == ticket), None)


def next_place() -> core.Place:
	"""Return the place and forecast of a ticket that would come in now."""
	new = core.Waiting(name="", customer="", registered=clock.to_aware(clock.now()), work=0)
	return _forecast(_rows(), [new])[-1]


def _forecast(rows: list[frappe._dict], more: list[core.Waiting] | None = None) -> list[core.Place]:
	settings = contracts.settings()
	waiting = [_waiting(row) for row in rows if _is_queued(row)]
	return core.forecast(
		[*core.in_order(waiting), *(more or [])],
		clock.to_aware(clock.now()),
		contracts.office_calendar(),
		seconds(settings.team_capacity_hours),
		reserved=sum(_left(row) for row in rows if not _is_queued(row)),
	)


def _rows() -> list[frappe._dict]:
	"""Every open ticket of a retainer whose clocks run, with the seconds charged on it so far. One query."""
	issue, entry = frappe.qb.DocType("Issue"), frappe.qb.DocType("Timebank Entry")
	columns = [
		issue.name,
		issue.customer,
		issue.customer_rank,
		issue.opening_date,
		issue.opening_time,
		issue.expected_hours,
		issue.start_status,
	]
	return (
		frappe.qb.from_(issue)
		.left_join(entry)
		.on((entry.ticket == issue.name) & (entry.ticket_type == "Issue") & (entry.component == "Work"))
		.select(*columns, Coalesce(Sum(entry.charged + entry.would_charged), 0).as_("charged"))
		.where((issue.status == OPEN) & issue.sla_rule.isnotnull() & (issue.sla_rule != ""))
		.groupby(*columns)
	).run(as_dict=True)


def _is_queued(row: frappe._dict) -> bool:
	return row.start_status == "Queued"


def _waiting(row: frappe._dict) -> core.Waiting:
	return core.Waiting(
		name=row.name,
		customer=row.customer,
		registered=clock.to_aware(get_datetime(f"{row.opening_date} {row.opening_time or '00:00:00'}")),
		work=_left(row),
		rank=row.customer_rank or None,
	)


def _left(row: frappe._dict) -> int:
	expected = seconds(row.expected_hours) or seconds(contracts.settings().assumed_ticket_hours)
	return max(0, expected - int(row.charged))
