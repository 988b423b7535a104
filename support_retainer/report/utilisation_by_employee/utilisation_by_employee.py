"""Utilisation by Employee: how much of the working time went to retainers, and how much of that was charged."""

from __future__ import annotations

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Max, Sum
from frappe.utils import add_days, flt
from pypika import Case

from support_retainer import contracts
from support_retainer.paper import tables

SUMS = ("capacity", "booked", "on_retainers", "charged", "given")
DAY = 8.0


def execute(filters: dict | None = None) -> tuple:
	"""Return columns, a row for each employee with totals, what capacity is, and a chart of hours."""
	filters = tables.asked(filters)
	first, last = tables.dates(filters)
	names = [row.name for row in tables.readable_retainers(frappe._dict())] or [""]
	days, per_day = working_days(first, last), flt(filters.hours_per_day) or DAY
	charged = {row.employee: row for row in _charged(names, first, last, filters)}
	rows = [_row(row, charged.get(row.employee), days * per_day) for row in _booked(first, last, filters)]
	message = _("Capacity: {0} working days of {1} hours.").format(days, frappe.format(per_day, "Float"))
	return _columns(), rows and [*rows, _total(rows)], message, _chart(rows)


def working_days(first: date, last: date) -> int:
	"""Return how many days of a range have office hours, by the calendar of the settings."""
	calendar = contracts.office_calendar()
	count = (last - first).days + 1
	return sum(bool(calendar.windows_on(first + timedelta(days=number))) for number in range(count))


def _columns() -> list[dict]:
	return [
		tables.column("employee", _("Employee"), "Link", 150, options="Employee"),
		tables.column("employee_name", _("Name", context="employee"), "Data", 180),
		tables.hours_column("capacity", _("Capacity (h)")),
		tables.hours_column("booked", _("Booked (h)")),
		tables.column("booked_percent", _("Booked (%)"), "Percent", 110),
		tables.hours_column("on_retainers", _("On Retainers (h)"), 140),
		tables.column("utilisation", _("Utilisation (%)"), "Percent", 130),
		tables.hours_column("charged", _("Charged (h)")),
		tables.hours_column("given", _("Not Charged (h)"), 130),
		tables.column("charged_percent", _("Charged of Worked (%)"), "Percent", 210),
	]


def _booked(first: date, last: date, filters: frappe._dict) -> list[frappe._dict]:
	"""Return all submitted time of each employee. One query."""
	sheet, detail = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timesheet Detail")
	query = (
		frappe.qb.from_(detail)
		.join(sheet)
		.on(sheet.name == detail.parent)
		.select(
			sheet.employee,
			Max(sheet.employee_name).as_("employee_name"),
			Sum(detail.hours).as_("hours"),
		)
		.where((sheet.docstatus == 1) & (sheet.employee != ""))
		.where((detail.from_time >= first) & (detail.from_time < add_days(last, 1)))
		.groupby(sheet.employee)
		.orderby(sheet.employee)
	)
	return _narrowed(query, sheet, filters).run(as_dict=True)


def _charged(retainers: list[str], first: date, last: date, filters: frappe._dict) -> list[frappe._dict]:
	"""Return what of it retainers were charged, project management not included. One query."""
	sheet, entry = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timebank Entry")
	query = (
		frappe.qb.from_(entry)
		.join(sheet)
		.on(sheet.name == entry.timesheet)
		.select(sheet.employee, Sum(entry.worked).as_("worked"), Sum(entry.charged).as_("charged"))
		.select(Sum(Case().when(entry.entry_type == "Not Charged", entry.worked).else_(0)).as_("given"))
		.where(entry.retainer.isin(retainers))
		.where((entry.occurred_on >= first) & (entry.occurred_on < add_days(last, 1)))
		.groupby(sheet.employee)
	)
	return _narrowed(query, sheet, filters).run(as_dict=True)


def _narrowed(query, sheet, filters: frappe._dict):
	for field in ("company", "employee"):
		if filters.get(field):
			query = query.where(sheet[field] == filters[field])
	return query


def _row(time: frappe._dict, charged: frappe._dict | None, capacity: float) -> dict:
	on_retainers = tables.in_hours(charged.worked if charged else 0)
	counted = tables.in_hours(charged.charged if charged else 0)
	return {
		"employee": time.employee,
		"employee_name": time.employee_name,
		"capacity": capacity,
		"booked": float(time.hours or 0),
		"booked_percent": tables.share(float(time.hours or 0), capacity),
		"on_retainers": on_retainers,
		"utilisation": tables.share(on_retainers, capacity),
		"charged": counted,
		"given": tables.in_hours(charged.given if charged else 0),
		"charged_percent": tables.share(counted, on_retainers),
	}


def _total(rows: list[dict]) -> dict:
	found = tables.total(rows, SUMS, employee_name=_("Total"))
	return found | {
		"booked_percent": tables.share(found["booked"], found["capacity"]),
		"utilisation": tables.share(found["on_retainers"], found["capacity"]),
		"charged_percent": tables.share(found["charged"], found["on_retainers"]),
	}


def _chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	return {
		"data": {
			"labels": [row["employee_name"] or row["employee"] for row in rows],
			"datasets": [
				{"name": _("Booked (h)"), "values": [row["booked"] for row in rows]},
				{"name": _("Retainers (h)"), "values": [row["on_retainers"] for row in rows]},
				{"name": _("Charged (h)"), "values": [row["charged"] for row in rows]},
			],
		},
		"type": "bar",
		"colors": ["#c0c6cc", "#2f6f9f", "#28a745"],
	}
