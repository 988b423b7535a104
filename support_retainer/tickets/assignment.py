"""Assign To: the first person who gets a ticket meets, or misses, its assignment target."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.model.document import Document

from support_retainer import clock
from support_retainer.tickets.outcome import reached
from support_retainer.tickets.ticket import TICKET_TYPES, Ticket, get_tickets


def on_assignment(todo: Document, method: str | None = None) -> None:
	"""Stamp the ticket a ToDo assigns, the first time one does."""
	if todo.reference_type not in TICKET_TYPES or not todo.reference_name or not todo.allocated_to:
		return
	ticket = get_tickets(todo.reference_type, [todo.reference_name]).get(todo.reference_name)
	if ticket and ticket.retainer and not ticket.assigned_on:
		set_assigned(ticket, clock.now())


def set_assigned(ticket: Ticket, moment: datetime) -> None:
	"""Write down when a ticket was assigned (naive site time) and whether that kept the promise."""
	frappe.db.set_value(
		ticket.doctype,
		ticket.name,
		{"assigned_on": moment, "assign_status": reached(ticket.assign_by, moment, ticket.sla_rule)},
		update_modified=False,
	)
