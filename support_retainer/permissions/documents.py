"""The app's own documents: roles say what staff may do, User Permissions reach them through their retainer, and the
website's people read none of them whatever roles they were given by mistake. Their portal has its own functions.
"""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.permissions import get_allowed_docs_for_doctype, get_user_permissions

CONTRACT = "Retainer"


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Say no to whom the desk is closed, and to staff whose User Permissions leave the document's retainer out."""
	user = user or frappe.session.user
	if not is_desk_user(user):
		return False
	retainer = doc.get("retainer")
	return not retainer or retainer not in left_out(user)


def conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""The same for lists, as SQL that holds nothing but escaped names."""
	user = user or frappe.session.user
	if not is_desk_user(user):
		return "1=0"
	names = left_out(user) if doctype and frappe.get_meta(doctype).has_field("retainer") else []
	if not names:
		return ""
	listed = ", ".join(frappe.db.escape(name) for name in names)
	return f"coalesce(`tab{doctype}`.`retainer`, '') not in ({listed})"


def is_desk_user(user: str) -> bool:
	"""Whether the desk is open to a user."""
	return user == "Administrator" or frappe.get_cached_value("User", user, "user_type") == "System User"


def left_out(user: str) -> list[str]:
	"""Retainers a user's User Permissions leave out: those of other companies, projects, customers ..."""
	limits = get_user_permissions(user)
	table = frappe.qb.DocType(CONTRACT)
	outside = None
	for field, allowed in _limited_fields(limits):
		column = table[field]
		other = column.isnotnull() & (column != "") & column.notin(allowed)
		outside = other if outside is None else outside | other
	if outside is None:
		return []
	return frappe.qb.from_(table).select(table.name).where(outside).run(pluck=True)


def _limited_fields(limits: dict) -> list[tuple[str, list[str]]]:
	links = [
		("name", CONTRACT),
		*((df.fieldname, df.options) for df in frappe.get_meta(CONTRACT).get_link_fields() if _counts(df)),
	]
	allowed = (
		(field, get_allowed_docs_for_doctype(limits[options], CONTRACT))
		for field, options in links
		if options in limits
	)
	return [(field, names) for field, names in allowed if names]


def _counts(df) -> bool:
	return not df.ignore_user_permissions
