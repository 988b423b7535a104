"""How promises were kept: per customer, rule and month, with the time it took in counted hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

import frappe
from frappe.utils import cint, get_datetime, getdate

from support_retainer import clock, contracts
from support_retainer.core import NoRule, sla, targets
from support_retainer.core.calendar import Calendar, Interval
from support_retainer.tickets.rules import rule_for
from support_retainer.tickets.ticket import urgency

FIELDS = (
	"name",
	"customer",
	"sla_rule",
	"opening_date",
	"opening_time",
	"first_registered_on",
	"priority",
	"retainer",
	"within_since",
	"covered_since",
	"budget_state",
	"assign_by",
	"start_by",
	"assigned_on",
	"started_on",
	"assign_status",
	"start_status",
)


@dataclass(slots=True)
class Group:
	"""Tickets of one customer, rule and month ("2026-11"). Times in counted seconds; a ticket is breached when any target is."""

	customer: str
	sla_rule: str
	month: str
	tickets: int = 0
	met: int = 0
	breached: int = 0
	to_assignment: list[int] = field(default_factory=list)
	to_start: list[int] = field(default_factory=list)

	@property
	def share_met(self) -> float | None:
		"""Per cent of the tickets decided so far whose promise was kept; None when none is."""
		decided = self.met + self.breached
		return 100 * self.met / decided if decided else None


def performance(
	from_date: date, to_date: date, customer: str | None = None, sla_rule: str | None = None
) -> list[Group]:
	"""Return the groups of tickets that the user may read, registered between two dates (both included), by month, customer and rule."""
	from_date, to_date = getdate(from_date), getdate(to_date)
	filters = {"customer": customer} if customer else {}
	if sla_rule:
		filters["sla_rule"] = sla_rule
	registered = {"opening_date": ("between", (from_date, to_date)), "sla_rule": sla_rule or ("is", "set")}
	first = {"first_registered_on": ("between", (from_date, to_date))}
	rows = {
		row.name: row
		for asked in (registered, first)
		for row in frappe.get_list("Issue", filters={**filters, **asked}, fields=list(FIELDS), limit=0)
	}
	breaks, rules = _breaks(list(rows)), _rules()
	groups: dict[tuple[str, str, str], Group] = {}
	for row in rows.values():
		if row.first_registered_on:
			_as_first_promised(row, breaks[row.name])
		if not row.sla_rule or not from_date <= getdate(row.opening_date) <= to_date:
			continue
		key = (str(row.opening_date)[:7], row.customer or "", row.sla_rule)
		group = groups.setdefault(key, Group(key[1], key[2], key[0]))
		_count(group, row, rules.get(row.sla_rule), breaks[row.name])
	return [groups[key] for key in sorted(groups)]


def middle(seconds: Iterable[int]) -> float | None:
	"""Return the median, in hours; None of nothing."""
	found = list(seconds)
	return median(found) / 3600 if found else None


def ninetieth(seconds: Iterable[int]) -> float | None:
	"""Return the 90th percentile, in hours: the shortest time that nine in ten were done within (nearest rank)."""
	found = sorted(seconds)
	return found[-(-9 * len(found) // 10) - 1] / 3600 if found else None


def kept_or_broken(row: frappe._dict) -> str | None:
	"""Return "Met" or "Breached" for a ticket's whole promise; None while it is open, or where no time was promised. One that was
	done with before a limit passed has kept it, also when nobody was assigned.

	`row` has `assign_by`, `start_by`, `assign_status` and `start_status`.
	"""
	promised = [row[f"{name}_status"] for name in ("assign", "start") if row[f"{name}_by"]]
	if "Breached" in promised:
		return "Breached"
	return "Met" if promised and all(status == "Met" for status in promised) else None


def _as_first_promised(row: frappe._dict, breaks: list[Interval]) -> None:
	"""Put a ticket whose registration staff moved by hand back where it was, with what it was promised then and whether that was kept."""
	at = get_datetime(row.first_registered_on)
	row.opening_date, row.opening_time = at.date(), at.time()
	try:
		rule = rule_for(urgency(row.priority), row.budget_state, clock.to_aware(at), row.retainer)
	except NoRule:
		return
	row.sla_rule = rule.name
	start, office, always = (
		clock.to_aware(_start(row, rule)),
		contracts.office_calendar(),
		contracts.clock_calendar(),
	)
	promise = sla.promise(rule, start, office, always, breaks)
	grace = cint(contracts.settings().immediate_grace_minutes) * 60
	limits = targets(rule, start, office, always, breaks, grace=grace, percent=100)
	for name, done, limit in zip(("assign", "start"), (row.assigned_on, row.started_on), limits, strict=True):
		by = getattr(promise, f"{name}_by")
		row[f"{name}_by"] = by and clock.to_site(by)
		if limit and clock.to_aware(done or clock.now()) > limit.breached:
			row[f"{name}_status"] = "Breached"
		elif done:
			row[f"{name}_status"] = "Met"


def _count(group: Group, row: frappe._dict, rule: frappe._dict | None, breaks: list[Interval]) -> None:
	group.tickets += 1
	outcome = kept_or_broken(row)
	group.breached += outcome == "Breached"
	group.met += outcome == "Met"
	if not rule:
		return
	calendar = (
		contracts.clock_calendar() if rule.hours_counted == "Clock Hours" else contracts.office_calendar()
	)
	start = _start(row, rule)
	for done, times in ((row.assigned_on, group.to_assignment), (row.started_on, group.to_start)):
		if done:
			times.append(_counted(calendar, start, done, breaks))


def _start(row: frappe._dict, rule: frappe._dict) -> datetime:
	registered = get_datetime(f"{row.opening_date} {row.opening_time or '00:00:00'}")
	registered = max(registered, row.covered_since) if row.covered_since else registered
	return max(registered, row.within_since) if row.within_since and rule.budget == "Within" else registered


def _counted(calendar: Calendar, start: datetime, done: datetime, breaks: list[Interval]) -> int:
	return calendar.counted(clock.to_aware(start), clock.to_aware(max(start, done)), breaks)


def _breaks(names: list[str]) -> dict[str, list[Interval]]:
	found: dict[str, list[Interval]] = defaultdict(list)
	pause = frappe.qb.DocType("Ticket Pause")
	query = frappe.qb.from_(pause).select(pause.parent, pause.from_time, pause.to_time)
	rows = query.where(pause.parent.isin(names)).run(as_dict=True) if names else []
	for row in rows:
		end = max(get_datetime(row.to_time) if row.to_time else clock.now(), get_datetime(row.from_time))
		found[row.parent].append((clock.to_aware(row.from_time), clock.to_aware(end)))
	return found


def _rules() -> dict[str, frappe._dict]:
	return {row.name: row for row in frappe.get_all("SLA Rule", fields=["name", "hours_counted", "budget"])}
