"""Doors of Frappe that ask nobody who they are, closed for tickets and for the app's own documents."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.core.doctype.file import file
from frappe.desk import like
from frappe.desk.doctype.tag import tag as original
from frappe.model.document import Document
from frappe.templates.includes.comments import comments

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


def file_has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Frappe's answer, but whoever may make a File cannot name another's private address in it and read that as their own."""
	user = user or frappe.session.user
	if ptype == "create" and not doc.get("content") and _is_anothers(doc, user):
		return False
	return bool(file.has_permission(doc, ptype, user))


def refuse_strangers_file(doc: Document, method: str | None = None) -> None:
	"""The same for a File that is changed.

	Raises:
	        frappe.PermissionError: the user may not read the file it now names.
	"""
	if doc.is_new() or doc.flags.ignore_permissions or not doc.has_value_changed("file_url"):
		return
	if _is_anothers(doc, frappe.session.user):
		frappe.throw(_("You may not use this file. Send it anew."), frappe.PermissionError)


def _is_anothers(doc: Document, user: str) -> bool:
	url = posixpath.normpath(unquote(doc.file_url or ""))
	if not url.startswith("/private/"):
		return False
	names = frappe.get_all("File", {"file_url": url, "name": ("!=", doc.name or "")}, pluck="name")
	return bool(names) and not any(
		frappe.has_permission("File", "read", doc=name, user=user) for name in names
	)


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


@frappe.whitelist()
def toggle_like(doctype: str, name: str, add: str | bool = False) -> None:
	"""Do what Frappe's `toggle_like` does, for those who may read the document."""
	_check(doctype, [name], "read")
	like.toggle_like(doctype, name, add)


@frappe.whitelist(allow_guest=True)
def add_comment(
	comment: str,
	comment_email: str,
	comment_by: str,
	reference_doctype: str,
	reference_name: str,
	route: str | None = None,
):
	"""Do what Frappe's `add_comment` for web pages does; on tickets and ours, for those who may read them."""
	if _is_guarded(reference_doctype) and not _may_read(reference_doctype, reference_name):
		_refuse(reference_doctype)
	return comments.add_comment(
		comment, comment_email, comment_by, reference_doctype, reference_name, route or ""
	)


def _may_read(doctype: str, name: str) -> bool:
	return bool(frappe.db.exists(doctype, name)) and bool(
		frappe.has_permission(doctype, "read", doc=name)
		or frappe.has_website_permission(name, "read", doctype=doctype)
	)


def _check(doctype: str, names: list[str], right: str = "write") -> None:
	if not _is_guarded(doctype):
		return
	for name in names:
		if not frappe.db.exists(doctype, name) or not frappe.has_permission(doctype, right, doc=name):
			_refuse(doctype)


def _is_guarded(doctype: str) -> bool:
	return (
		doctype in tickets.TICKET_TYPES
		or frappe.db.get_value("DocType", doctype, "module", cache=True) == MODULE
	)


def _refuse(doctype: str) -> None:
	frappe.throw(_("You may not change this {0}. Ask the agency.").format(_(doctype)), frappe.PermissionError)
