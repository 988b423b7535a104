"""The charts of the workspace. Each draws what its reader may see; hours, or numbers of tickets."""

from __future__ import annotations

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import cint, get_first_day_of_week, getdate

from support_retainer import clock, requests, tickets
from support_retainer.desk import figures

WEEKS = 8
DAYS = 30
BANKS = 12
CATEGORIES = ("Development", "Project Management", "Optimization", "Design")
OTHER = "Other"


@frappe.whitelist()
@requests.checked
def time_by_category() -> dict | None:
	"""Return the hours charged and given in the last 30 days, by work category."""
	found = _by_category(clock.today() - timedelta(days=DAYS))
	names = [name for name in (*CATEGORIES, OTHER) if found.get(name)]
	if not names:
		return None
	return {
		"labels": [_(name) for name in names],
		"datasets": [{"name": _("Hours"), "values": [round(found[name] / 3600, 2) for name in names]}],
	}


@frappe.whitelist()
@requests.checked
def promises_by_week() -> dict | None:
	"""Return how many tickets' promises were met and breached, by the week the tickets came in; the last eight weeks."""
	if not requests.has_role_right("Issue", "read"):
		return None
	this = getdate(get_first_day_of_week(clock.today()))
	weeks = [this - timedelta(weeks=back) for back in reversed(range(WEEKS))]
	counts = {week: {"Met": 0, "Breached": 0} for week in weeks}
	fields = ["opening_date", "assign_by", "start_by", "assign_status", "start_status"]
	filters = {"opening_date": (">=", weeks[0]), "sla_rule": ("is", "set")}
	for row in frappe.get_list("Issue", filters=filters, fields=fields, limit_page_length=0):
		outcome, week = tickets.kept_or_broken(row), getdate(get_first_day_of_week(getdate(row.opening_date)))
		if outcome and week in counts:
			counts[week][outcome] += 1
	if not any(sum(count.values()) for count in counts.values()):
		return None
	return {
		"labels": [_week(week) for week in weeks],
		"datasets": [
			{"name": _("Met"), "values": [counts[week]["Met"] for week in weeks]},
			{"name": _("Breached"), "values": [counts[week]["Breached"] for week in weeks]},
		],
	}


@frappe.whitelist()
@requests.checked
def drawn_against_allotted() -> dict | None:
	"""Return the hours given and drawn in this period, for the twelve customers who have drawn the most of theirs."""
	found = {row.name: row for row in figures.retainers()}
	periods = [row for row in figures.current_periods(found).values() if row.given]
	periods.sort(key=lambda row: (-cint(row.drawn) / row.given, row.retainer))
	if not periods:
		return None
	shown = periods[:BANKS]
	return {
		"labels": [found[row.retainer].customer_name or found[row.retainer].customer for row in shown],
		"datasets": [
			{"name": _("Given"), "values": [round(row.given / 3600, 2) for row in shown]},
			{"name": _("Drawn"), "values": [round(cint(row.drawn) / 3600, 2) for row in shown]},
		],
	}


def _week(first_day: date) -> str:
	"""Return a week as short as a bar is wide: its ISO number, which is the one of its middle wherever the week begins."""
	return _("w{0}", context="week number").format((first_day + timedelta(days=3)).isocalendar().week)


def _by_category(since: date) -> dict[str, int]:
	"""Return seconds charged and given since a day by category: work by its activity's, project management by its own. Two queries."""
	if not requests.has_role_right("Timebank Entry", "read"):
		return {}
	names = [row.name for row in frappe.get_list("Retainer", fields=["name"], limit_page_length=0)]
	entry, log = frappe.qb.DocType("Timebank Entry"), frappe.qb.DocType("Timesheet Detail")
	activity = frappe.qb.DocType("Activity Type")
	rows = (
		frappe.qb.from_(entry)
		.left_join(log)
		.on(log.name == entry.timesheet_detail)
		.left_join(activity)
		.on(activity.name == log.activity_type)
		.select(
			entry.component,
			activity.work_category,
			Sum(entry.drawn + entry.overage + entry.would_charged).as_("seconds"),
		)
		.where(entry.entry_type.isin(("Draw", "Overage", "Not Charged")) & entry.timesheet_detail.isnotnull())
		.where((entry.occurred_on >= since) & entry.retainer.isin(names or [""]))
		.groupby(entry.component, activity.work_category)
	).run(as_dict=True)
	found: dict[str, int] = {}
	for row in rows:
		is_management = row.component == "Project Management"
		name = "Project Management" if is_management else row.work_category or OTHER
		found[name] = found.get(name, 0) + cint(row.seconds)
	return found
