"""Time by Category: how each customer's time was spent, beside the guideline the agency publishes."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import add_days

from support_retainer.paper import categories, tables

MANAGEMENT = "Project Management"
GIVEN = "Not Charged"
NAMES = (*categories.GUIDELINE, categories.OTHER)


def execute(filters: dict | None = None) -> tuple:
	"""Return columns, a row for each customer, all of them and the guideline, no message, and a chart of the shares."""
	filters = tables.asked(filters)
	first, last = tables.dates(filters)
	retainers = tables.readable_retainers(filters)
	spent = _spent([row.name for row in retainers] or [""], first, last)
	rows = [_row(customer, seconds) for customer, seconds in sorted(spent.items())]
	if not rows:
		return _columns(), [], None, None
	whole = {name: sum(seconds.get(name, 0) for seconds in spent.values()) for name in (*NAMES, GIVEN)}
	everyone = _row(None, whole) | {"name": _("All customers"), "is_total": 1}
	return _columns(), [*rows, everyone, _guideline()], None, _chart(everyone)


def _columns() -> list[dict]:
	columns = [
		tables.column("name", _("Customer", context="Retainer"), "Data", 200),
		tables.hours_column("total", _("Time (h)"), 100),
		tables.hours_column("given", _("Of It Not Charged (h)"), 170),
	]
	for name in NAMES:
		label = _(name) if name != categories.OTHER else _("Other work")
		key = frappe.scrub(name)
		width = 60 + 8 * len(label)
		columns.append(tables.hours_column(key, _("{0} (h)").format(label), width))
		columns.append(tables.column(f"{key}_share", _("{0} (%)").format(label), "Percent", width))
	return columns


def _spent(retainers: list[str], first, last) -> dict[str, dict[str, int]]:
	"""Return seconds by customer and category, charged and given, and what of all was given. One query: what was reversed cancels out in the
	sum."""
	entry = frappe.qb.DocType("Timebank Entry")
	detail = frappe.qb.DocType("Timesheet Detail")
	activity = frappe.qb.DocType("Activity Type")
	rows = (
		frappe.qb.from_(entry)
		.left_join(detail)
		.on(detail.name == entry.timesheet_detail)
		.left_join(activity)
		.on(activity.name == detail.activity_type)
		.select(
			entry.customer,
			entry.component,
			activity.work_category,
			Sum(entry.charged).as_("charged"),
			Sum(entry.would_charged).as_("given"),
			Sum(entry.drawn + entry.overage).as_("settled"),
		)
		.where(entry.retainer.isin(retainers) & (entry.timesheet_detail != ""))
		.where((entry.occurred_on >= first) & (entry.occurred_on < add_days(last, 1)))
		.groupby(entry.customer, entry.component, activity.work_category)
	).run(as_dict=True)
	found: dict[str, dict[str, int]] = {}
	for row in rows:
		by_management = row.component == MANAGEMENT
		name = MANAGEMENT if by_management else row.work_category or categories.OTHER
		seconds = int(row.settled) if by_management else int(row.charged) + int(row.given or 0)
		of_customer = found.setdefault(row.customer, {})
		of_customer[name] = of_customer.get(name, 0) + seconds
		given = int(row.given or 0)
		of_customer[GIVEN] = of_customer.get(GIVEN, 0) + given
	return {customer: seconds for customer, seconds in found.items() if any(seconds.values())}


def _row(customer: str | None, seconds: dict[str, int]) -> dict:
	whole = sum(seconds.get(name, 0) for name in NAMES)
	row = {"name": customer, "customer": customer, "total": tables.in_hours(whole)}
	row["given"] = tables.in_hours(seconds.get(GIVEN, 0))
	for name in NAMES:
		key = frappe.scrub(name)
		row[key] = tables.in_hours(seconds.get(name, 0))
		row[f"{key}_share"] = tables.share(seconds.get(name, 0), whole)
	return row


def _guideline() -> dict:
	shares = {f"{frappe.scrub(name)}_share": percent for name, percent in categories.GUIDELINE.items()}
	return {"name": _("Guideline"), "is_total": 1, **shares}


def _chart(everyone: dict) -> dict:
	names = [name for name in NAMES if name in categories.GUIDELINE or everyone[frappe.scrub(name)]]
	return {
		"data": {
			"labels": [_(name) if name != categories.OTHER else _("Other work") for name in names],
			"datasets": [
				{
					"name": _("Spent (%)"),
					"values": [everyone[f"{frappe.scrub(name)}_share"] for name in names],
				},
				{"name": _("Guideline (%)"), "values": [categories.GUIDELINE.get(name, 0) for name in names]},
			],
		},
		"type": "bar",
		"colors": ["#2f6f9f", "#c0c6cc"],
	}
