"""The app's own documents: roles say what staff may do, User Permissions reach them through their retainer, and the
website's people read none of them whatever roles they were given by mistake. Their portal has its own functions.
"""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.permissions import get_allowed_docs_for_doctype, get_user_permissions

CONTRACT = "Retainer"
# DocTypes of rows, and those they are rows of
PARENTS = {
	"Retainer Notice Recipient": ("Retainer Notice",),
	"Support Sprint Ticket": ("Support Sprint",),
	"Ticket Estimate Line": ("Ticket Estimate",),
	"Ticket Pause": ("Issue",),
	"Ticket Urgency": ("Issue",),
}


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Say no to whom the desk is closed, and to staff whose User Permissions leave the document's retainer out."""
	user = user or frappe.session.user
	if not is_desk_user(user):
		return False
	retainer = doc.name if doc.doctype == CONTRACT else doc.get("retainer")
	return not (retainer and retainer in left_out(user)) and stays_permitted(doc, user)


def ticket_has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Roles and User Permissions decide on a ticket; but not by a customer it is only now given."""
	return stays_permitted(doc, user or frappe.session.user)


def stays_permitted(doc: Document, user: str) -> bool:
	"""Whether User Permissions allow what the database has of a document.

	Frappe asks them about the values that are to be saved: whoever may see customer B alone could take a document of A's by
	making it B's. It also takes a caller's word that a document is new, and prints it: papers read the rest by its name.
	"""
	fields = limited_fields(get_user_permissions(user), doc.doctype) if doc.name else []
	if not fields:
		return True
	stored = frappe.db.get_value(doc.doctype, doc.name, [field for field, _allowed in fields], as_dict=True)
	return not stored or all(not stored[field] or stored[field] in allowed for field, allowed in fields)


def conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""The same for lists, as SQL that holds nothing but escaped names."""
	user = user or frappe.session.user
	if not is_desk_user(user):
		return "1=0"
	meta = doctype and frappe.get_meta(doctype)
	if not meta or not (meta.istable or meta.has_field("retainer")) or not (names := left_out(user)):
		return ""
	if not meta.istable:
		return f"coalesce(`tab{doctype}`.`retainer`, '') not in ({_listed(names)})"
	# Frappe asks for the right to read the parent's DocType, and no more
	parents = [
		name
		for parent in PARENTS[doctype]
		for name in frappe.get_all(parent, filters={"retainer": ("in", names)}, pluck="name")
	]
	return f"`tab{doctype}`.`parent` not in ({_listed(parents)})" if parents else ""


def _listed(names: list[str]) -> str:
	return ", ".join(frappe.db.escape(name) for name in names)


def is_desk_user(user: str) -> bool:
	"""Whether the desk is open to a user."""
	return user == "Administrator" or frappe.get_cached_value("User", user, "user_type") == "System User"


def left_out(user: str) -> list[str]:
	"""Retainers a user's User Permissions leave out: those of other companies, projects, customers ..."""
	table = frappe.qb.DocType(CONTRACT)
	outside = None
	for field, allowed in limited_fields(get_user_permissions(user), CONTRACT):
		column = table[field]
		other = column.isnotnull() & (column != "") & column.notin(allowed)
		outside = other if outside is None else outside | other
	if outside is None:
		return []
	return frappe.qb.from_(table).select(table.name).where(outside).run(pluck=True)


def limited_fields(limits: dict, doctype: str) -> list[tuple[str, list[str]]]:
	"""Return the fields of a DocType that User Permissions limit, with the names they allow."""
	links = [("name", doctype)]
	links += [
		(df.fieldname, df.options)
		for df in frappe.get_meta(doctype).get_link_fields()
		if not df.ignore_user_permissions
	]
	allowed = (
		(field, get_allowed_docs_for_doctype(limits[options], doctype))
		for field, options in links
		if options in limits
	)
	return [(field, names) for field, names in allowed if names]
