"""What to do now, in order, and why a ticket stands where it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import get_datetime

from support_retainer import clock, core
from support_retainer.tickets import slots
from support_retainer.tickets.ticket import urgency
from support_retainer.words import moment

FIELDS = (
	"name",
	"subject",
	"customer",
	"priority",
	"customer_rank",
	"expected_hours",
	"opening_date",
	"opening_time",
	"started_on",
	"assigned_on",
	"_assign",
	*(f"{name}_{field}" for name in ("assign", "start") for field in ("by", "status", "at_risk_on")),
)
# In this order: promises to keep, urgent ones first; what was begun; the queue.
URGENT, PROMISED, BEGUN, QUEUED = range(4)


@dataclass(frozen=True, slots=True)
class Task:
	"""A ticket's line in the list. `when` is its next limit, its forecast in the queue, or when it was begun."""

	place: int
	ticket: frappe._dict
	urgency: str
	when: datetime | None
	reason: str


def worklist(customer: str | None = None, assigned_to: str | None = None) -> list[Task]:
	"""Return every open ticket whose clocks run, in the order of work, of those that the user may read; places are those among
	all, also in a selection."""
	filters = {"status": "Open", "sla_rule": ("is", "set")}
	rows = {row.name: row for row in frappe.get_all("Issue", filters=filters, fields=list(FIELDS))}
	readable = {*frappe.get_list("Issue", filters=filters, pluck="name", limit=0)}
	queue = {place.name: place for place in slots.queue()}
	kinds: dict[int, list[frappe._dict]] = {kind: [] for kind in range(4)}
	for row in rows.values():
		kinds[_kind(row)].append(row)
	ordered = [rows[each.name] for kind in (URGENT, PROMISED, BEGUN) for each in _in_order(kinds[kind], kind)]
	ordered += [rows[name] for name in queue if name in rows]
	tasks = [_task(number, row, queue.get(row.name)) for number, row in enumerate(ordered, 1)]
	return [
		task
		for task in tasks
		if task.ticket.name in readable
		and (not customer or task.ticket.customer == customer)
		and (not assigned_to or assigned_to in frappe.parse_json(task.ticket._assign or "[]"))
	]


def _kind(row: frappe._dict) -> int:
	if row.start_status == "Queued":
		return QUEUED
	if row.started_on:
		return BEGUN
	return URGENT if urgency(row.priority) == "Urgent" else PROMISED


def _in_order(rows: list[frappe._dict], kind: int) -> list[core.Waiting]:
	"""By what is due first; each customer's own ones, within the places they have, as the customer ranks them."""
	return core.in_order(
		core.Waiting(
			row.name, row.customer or "", clock.to_aware(_when(row, kind)), 0, row.customer_rank or None
		)
		for row in rows
	)


def _when(row: frappe._dict, kind: int) -> datetime:
	if kind == BEGUN:
		return row.started_on
	limits = [
		row[f"{name}_by"]
		for name, done in (("assign", "assigned_on"), ("start", "started_on"))
		if not row[done]
	]
	registered = get_datetime(f"{row.opening_date} {row.opening_time or '00:00:00'}")
	return min((limit for limit in limits if limit), default=registered)


def _task(number: int, row: frappe._dict, place: core.Place | None) -> Task:
	if place:
		when = clock.to_site(place.starts)
		reason = _("Place {0} in the queue; forecast, not promised").format(place.place)
	elif row.started_on:
		when, reason = row.started_on, _("Begun {0}").format(moment(row.started_on))
	else:
		when, reason = _when(row, PROMISED), _promise(row)
	if row.customer_rank:
		reason = _("{0}; number {1} of the customer's own").format(reason, row.customer_rank)
	return Task(number, row, urgency(row.priority), when, reason)


def _promise(row: frappe._dict) -> str:
	name = "start" if row.assigned_on or not row.assign_by else "assign"
	by = row[f"{name}_by"]
	if not by:
		return _("No promised time")
	text = _next_step(name, row[f"{name}_status"] == "Breached", bool(row[f"{name}_at_risk_on"]))
	return text.format(moment(by))


def _next_step(name: str, breached: bool, at_risk: bool) -> str:
	if name == "assign":
		if breached:
			return _("Breached: should have been assigned by {0}")
		return _("At risk: to be assigned by {0}") if at_risk else _("To be assigned by {0}")
	if breached:
		return _("Breached: should have been started by {0}")
	return _("At risk: to be started by {0}") if at_risk else _("To be started by {0}")
