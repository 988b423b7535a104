"""Doors of Frappe that ask nobody who they are, closed for tickets and for the app's own documents."""

from __future__ import annotations

from typing import Annotated

import frappe
from frappe import _, client
from frappe.desk import like, reportview
from frappe.desk.doctype.tag import tag as original
from frappe.model.document import Document
from frappe.templates.includes.comments import comments

from support_retainer import requests
from support_retainer.permissions.attachments import is_guarded
from support_retainer.permissions.documents import is_desk_user
from support_retainer.requests.kinds import (
	AnyDocType,
	AnyDocument,
	AnyName,
	Filters,
	ListOfDocuments,
	ListOfNames,
	LongText,
	Note,
	ShortText,
	Yes,
)
from support_retainer.words import filled

Liked = Annotated[str, requests.kinds.Choice(("Yes", "No"))]


def refuse_strangers_follow(doc: Document, method: str | None = None) -> None:
	"""Whoever follows a document is mailed what changes in it: only those who may read it follow it.

	Raises:
	        frappe.PermissionError: whoever asks, or whoever is to follow, may not read it.
	"""
	if not is_guarded(doc.ref_doctype) or not frappe.db.exists(doc.ref_doctype, doc.ref_docname):
		return
	for user in {frappe.session.user, doc.user}:
		if not requests.has_right(doc.ref_doctype, "read", str(doc.ref_docname), user):
			_refuse(doc.ref_doctype)


def bell_has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""A notification is for whom it is addressed to. Frappe's list holds to that; before 2026-07-30 its document did not."""
	user = user or frappe.session.user
	# no answer is a yes on Frappe 15
	return user in ("Administrator", doc.get("for_user")) or bool(doc.is_new())


@frappe.whitelist()
@requests.checked
def add_tag(tag: ShortText, dt: AnyDocType, dn: AnyDocument, color: ShortText | None = None) -> str:
	"""Do what Frappe's `add_tag` does, for those who may write the document."""
	_check(dt, [dn])
	return original.add_tag(tag, dt, dn, color)


@frappe.whitelist()
@requests.checked
def add_tags(
	tags: ListOfNames, dt: AnyDocType, docs: ListOfDocuments, color: ShortText | None = None
) -> None:
	"""Do what Frappe's `add_tags` does, for those who may write the documents."""
	_check(dt, docs)
	original.add_tags(tags, dt, docs, color)


@frappe.whitelist()
@requests.checked
def remove_tag(tag: ShortText, dt: AnyDocType, dn: AnyDocument) -> None:
	"""Do what Frappe's `remove_tag` does, for those who may write the document."""
	_check(dt, [dn])
	original.remove_tag(tag, dt, dn)


@frappe.whitelist()
@requests.checked
def get_count(
	doctype: AnyDocType, filters: Filters | None = None, debug: Yes = False, cache: Yes = False
) -> int:
	"""Count the documents a user may read, as Frappe 16's `get_count` does. Frappe 15's counts all, for anybody who can log in.

	Whoever may count with any filter can guess any field, letter by letter, also of what a document links to.

	Raises:
	        frappe.PermissionError: the user may not read the DocType.
	"""
	asked = {"doctype": doctype, "filters": client.get_safe_filters(filters)}
	before, frappe.local.form_dict = frappe.local.form_dict, frappe._dict(asked)
	try:
		return reportview.get_count()
	except (AttributeError, IndexError, KeyError, TypeError, ValueError):
		frappe.throw(_("These are no filters. Give fields, conditions and values."), requests.WrongArgument)
	finally:
		frappe.local.form_dict = before


@frappe.whitelist()
@requests.checked
def get_tagged_docs(doctype: AnyDocType, tag: ShortText) -> list:
	"""Do what Frappe's `get_tagged_docs` does, and name those of ours and those tickets alone that the user may read."""
	found = original.get_tagged_docs(doctype, tag)
	if not is_guarded(doctype):
		return found
	readable = frappe.get_list(
		doctype, filters={"name": ("in", [row[0] for row in found] or [""])}, pluck="name"
	)
	return [row for row in found if row[0] in readable]


def tag_has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""A tag's row has the title of what is tagged, and everybody's role reads it: for ours and tickets, those who may read them."""
	kind, name = doc.document_type, doc.document_name
	if not kind or not is_guarded(kind):
		return True
	return bool(frappe.db.exists(kind, name) and requests.has_right(kind, "read", name, user))


def tag_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""The same for lists, as SQL that holds nothing but escaped names."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	closed, hidden = [], []
	types = frappe.get_all("Tag Link", distinct=True, pluck="document_type", order_by="document_type")
	for kind in filter(is_guarded, filter(None, types)):
		if not is_desk_user(user) or not requests.has_role_right(kind, "read", user):
			closed.append(kind)
			continue
		rows = frappe.get_all("Tag Link", {"document_type": kind}, ["name", "document_name"])
		names = ("in", [row.document_name for row in rows])
		readable = frappe.get_list(kind, filters={"name": names}, pluck="name", user=user)
		hidden += [row.name for row in rows if row.document_name not in readable]
	parts = []
	if closed:
		parts.append(f"coalesce(`tabTag Link`.`document_type`, '') not in ({_listed(closed)})")
	if hidden:
		parts.append(f"`tabTag Link`.`name` not in ({_listed(hidden)})")
	return " and ".join(parts)


@frappe.whitelist()
@requests.checked
def make_issue_from_communication(communication: AnyName, ignore_communication_links: Yes = False) -> str:
	"""Do what ERPNext's function of that name does, for those who may read the letter and write tickets."""
	from erpnext.support.doctype.issue import issue

	if not (_may_read_letter(communication) and requests.has_role_right("Issue", "create")):
		_refuse("Communication")
	return issue.make_issue_from_communication(communication, ignore_communication_links)


def _may_read_letter(name: str) -> bool:
	about = frappe.db.get_value("Communication", name, ["reference_doctype", "reference_name"])
	return bool(
		about
		and (
			requests.has_right("Communication", "read", name)
			or (all(about) and frappe.db.exists(*about) and requests.has_right(about[0], "read", about[1]))
		)
	)


@frappe.whitelist()
@requests.checked
def toggle_like(doctype: AnyDocType, name: AnyDocument, add: Liked = "No") -> None:
	"""Do what Frappe's `toggle_like` does, for those who may read the document."""
	_check(doctype, [name], "read")
	like.toggle_like(doctype, name, add)


@frappe.whitelist(allow_guest=True)
@requests.checked
def add_comment(
	comment: LongText,
	comment_email: ShortText,
	comment_by: ShortText,
	reference_doctype: AnyDocType,
	reference_name: AnyDocument,
	route: Note | None = None,
):
	"""Do what Frappe's `add_comment` for web pages does; on tickets and ours, for those who may read them."""
	if is_guarded(reference_doctype) and not _may_read(reference_doctype, reference_name):
		_refuse(reference_doctype)
	return comments.add_comment(
		comment, comment_email, comment_by, reference_doctype, reference_name, route or ""
	)


def _may_read(doctype: str, name: str) -> bool:
	return bool(frappe.db.exists(doctype, name)) and bool(
		requests.has_right(doctype, "read", name)
		or frappe.has_website_permission(name, "read", doctype=doctype)
	)


def _check(doctype: str, names: list[str], right: str = "write") -> None:
	if not is_guarded(doctype):
		return
	for name in names:
		if not frappe.db.exists(doctype, name) or not requests.has_right(doctype, right, name):
			_refuse(doctype)


def _listed(names: list[str]) -> str:
	return ", ".join(frappe.db.escape(name) for name in names)


def _refuse(doctype: str) -> None:
	frappe.throw(
		filled(_("You may not change this {0}. Ask the agency."), _(doctype)), frappe.PermissionError
	)
