"""Work begins: by the button, or by the first booked time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.query_builder.functions import Min
from frappe.utils import get_datetime

from support_retainer import clock
from support_retainer.tickets import clocks, stamp, store
from support_retainer.tickets.assignment import set_reached
from support_retainer.tickets.ticket import TICKET_TYPES, get_ticket, get_tickets


@frappe.whitelist(methods=["POST"])
def start_work(ticket_type: str, ticket: str) -> dict:
	"""Stamp that work on a ticket begins now, taking it on if nobody has.

	Returns:
	        `started_on` (naive site time) and `start_status`.

	Raises:
	        frappe.PermissionError: the user may not write the ticket.
	        frappe.ValidationError: the ticket has no retainer or was started already.
	"""
	if ticket_type not in TICKET_TYPES:
		frappe.throw(_("{0} is not a kind of ticket.").format(ticket_type))
	frappe.has_permission(ticket_type, "write", doc=ticket, throw=True)
	found = get_ticket(ticket_type, ticket)
	if not found.retainer:
		frappe.throw(_("{0} belongs to no retainer, so no start is promised for it.").format(ticket))
	if found.started_on:
		frappe.throw(
			_("Work on {0} was started {1}.").format(ticket, frappe.utils.format_datetime(found.started_on))
		)
	if not found.assigned_on:
		assign_to.add({"doctype": ticket_type, "name": ticket, "assign_to": [frappe.session.user]})
	return set_reached(ticket_type, ticket, "start", clock.now())


def mark_started(ticket_type: str, name: str, moment: datetime) -> None:
	"""Stamp a ticket by booked time: the earliest moment anyone worked on it (naive site time).

	Whoever works on a ticket has taken it on, so an unassigned one counts as assigned then.
	"""
	mark_all_started({(ticket_type, name): moment})


def mark_all_started(moments: Mapping[tuple[str, str], datetime]) -> None:
	"""Stamp tickets, by type and name, as `mark_started` does; read in one query, written only where something changes."""
	for ticket_type in {ticket_type for ticket_type, _name in moments}:
		names = [name for kind, name in moments if kind == ticket_type]
		for name, ticket in sorted(get_tickets(ticket_type, names).items()):
			if ticket.retainer and not (ticket.assigned_on and ticket.started_on):
				_mark_started(
					ticket_type, name, get_datetime(moments[ticket_type, name]).replace(microsecond=0)
				)


def _mark_started(ticket_type: str, name: str, moment: datetime) -> None:
	doc = store.locked(ticket_type, name)
	for target, reached in (("assign", "assigned_on"), ("start", "started_on")):
		if not doc.get(reached):
			clocks.reach(doc, target, moment)
	store.write(doc)


def reconsider_started(ticket_type: str, name: str, booked_at: datetime) -> None:
	"""Take a start back that rested on cancelled time alone: the next booked time, or none, takes its place."""
	ticket = get_tickets(ticket_type, [name]).get(name)
	if not ticket or not ticket.started_on or get_datetime(ticket.started_on) != get_datetime(booked_at):
		return
	detail = frappe.qb.DocType("Timesheet Detail")
	first = (
		frappe.qb.from_(detail)
		.select(Min(detail.from_time))
		.where((detail.docstatus == 1) & (detail.ticket_type == ticket_type) & (detail.ticket == name))
		.run()[0][0]
	)
	if first:
		set_reached(ticket_type, name, "start", get_datetime(first))
		return
	doc = store.locked(ticket_type, name)
	doc.started_on = None
	stamp.stamp(doc, was=store.before(doc))
	store.write(doc)
