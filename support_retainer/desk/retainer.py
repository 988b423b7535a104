"""A retainer at a glance: its bank today, what is claimed of it, what waits, and how its last periods went."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.utils import cint, flt, getdate

from support_retainer import billing, clock, requests, tickets, timebank

PERIOD = "Timebank Period"
SHOWN = 6


def picture(name: str) -> dict:
	"""Return what a retainer's form shows: seconds, and amounts in its currency.

	Keys: `balance` (today), `given` and `drawn` of the current period, `reserved` by open tickets, `free` (balance less reserved),
	`owed`, `held` and `unbilled` (`seconds`, `amount`), `periods` (the last ones, oldest first), `closable` (how many have ended
	and are open), `currency`, `mode`.
	"""
	row = frappe.get_cached_doc("Retainer", name)
	ahead = timebank.look_ahead(name, clock.today())
	balance, reserved = timebank.balance_of(ahead.lots, clock.today()), tickets.reserved(name)
	periods = _periods(name, ahead)
	current = next((each for each in periods if each.from_date <= clock.today() <= each.to_date), None)
	return {
		"mode": row.mode,
		"currency": row.currency,
		"period": current and frappe.db.exists(PERIOD, current.name),
		"given": current.given if current else 0,
		"drawn": current.drawn if current else 0,
		"balance": balance,
		"reserved": reserved,
		"free": balance - reserved,
		"owed": sum(timebank.owed_seconds(entry) for entry in timebank.owed_entries(name)),
		"held": _sum(billing.held_entries(name)),
		"unbilled": _sum(row for row in timebank.entries_of(retainer=name, billing_status="To Bill")),
		"periods": periods,
		"closable": len(timebank.due_periods(name, clock.today(), 0)),
	}


def held(name: str) -> list[dict]:
	"""Return the held entries of a retainer as a form lists them, oldest first."""
	fields = ("name", "occurred_on", "ticket_type", "ticket", "entry_type", "component", "overage")
	fields += ("amount", "currency")
	return [{field: row.get(field) for field in fields} for row in billing.held_entries(name)]


def timesheets(name: str) -> list[str]:
	"""Return the timesheets with time charged on a retainer that the user may read, newest first; at most 500."""
	entry = frappe.qb.DocType("Timebank Entry")
	names = (
		frappe.qb.from_(entry)
		.select(entry.timesheet)
		.distinct()
		.where((entry.retainer == name) & entry.timesheet.isnotnull() & (entry.timesheet != ""))
		.orderby(entry.timesheet, order=frappe.qb.desc)
		.limit(500)
	).run(pluck=True)
	if not names or not requests.has_role_right("Timesheet", "read"):
		return []
	return frappe.get_list("Timesheet", filters={"name": ("in", names)}, pluck="name", limit_page_length=500)


def _periods(name: str, ahead: timebank.Outlook) -> list[frappe._dict]:
	"""Return the last periods, oldest first; those that are due count as if they were open."""
	fields = ["name", "from_date", "to_date", "status", "allotted", "carried_in", "topped_up"]
	fields += ["drawn", "expired", "carried_out", "overage", "balance"]
	rows = frappe.get_all(
		PERIOD, filters={"retainer": name}, fields=fields, order_by="from_date desc", limit=SHOWN
	)
	rows = [*rows[::-1], *ahead.periods][-SHOWN:]
	for row in rows:
		row.from_date, row.to_date = getdate(row.from_date), getdate(row.to_date)
		row.given = cint(row.allotted) + cint(row.carried_in) + cint(row.topped_up)
	return rows


def _sum(entries: Iterable[frappe._dict]) -> dict:
	found = list(entries)
	return {
		"seconds": sum(cint(row.overage) or cint(row.base) for row in found),
		"amount": sum(flt(row.amount) for row in found),
		"count": len(found),
	}
