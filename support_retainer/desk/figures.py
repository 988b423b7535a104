"""The figures of the workspace: number cards. Each counts what its reader may see, and leads to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta

import frappe
from frappe import _
from frappe.utils import cint, flt, getdate

from support_retainer import clock, paper, requests, timebank
from support_retainer.words import hours

LOW_PERCENT = 20


@frappe.whitelist()
@requests.checked
def urgent_open() -> dict:
	"""Return how many urgent tickets are open, for a number card."""
	urgent = frappe.get_all("Issue Priority", filters={"is_urgent": 1}, pluck="name")
	names = _issues({"status": "Open", "retainer": ("is", "set"), "priority": ("in", urgent or [""])})
	return _card(names, "Issue")


@frappe.whitelist()
@requests.checked
def at_risk() -> dict:
	"""Return how many open tickets are about to breach what was promised, for a number card."""
	names = set()
	for target, done in (("assign", "assigned_on"), ("start", "started_on")):
		names |= _issues(
			{
				"status": "Open",
				done: ("is", "not set"),
				f"{target}_at_risk_on": ("is", "set"),
				f"{target}_breached_on": ("is", "not set"),
			}
		)
	return _card(names, "Issue")


@frappe.whitelist()
@requests.checked
def breached_today() -> dict:
	"""Return how many tickets breached a promise today, for a number card."""
	today = datetime.combine(clock.today(), time.min)
	span = ("between", (today, today + timedelta(days=1, seconds=-1)))
	return _card(_issues({"assign_breached_on": span}) | _issues({"start_breached_on": span}), "Issue")


@frappe.whitelist()
@requests.checked
def nearly_empty() -> dict:
	"""Return how many customers have less than 20 % of this period's time left, for a number card."""
	return _card(_nearly_empty(), "Retainer")


@frappe.whitelist()
@requests.checked
def held() -> dict:
	"""Return how many hours are held until their customers approve, for a number card."""
	entries = _entries("Held")
	waiting = sum(cint(row.overage) or cint(row.base) for row in entries) / 3600
	return {
		"value": flt(waiting, 2),
		"fieldtype": "Float",
		"precision": 2,
		"route": ["List", "Timebank Entry", "List"],
		"route_options": {"billing_status": "Held", "is_reversed": 0},
	}


@frappe.whitelist()
@requests.checked
def to_invoice() -> dict | str:
	"""Return what is to be invoiced and is on no submitted invoice, in the site's currency, for a number card.

	Those whose work is not with the money read the hours beyond the bank instead ("12:30 h").
	"""
	entries = _entries("To Bill")
	if entries and not paper.sees_money():
		return _("{0} h").format(hours(sum(cint(row.overage) for row in entries)))
	currency = frappe.db.get_default("currency") or "SEK"
	amounts: dict[str, float] = defaultdict(float)
	for row in entries:
		amounts[row.currency or currency] += flt(row.amount)
	return {
		"value": flt(sum(_in_currency(amount, own, currency) for own, amount in amounts.items()), 2),
		"fieldtype": "Currency",
		"options": "currency",
		"route": ["List", "Timebank Entry", "List"],
		"route_options": {"billing_status": "To Bill", "is_reversed": 0},
	}


def _issues(filters: dict) -> set[str]:
	"""Return the tickets that match and the reader may see."""
	if not requests.has_role_right("Issue", "read"):
		return set()
	return set(frappe.get_list("Issue", filters=filters, pluck="name", limit_page_length=0))


def retainers(**filters) -> list[frappe._dict]:
	"""Return the active retainers with a time bank that the reader may see."""
	if not requests.has_role_right("Retainer", "read"):
		return []
	return frappe.get_list(
		"Retainer",
		filters={"status": "Active", "mode": "With Timebank", **filters},
		fields=["name", "customer", "customer_name"],
		order_by="customer_name",
		limit_page_length=0,
	)


def current_periods(names: Iterable[str]) -> dict[str, frappe._dict]:
	"""Return the periods of today of retainers, by retainer, with the seconds `given` and `drawn`.

	One query, and a few for each retainer whose period of today is still to be opened; that one counts as if it were open.
	"""
	names, today = list(names), clock.today()
	filters = {"retainer": ("in", names), "from_date": ("<=", today), "to_date": (">=", today)}
	fields = ["name", "retainer", "allotted", "carried_in", "topped_up", "drawn"]
	found = {row.retainer: row for row in frappe.get_all("Timebank Period", filters=filters, fields=fields)}
	for name in names:
		due = [] if name in found else timebank.look_ahead(name, today).periods
		if due and due[-1].to_date >= today:
			found[name] = due[-1]
	for row in found.values():
		row.given = cint(row.allotted) + cint(row.carried_in) + cint(row.topped_up)
	return found


def _nearly_empty() -> set[str]:
	names = [row.name for row in retainers()]
	periods = current_periods(names)
	return {
		name
		for name in names
		if name in periods
		and periods[name].given
		and 100 * timebank.outlook(name, clock.today()) < LOW_PERCENT * periods[name].given
	}


def _entries(status: str) -> list[frappe._dict]:
	if not requests.has_role_right("Timebank Entry", "read"):
		return []
	return frappe.get_list(
		"Timebank Entry",
		filters={"billing_status": status, "is_reversed": 0, "reversal_of": ("is", "not set")},
		fields=["overage", "base", "amount", "currency"],
		limit_page_length=0,
	)


def _in_currency(amount: float, own: str, currency: str) -> float:
	if own == currency or not amount:
		return amount
	from erpnext.setup.utils import get_exchange_rate

	return amount * flt(get_exchange_rate(own, currency, getdate()))


def _card(names: set[str], doctype: str) -> dict:
	return {
		"value": len(names),
		"fieldtype": "Int",
		"route": ["List", doctype, "List"],
		"route_options": {"name": ["in", sorted(names) or [""]]},
	}
