"""The customer puts their open tickets in order: dragged, by keyboard, or by buttons that work without JavaScript."""

from __future__ import annotations

import frappe
from frappe import _

from support_retainer import tickets
from support_retainer.portal import access, tickets_shown
from support_retainer.portal.forms import answer
from support_retainer.portal.page import asked, go, open_page

HERE = "/support/order"
MOVES = {"up": -1, "down": 1}


def show_order(context: frappe._dict) -> None:
	"""Fill in the page: open tickets in the order they are worked, urgent ones apart."""
	seen = open_page(context, _("Order of work"), "/support/tickets")
	answer(context, seen, {"move": _move})
	rows = [row for row in tickets_shown.open_tickets(seen.customer) if not tickets.pending_suggestion(row)]
	context.groups = [
		(key, title, [row for row in rows if row.urgent == (key == "urgent")])
		for key, title in (("urgent", _("Urgent, first of all")), ("normal", _("In this order")))
	]


def keep(customer: str, names: list[str]) -> dict[str, int]:
	"""Keep an order of the customer's tickets for whoever acts for the customer; return the ranks.

	Raises:
	        frappe.PermissionError: the user does not act for the customer.
	"""
	access.check_customer(customer)
	return tickets.rank(customer, names)


def _move(seen: access.Visitor) -> None:
	"""Move one ticket up or down among those of its urgency: the button's value is "NAME:up"."""
	name, _colon, way = asked("ticket").rpartition(":")
	rows = [row for row in tickets_shown.open_tickets(seen.customer) if not tickets.pending_suggestion(row)]
	moved = next((row for row in rows if row.name == name), None)
	if not moved or way not in MOVES:
		access.refuse()
	names = [row.name for row in rows if row.urgent == moved.urgent]
	place = names.index(name)
	other = min(max(place + MOVES[way], 0), len(names) - 1)
	names[place], names[other] = names[other], names[place]
	keep(seen.customer, names)
	go(HERE, done="ordered", moved=name)
