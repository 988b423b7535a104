"""Frappe's rights, asked about a document that is there.

`frappe.has_permission` takes a document that is empty (0, {}, "") for none at all, and answers for the role alone. So nobody else in
the app calls it.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer.words import filled


def has_right(doctype: str, right: str, document: str | Document, user: str | None = None) -> bool:
	"""Return whether a user has a right to one document; False when there is none of exactly that name.

	Raises:
	        frappe.PermissionError: it is no name and no document.
	"""
	if isinstance(document, Document):
		return bool(frappe.has_permission(doctype, right, doc=document, user=user))
	if not isinstance(document, str) or not document.strip():
		_refuse(doctype)
	# MariaDB takes "iss-1 " for ISS-1: one name a document
	if str(frappe.db.get_value(doctype, document, "name")) != document:
		return False
	return bool(frappe.has_permission(doctype, right, doc=document, user=user))


def check_right(doctype: str, right: str, document: str | Document) -> None:
	"""Refuse the user who has no such right to the document, and in the same words when there is no such document.

	Raises:
	        frappe.PermissionError: not theirs, or not there.
	"""
	if not has_right(doctype, right, document):
		_refuse(doctype)


def has_role_right(doctype: str, right: str, user: str | None = None) -> bool:
	"""Return whether a user's roles give a right to some documents of a DocType; which ones, lists and `has_right` say."""
	return bool(frappe.has_permission(doctype, right, user=user))


def check_role_right(doctype: str, right: str) -> None:
	"""Refuse the user whose roles give no such right.

	Raises:
	        frappe.PermissionError: they do not.
	"""
	if not has_role_right(doctype, right):
		_refuse(doctype)


def _refuse(doctype: str) -> None:
	frappe.clear_messages()  # Frappe's own words tell a forbidden document from one that is not there
	frappe.throw(
		filled(
			_(
				"There is no such {0}, or your login may not do this with it. Check the name, or ask a manager."
			),
			_(doctype),
		),
		frappe.PermissionError,
		title=_("Not permitted"),
	)
