"""Doors of Frappe that ask nobody who they are, closed for tickets and for the app's own documents."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.desk.doctype.tag import tag as original
from frappe.model.document import Document

from support_retainer import tickets
from support_retainer.permissions.documents import is_desk_user
from support_retainer.setup.custom_fields import MODULE


def refuse_strangers_todo(todo: Document, method: str | None = None) -> None:
	"""Everybody who can log in may write a ToDo, and one that names a ticket assigns it: only those at the desk may.

	Raises:
	        frappe.PermissionError: the user is a customer's contact, and it was no rule of the site that made the ToDo.
	"""
	if not todo.reference_type or todo.flags.ignore_permissions or is_desk_user(frappe.session.user):
		return
	if _is_guarded(todo.reference_type):
		_refuse(todo.reference_type)


@frappe.whitelist()
def add_tag(tag: str, dt: str, dn: str, color: str | None = None) -> str:
	"""Do what Frappe's `add_tag` does, for those who may write the document."""
	_check(dt, [dn])
	return original.add_tag(tag, dt, dn, color)


@frappe.whitelist()
def add_tags(tags: str | list, dt: str, docs: str | list, color: str | None = None) -> None:
	"""Do what Frappe's `add_tags` does, for those who may write the documents."""
	_check(dt, frappe.parse_json(docs))
	original.add_tags(tags, dt, docs, color)


@frappe.whitelist()
def remove_tag(tag: str, dt: str, dn: str) -> None:
	"""Do what Frappe's `remove_tag` does, for those who may write the document."""
	_check(dt, [dn])
	original.remove_tag(tag, dt, dn)


def _check(doctype: str, names: list[str]) -> None:
	if not _is_guarded(doctype):
		return
	for name in names:
		if not frappe.db.exists(doctype, name) or not frappe.has_permission(doctype, "write", doc=name):
			_refuse(doctype)


def _is_guarded(doctype: str) -> bool:
	return (
		doctype in tickets.TICKET_TYPES
		or frappe.db.get_value("DocType", doctype, "module", cache=True) == MODULE
	)


def _refuse(doctype: str) -> None:
	frappe.throw(_("You may not change this {0}. Ask the agency.").format(_(doctype)), frappe.PermissionError)
