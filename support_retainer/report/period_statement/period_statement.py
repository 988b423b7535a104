"""Period Statement: a period's ledger line by line, like an account's, with the balance after each."""

from __future__ import annotations

import frappe
from frappe import _

from support_retainer import clock, requests
from support_retainer.paper import shown_entries, tables

PERIOD = "Timebank Period"
ASKED = ("To Bill", "Billed")


def execute(filters: dict | None = None) -> tuple:
	"""Return columns, the period's entries with their totals, no message, and a chart of the balance."""
	filters = tables.asked(filters)
	period = _period(filters)
	if not period:
		return _columns(), [], _("Choose a retainer, or a period of one."), None
	requests.check_right(PERIOD, "read", period)
	entries = shown_entries(period)
	rows, balance = [], 0
	for entry in entries:
		balance += int(entry.seconds)
		rows.append(_row(entry, balance))
	return _columns(), rows and [*rows, _total(rows)], None, _chart(rows)


def _period(filters: frappe._dict) -> str | None:
	"""Return the period asked for, else the retainer's newest that has begun."""
	if filters.period or not filters.retainer:
		return filters.period
	found = frappe.get_all(
		PERIOD,
		filters={"retainer": filters.retainer, "from_date": ("<=", clock.today())},
		order_by="from_date desc",
		limit=1,
		pluck="name",
	)
	return found[0] if found else None


def _columns() -> list[dict]:
	return [
		tables.column("occurred_on", _("Date"), "Date", 110),
		tables.column("what", _("Entry"), "Data", 240),
		tables.column("ticket", _("Ticket"), "Link", 140, options="Issue"),
		tables.hours_column("worked", _("Worked (h)"), 100),
		tables.hours_column("in_hours", _("In (h)"), 90),
		tables.hours_column("out_hours", _("Out (h)"), 90),
		tables.hours_column("balance", _("Balance (h)"), 110),
		tables.hours_column("overage", _("Beyond the Bank (h)"), 165),
		tables.money_column("amount", _("Amount", context="Timebank Entry")),
		tables.column("billing_status", _("Billing"), "Data", 100),
		tables.column("sales_invoice", _("Sales Invoice"), "Link", 160, options="Sales Invoice"),
		tables.column("entry", _("Ledger Entry"), "Link", 120, options="Timebank Entry"),
	]


def _row(entry: frappe._dict, balance: int) -> dict:
	seconds = int(entry.seconds)
	what = _(entry.entry_type, context="Timebank Entry")
	if entry.component:
		what = f"{what}: {_(entry.component, context='Timebank Entry')}"
	return {
		"period": entry.period,
		"occurred_on": frappe.utils.getdate(entry.occurred_on),
		"what": what,
		"ticket": entry.ticket,
		"worked": tables.in_hours(entry.worked),
		"in_hours": tables.in_hours(max(seconds, 0)),
		"out_hours": tables.in_hours(max(-seconds, 0)),
		"balance": tables.in_hours(balance),
		"overage": tables.in_hours(entry.overage),
		"amount": float(entry.amount or 0),
		"asked": float(entry.amount or 0) if entry.billing_status in ASKED else 0.0,
		"currency": entry.currency,
		"billing_status": _(entry.billing_status, context="Timebank Entry") if entry.billing_status else "",
		"sales_invoice": entry.sales_invoice,
		"entry": entry.name,
	}


def _total(rows: list[dict]) -> dict:
	sums = tables.total(rows, ("worked", "in_hours", "out_hours", "overage"), what=_("Total"))
	currency = next((row["currency"] for row in rows if row["currency"]), None)
	asked = sum(row["asked"] for row in rows)
	return sums | {"balance": rows[-1]["balance"], "amount": asked, "currency": currency}


def _chart(rows: list[dict]) -> dict | None:
	moved = [row for row in rows if row["in_hours"] or row["out_hours"]]
	if not moved:
		return None
	by_day = {frappe.utils.format_date(row["occurred_on"]): row["balance"] for row in moved}
	return {
		"data": {
			"labels": list(by_day),
			"datasets": [{"name": _("Balance (h)"), "values": list(by_day.values())}],
		},
		"type": "line",
		"lineOptions": {"regionFill": 1},
		"colors": ["#2f6f9f"],
	}
