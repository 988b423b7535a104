"""Work on a ticket is for those who may see the ticket: booked time, assignments, estimates, sprints, and what is sold of them.

Frappe asks about the Timesheet or the ToDo, which are the user's own, and not about the ticket they name. Whoever is refused hears what they
would hear of a ticket that does not exist.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, get_datetime

from support_retainer import requests, tickets
from support_retainer.permissions.attachments import is_guarded
from support_retainer.permissions.documents import is_desk_user, stays_permitted
from support_retainer.words import filled

ISSUE = tickets.TICKET_TYPES[0]
TIMES = ("from_time", "to_time")
REASONS = ("not_charged_because", "not_charged_note")


def check_timesheet(doc: Document, method: str | None = None) -> None:
	"""Refuse rows that are new, changed or taken away on tickets the user has no right to.

	Raises:
	        frappe.LinkValidationError: as if there were no such ticket.
	"""
	if frappe.session.user == "Administrator":
		return
	had = {_key(row): row for row in _rows(_before(doc))}
	has = {_key(row): row for row in _rows(doc)}
	for key in [*(key for key in has if key not in had), *(key for key in had if key not in has)]:
		_check(has.get(key) or had[key], "ticket")


def check_whole_timesheet(doc: Document, method: str | None = None) -> None:
	"""Refuse to submit, cancel or delete time on tickets the user has no right to, whoever booked it.

	Raises:
	        frappe.LinkValidationError: as if there were no such ticket.
	"""
	if frappe.session.user != "Administrator":
		for row in _rows(doc):
			_check(row, "ticket")


def check_todo(todo: Document, method: str | None = None) -> None:
	"""Everybody who can log in may write a ToDo, and one that names a ticket assigns it: only those at the desk may, who may read the ticket.

	Raises:
	        frappe.PermissionError: the user is a customer's contact, and it was no rule of the site that made the ToDo.
	        frappe.LinkValidationError: as if there were no such ticket.
	"""
	user, kind, name = frappe.session.user, todo.reference_type, todo.reference_name
	if not kind or todo.flags.ignore_permissions or user == "Administrator" or not is_guarded(kind):
		return
	if not is_desk_user(user):
		frappe.throw(_("Staff alone assign this. Ask the agency."), frappe.PermissionError)
	before = None if todo.is_new() else todo.get_doc_before_save()
	fields = ("reference_type", "reference_name", "allocated_to")
	changed = not before or any(cstr(before.get(field)) != cstr(todo.get(field)) for field in fields)
	if name and changed and not requests.has_right(kind, "read", name):
		refuse_as_missing(todo, "reference_name")


def check_agreement(doc: Document, method: str | None = None) -> None:
	"""Refuse an estimate or a sprint of tickets the user may not read.

	Raises:
	        frappe.LinkValidationError: as if there were no such ticket.
	"""
	if frappe.session.user == "Administrator" or doc.flags.from_room or doc.flags.ignore_permissions:
		return
	for row in (doc,) if doc.get("ticket") else doc.get("tickets") or ():
		kind = row.get("ticket_type") or ISSUE
		named = row.get("ticket") and kind in tickets.TICKET_TYPES and frappe.db.exists(kind, row.ticket)
		if named and not requests.has_right(kind, "read", row.ticket):
			refuse_as_missing(row, "ticket")


def check_sold(doc: Document, method: str | None = None) -> None:
	"""Refuse offers, orders and invoices that newly name tickets the user has no right to.

	Raises:
	        frappe.LinkValidationError: as if there were no such ticket.
	"""
	if frappe.session.user == "Administrator" or doc.flags.ignore_permissions:
		return
	had = {row.get("ticket") for row in (_before(doc) or frappe._dict()).get("items") or ()}
	for row in doc.get("items") or ():
		if row.get("ticket") and row.ticket not in had:
			_check(row, "ticket")


def refuse_as_missing(row: Document, field: str) -> None:
	"""Say what Frappe says of a link that leads nowhere."""
	told = f"{_(row.meta.get_label(field), context=row.doctype)}: {row.get(field)}"
	if row.get("parentfield"):
		told = f"{_('Row')} #{row.idx}: {told}"
	frappe.clear_messages()
	frappe.throw(filled(_("Could not find {0}"), told), frappe.LinkValidationError)


def _check(row: Document, field: str) -> None:
	kind, name = row.get("ticket_type") or ISSUE, row.get(field)
	if kind not in tickets.TICKET_TYPES or not name:
		return
	found = frappe.db.get_value(kind, name, ["name", "retainer"], as_dict=True)
	if found and not _may_work_on(kind, found):
		refuse_as_missing(row, field)


def _may_work_on(kind: str, ticket: frappe._dict) -> bool:
	"""Those who may read a ticket; and those who may read its retainer, as who keeps the accounts does. Without a retainer nothing is charged or
	promised, and a timesheet is ERPNext's own: User Permissions alone are asked."""
	if requests.has_right(kind, "read", ticket.name):
		return True
	if ticket.retainer:
		return stays_permitted(frappe.get_doc(kind, ticket.name), frappe.session.user) and requests.has_right(
			"Retainer", "read", ticket.retainer
		)
	return stays_permitted(frappe.get_doc(kind, ticket.name), frappe.session.user)


def _before(doc: Document) -> Document | None:
	if not doc.is_new():
		return doc.get_doc_before_save()
	amended = doc.get("amended_from")
	return (
		frappe.get_doc(doc.doctype, amended) if amended and frappe.db.exists(doc.doctype, amended) else None
	)


def _rows(doc: Document | None) -> list[Document]:
	return [row for row in (doc.time_logs if doc else ()) if row.get("ticket")]


def _key(row: Document) -> tuple:
	times = [
		str(get_datetime(row.get(field)).replace(microsecond=0)) if row.get(field) else "" for field in TIMES
	]
	return (row.get("ticket_type") or ISSUE, row.ticket, *times, *(cstr(row.get(field)) for field in REASONS))
