"""Retainer Balance: what each customer's bank was given this period, what was drawn, and what is left."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import getdate

from support_retainer import clock
from support_retainer.paper import tables

SUMS = ("available", "drawn", "left_hours", "overage", "held")
SHOWN_IN_CHART = 15


def execute(filters: dict | None = None) -> tuple:
	"""Return columns, rows with their totals, no message, and a chart of drawn and left for the emptiest banks."""
	filters = tables.asked(filters)
	status = {"status": filters.status} if filters.status else {"status": ("in", ("Active", "Paused"))}
	retainers = tables.readable_retainers(filters, mode="With Timebank", **status)
	rows = _rows(retainers, getdate(filters.on_date or clock.today()))
	if filters.below_percent:
		rows = [row for row in rows if row["left_percent"] < float(filters.below_percent)]
	rows.sort(key=lambda row: (row["left_percent"], row["customer"]))
	chart = _chart(rows)
	return _columns(), rows and [*rows, _total(rows)], None, chart


def _columns() -> list[dict]:
	columns = [
		tables.column("customer", _("Customer", context="Retainer"), "Link", 190, options="Customer"),
		tables.column("retainer", _("Retainer"), "Link", 110, options="Retainer"),
		tables.column("period", _("Timebank Period"), "Link", 215, options="Timebank Period"),
		tables.hours_column("available", _("Available (h)"), 140),
		tables.hours_column("drawn", _("Drawn (h)")),
		tables.hours_column("left_hours", _("Left (h)")),
		tables.column("left_percent", _("Left", context="time bank"), "Percent", 90),
		tables.hours_column("overage", _("Beyond the Bank (h)"), 165),
		tables.hours_column("held", _("Held (h)")),
	]
	return columns + ([tables.money_column("to_bill", _("To Bill"))] if tables.sees_money() else [])


def _rows(retainers: list[frappe._dict], day) -> list[dict]:
	names = [row.name for row in retainers] or [""]
	periods = {row.retainer: row for row in _periods(names, day)}
	waiting = {(row.retainer, row.billing_status): row for row in _waiting(names)}
	return [_row(row, periods.get(row.name), waiting) for row in retainers]


def _periods(names: list[str], day) -> list[frappe._dict]:
	period = frappe.qb.DocType("Timebank Period")
	return (
		frappe.qb.from_(period)
		.select(period.star)
		.where(period.retainer.isin(names) & (period.from_date <= day) & (period.to_date >= day))
	).run(as_dict=True)


def _waiting(names: list[str]) -> list[frappe._dict]:
	entry = frappe.qb.DocType("Timebank Entry")
	return (
		frappe.qb.from_(entry)
		.select(
			entry.retainer,
			entry.billing_status,
			Sum(entry.overage).as_("overage"),
			Sum(entry.amount).as_("amount"),
		)
		.where(entry.retainer.isin(names) & (entry.is_reversed == 0))
		.where(entry.billing_status.isin(("To Bill", "Held")))
		.groupby(entry.retainer, entry.billing_status)
	).run(as_dict=True)


def _row(retainer: frappe._dict, period: frappe._dict | None, waiting: dict) -> dict:
	period = period or frappe._dict()
	available = sum(int(period.get(field) or 0) for field in ("allotted", "carried_in", "topped_up"))
	left = int(period.balance or 0)
	held = waiting.get((retainer.name, "Held")) or frappe._dict()
	to_bill = waiting.get((retainer.name, "To Bill")) or frappe._dict()
	return {
		"customer": retainer.customer,
		"retainer": retainer.name,
		"period": period.name,
		"available": tables.in_hours(available),
		"drawn": tables.in_hours(period.drawn),
		"left_hours": tables.in_hours(left),
		"left_percent": tables.share(left, available),
		"overage": tables.in_hours(period.overage),
		"held": tables.in_hours(held.overage),
		"to_bill": float(to_bill.amount or 0),
		"currency": retainer.currency,
	}


def _total(rows: list[dict]) -> dict:
	found = tables.total(rows, SUMS, customer=_("Total"))
	currency = tables.one_currency(rows)
	money = {"to_bill": sum(row["to_bill"] for row in rows), "currency": currency} if currency else {}
	return found | money | {"left_percent": tables.share(found["left_hours"], found["available"])}


def _chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	shown = rows[:SHOWN_IN_CHART]
	return {
		"data": {
			"labels": [row["customer"] for row in shown],
			"datasets": [
				{"name": _("Drawn (h)"), "values": [row["drawn"] for row in shown]},
				{"name": _("Left (h)"), "values": [max(0, row["left_hours"]) for row in shown]},
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"colors": ["#2f6f9f", "#a9c8de"],
	}
