"""Unbilled and Held: all money that is on no submitted invoice yet, and what it waits for."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import date_diff, getdate

from support_retainer import billing, clock
from support_retainer.paper import tables

WAITING = ("To Bill", "Held", "Owed")
NO_CONTRACT = "On No Contract"
COLOURS = {"To Bill": "#2f6f9f", "Held": "#d08a18", "Owed": "#8a6fb0"}


def execute(filters: dict | None = None) -> tuple:
	"""Return columns, the waiting entries with totals by currency, no message, a chart by customer and a summary."""
	filters = tables.asked(filters)
	retainers = {row.name: row for row in tables.readable_retainers(filters)}
	entries = [] if filters.status == NO_CONTRACT else _entries(list(retainers) or [""], filters)
	refused = billing.refused_drafts(sorted({entry.period for entry in entries}))
	rows = [_row(entry, refused.get(entry.period, "")) for entry in entries]
	if not filters.status or filters.status == NO_CONTRACT:
		customers = sorted({row.customer for row in retainers.values()})
		known = set(retainers)
		rows += [
			_outside(row) for row in billing.on_no_contract(customers) if not row.under or row.under in known
		]
	rows = [row for row in rows if row["age"] >= int(filters.older_than or 0)]
	totals = [
		tables.total(
			[row for row in rows if row["currency"] == currency],
			("hours", "amount"),
			customer=_("Total"),
			currency=currency,
		)
		for currency in sorted({row["currency"] for row in rows if row["currency"]})
	]
	return _columns(), [*rows, *totals], None, _chart(rows), _summary(rows)


def _columns() -> list[dict]:
	return [
		tables.column("customer", _("Customer", context="Retainer"), "Link", 180, options="Customer"),
		tables.column("retainer", _("Retainer"), "Link", 110, options="Retainer"),
		tables.column("status", _("Status"), "Data", 170),
		tables.column("waits_for", _("Waits For"), "Small Text", 300),
		tables.column("occurred_on", _("Date"), "Date", 110),
		tables.column("age", _("Age (Days)"), "Int", 130),
		tables.column("ticket", _("Ticket"), "Link", 140, options="Issue"),
		tables.column("what", _("Entry"), "Data", 240),
		tables.hours_column("hours", _("Time (h)"), 90),
		tables.money_column("amount", _("Amount", context="Timebank Entry")),
		tables.column("sales_invoice", _("Draft Invoice"), "Link", 160, options="Sales Invoice"),
		tables.column("entry", _("Ledger Entry"), "Link", 120, options="Timebank Entry"),
	]


def _entries(retainers: list[str], filters: frappe._dict) -> list[frappe._dict]:
	entry = frappe.qb.DocType("Timebank Entry")
	return (
		frappe.qb.from_(entry)
		.select(entry.star)
		.where(entry.retainer.isin(retainers) & (entry.is_reversed == 0) & (entry.amount != 0))
		.where(entry.billing_status.isin([filters.status] if filters.status in WAITING else WAITING))
		.orderby(entry.customer, entry.occurred_on, entry.line_no, entry.name)
	).run(as_dict=True)


def _row(entry: frappe._dict, refused: str) -> dict:
	what = _(entry.entry_type, context="Timebank Entry")
	if entry.component:
		what = f"{what}: {_(entry.component, context='Timebank Entry')}"
	return {
		"customer": entry.customer,
		"retainer": entry.retainer,
		"billing_status": entry.billing_status,
		"status": _(entry.billing_status, context="Timebank Entry"),
		"waits_for": _waits_for(entry, refused),
		"occurred_on": getdate(entry.occurred_on),
		"age": date_diff(clock.today(), entry.occurred_on),
		"ticket": entry.ticket,
		"what": what,
		"hours": tables.in_hours(entry.base or entry.overage),
		"amount": float(entry.amount),
		"currency": entry.currency,
		"sales_invoice": entry.sales_invoice,
		"entry": entry.name,
	}


def _outside(row: frappe._dict) -> dict:
	"""Return a row of time that no ledger has: it has hours as worked, and no money yet."""
	if row.retainer:
		waits = _("To be charged: {0} held that day").format(row.retainer)
	else:
		waits = _("No retainer held that day: invoice it from the timesheet, or give it with a reason")
	return {
		"customer": row.customer,
		"retainer": row.retainer or row.under,
		"billing_status": NO_CONTRACT,
		"status": _("On No Contract"),
		"waits_for": waits,
		"occurred_on": getdate(row.from_time),
		"age": date_diff(clock.today(), getdate(row.from_time)),
		"ticket": row.ticket,
		"what": _("{0} row {1}").format(row.parent, row.idx),
		"hours": tables.in_hours(row.seconds),
		"amount": 0,
		"currency": "",
		"sales_invoice": None,
		"entry": None,
		"detail": row.name if row.retainer else None,
	}


def _waits_for(entry: frappe._dict, refused: str) -> str:
	"""Return what an entry waits for; what ERPNext says of its draft, where it refuses it."""
	if entry.billing_status == "Held":
		return _("The customer's approval")
	if entry.billing_status == "Owed":
		return _("The next period's hours")
	if entry.sales_invoice:
		said = _("Its draft to be submitted")
		return f"{said}. {refused}" if refused else said
	return _("Its draft, which is refused: {0}").format(refused) if refused else _("The close of its period")


def _chart(rows: list[dict]) -> dict | None:
	"""Return money by customer, when all of it is in one currency."""
	rows = [row for row in rows if row["billing_status"] in WAITING]
	if not rows or not tables.one_currency(rows):
		return None
	customers = list(dict.fromkeys(row["customer"] for row in rows))
	shown = [status for status in WAITING if any(row["billing_status"] == status for row in rows)]
	names = {status: _(status, context="Timebank Entry") for status in WAITING}
	names["Held"] = _("Held", context="legend of a chart")  # a legend has room for a word

	def money(customer: str, status: str) -> float:
		return sum(
			row["amount"] for row in rows if row["customer"] == customer and row["billing_status"] == status
		)

	return {
		"data": {
			"labels": customers,
			"datasets": [
				{
					"name": names[status],
					"values": [money(customer, status) for customer in customers],
				}
				for status in shown
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"colors": [COLOURS[status] for status in shown],
	}


def _summary(rows: list[dict]) -> list[dict]:
	found = []
	outside = sum(row["hours"] for row in rows if row["billing_status"] == NO_CONTRACT)
	if outside:
		label = _("On No Contract (h)")
		found.append({"value": outside, "label": label, "datatype": "Float", "indicator": "Red"})
	rows = [row for row in rows if row["billing_status"] in WAITING]
	for currency in sorted({row["currency"] for row in rows}):
		for status in WAITING:
			amount = sum(
				row["amount"]
				for row in rows
				if row["currency"] == currency and row["billing_status"] == status
			)
			if amount:
				label = _(status, context="Timebank Entry")
				found.append(
					{"value": amount, "label": label, "datatype": "Currency", "currency": currency}
					| {"indicator": "Orange" if status == "Held" else "Blue"}
				)
	return found
