"""Retainer Profitability: what each retainer was invoiced, against what its time cost by ERPNext's costing."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import add_days
from pypika import Case

from support_retainer.paper import tables

SUMS = ("worked", "given", "worth", "revenue", "cost", "margin")


def execute(filters: dict | None = None) -> tuple:
	"""Return columns, a row for each retainer with totals, what the figures are, and a chart of revenue and cost.

	Revenue: submitted invoices of the retainer by posting date, less credit notes, excluding VAT. Cost: the costing amounts of
	submitted timesheets by the day of the work. Both in the company's currency.
	"""
	filters = tables.asked(filters)
	first, last = tables.dates(filters)
	retainers = tables.readable_retainers(filters)
	names = [row.name for row in retainers] or [""]
	revenue, cost = _revenue(names, first, last), _cost(names, first, last)
	given = _given(names, first, last)
	rows = [
		_row(row, revenue.get(row.name, 0.0), cost.get(row.name), given.get(row.name))
		for row in retainers
		if row.name in revenue or row.name in cost
	]
	rows.sort(key=lambda row: row["margin"])
	message = _(
		"Revenue is what has been invoiced, excluding VAT; what has not is in Unbilled and Held. "
		"Cost comes from the activity costs on the timesheets."
	)
	return _columns(), rows and [*rows, *_totals(rows)], message, _chart(rows)


def _columns() -> list[dict]:
	return [
		tables.column("customer", _("Customer", context="Retainer"), "Link", 200, options="Customer"),
		tables.column("retainer", _("Retainer"), "Link", 110, options="Retainer"),
		tables.hours_column("worked", _("Worked (h)")),
		tables.hours_column("given", _("Not Charged (h)"), 130),
		tables.money_column("worth", _("Worth of Not Charged"), 170),
		tables.money_column("revenue", _("Revenue")),
		tables.money_column("cost", _("Cost")),
		tables.money_column("margin", _("Margin")),
		tables.column("margin_percent", _("Margin (%)"), "Percent", 110),
		tables.money_column("per_hour", _("Revenue per Hour Worked"), 190),
	]


def _revenue(names: list[str], first, last) -> dict[str, float]:
	invoice = frappe.qb.DocType("Sales Invoice")
	rows = (
		frappe.qb.from_(invoice)
		.select(invoice.retainer, Sum(invoice.base_net_total).as_("amount"))
		.where(invoice.retainer.isin(names) & (invoice.docstatus == 1))
		.where(invoice.posting_date[first:last])
		.groupby(invoice.retainer)
	).run(as_dict=True)
	return {row.retainer: float(row.amount or 0) for row in rows}


def _cost(names: list[str], first, last) -> dict[str, frappe._dict]:
	"""Return hours and cost of the rows of time that the ledger charged to each retainer, each row once."""
	entry, detail = frappe.qb.DocType("Timebank Entry"), frappe.qb.DocType("Timesheet Detail")
	sheet = frappe.qb.DocType("Timesheet")
	# the forms alone fill in base_costing_amount; the server counts in the timesheet's currency
	rate = Case().when(sheet.exchange_rate > 0, sheet.exchange_rate).else_(1)
	charged = (
		frappe.qb.from_(entry)
		.select(entry.retainer, entry.timesheet_detail)
		.where(entry.retainer.isin(names) & (entry.is_reversed == 0) & (entry.timesheet_detail != ""))
		.distinct()
	).as_("charged")
	rows = (
		frappe.qb.from_(charged)
		.join(detail)
		.on(detail.name == charged.timesheet_detail)
		.join(sheet)
		.on(sheet.name == detail.parent)
		.select(
			charged.retainer,
			Sum(detail.hours).as_("hours"),
			Sum(detail.costing_amount * rate).as_("cost"),
		)
		.where((detail.docstatus == 1) & (detail.from_time >= first) & (detail.from_time < add_days(last, 1)))
		.groupby(charged.retainer)
	).run(as_dict=True)
	return {row.retainer: row for row in rows}


def _given(names: list[str], first, last) -> dict[str, frappe._dict]:
	"""Return the seconds worked on each retainer that nobody was charged, and what they are worth in its currency. One query."""
	entry = frappe.qb.DocType("Timebank Entry")
	rows = (
		frappe.qb.from_(entry)
		.select(
			entry.retainer,
			entry.currency,
			Sum(entry.worked).as_("worked"),
			Sum(entry.would_amount).as_("worth"),
		)
		.where(entry.retainer.isin(names) & (entry.entry_type == "Not Charged"))
		.where((entry.occurred_on >= first) & (entry.occurred_on < add_days(last, 1)))
		.groupby(entry.retainer, entry.currency)
	).run(as_dict=True)
	return {row.retainer: row for row in rows}


def _worth(retainer: frappe._dict, given: frappe._dict | None) -> float:
	"""Return what was given in the company's currency, as the revenue is: at today's rate, where there is one."""
	own = frappe.get_cached_value("Company", retainer.company, "default_currency")
	if not given or not given.worth or given.currency == own:
		return float(given.worth or 0) if given else 0.0
	from erpnext.setup.utils import get_exchange_rate

	return float(given.worth) * float(get_exchange_rate(given.currency, own) or 0)


def _row(
	retainer: frappe._dict, revenue: float, time: frappe._dict | None, given: frappe._dict | None
) -> dict:
	hours, cost = float(time.hours or 0) if time else 0.0, float(time.cost or 0) if time else 0.0
	return {
		"customer": retainer.customer,
		"retainer": retainer.name,
		"worked": hours,
		"given": tables.in_hours(given.worked if given else 0),
		"worth": _worth(retainer, given),
		"revenue": revenue,
		"cost": cost,
		"margin": revenue - cost,
		"margin_percent": _margin(revenue - cost, revenue),
		"per_hour": round(revenue / hours, 2) if hours else None,
		"currency": frappe.get_cached_value("Company", retainer.company, "default_currency"),
	}


def _margin(margin: float, revenue: float) -> float | None:
	return (
		tables.share(margin, revenue) if revenue else None
	)  # nought of no revenue would look like breaking even


def _totals(rows: list[dict]) -> list[dict]:
	if not (currency := tables.one_currency(rows)):
		return []
	found = tables.total(rows, SUMS, customer=_("Total"), currency=currency)
	found["margin_percent"] = _margin(found["margin"], found["revenue"])
	found["per_hour"] = round(found["revenue"] / found["worked"], 2) if found["worked"] else None
	return [found]


def _chart(rows: list[dict]) -> dict | None:
	if not rows or not tables.one_currency(rows):
		return None
	return {
		"data": {
			"labels": [row["customer"] for row in rows],
			"datasets": [
				{"name": _("Revenue"), "values": [row["revenue"] for row in rows]},
				{"name": _("Cost"), "values": [row["cost"] for row in rows]},
			],
		},
		"type": "bar",
		"fieldtype": "Currency",
		"currency": rows[0]["currency"],
		"colors": ["#2f6f9f", "#d08a18"],
	}
