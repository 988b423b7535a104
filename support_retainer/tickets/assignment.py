"""Assign To: the first person who gets a ticket meets, or misses, its assignment target."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.model.document import Document

from support_retainer import clock
from support_retainer.tickets import clocks, store
from support_retainer.tickets.ticket import TICKET_TYPES


def on_assignment(todo: Document, method: str | None = None) -> None:
	"""Stamp the ticket a ToDo assigns, the first time one does."""
	if todo.reference_type not in TICKET_TYPES or not todo.reference_name or not todo.allocated_to:
		return
	found = frappe.db.get_value(
		todo.reference_type, todo.reference_name, ["retainer", "assigned_on"], as_dict=True
	)
	if found and found.retainer and not found.assigned_on:
		set_reached(todo.reference_type, todo.reference_name, "assign", clock.now())


def set_reached(doctype: str, name: str, target: str, moment: datetime) -> dict:
	"""Write down that somebody assigned a ticket ("assign") or began it ("start") by hand, and whether that kept the promise.

	Returns:
	        the moment and the status, by their field names.
	"""
	doc = store.locked(doctype, name)
	doc.set(clocks.NOTED[target], moment)
	clocks.reach(doc, target, moment)
	store.write(doc)
	return {field: doc.get(field) for field in (dict(clocks.TARGETS)[target], f"{target}_status")}
