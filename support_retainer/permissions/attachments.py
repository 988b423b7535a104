"""Files: who may name, move, open and delete one. Frappe asks about the File's row; these ask what the row leads to.

A File's row says by its address, its name, its fingerprint or its thumbnail which file on disk it stands for, and whoever may write
the row could have it stand for another's. So people who are not at the desk send content, and name nothing but what they sent themselves;
people at the desk name what they may read.
"""

from __future__ import annotations

import posixpath
from typing import Annotated
from urllib.parse import unquote

import frappe
from frappe import _, handler
from frappe.core.api import file as file_api
from frappe.core.doctype.communication import email
from frappe.core.doctype.file import file
from frappe.model.document import Document
from frappe.utils import cint, get_url

from support_retainer import requests, tickets
from support_retainer.permissions.documents import is_desk_user
from support_retainer.requests.kinds import AnyName, ListOfNames
from support_retainer.setup.custom_fields import MODULE

# What says which file on disk a row stands for, and what else a row is trusted for
NAMES = ("file_url", "content_hash", "thumbnail_url")
KEPT = (
	*NAMES,
	"is_private",
	"attached_to_doctype",
	"attached_to_name",
	"attached_to_field",
	"is_folder",
	"owner",
)
LOCAL = ("/files/", "/private/files/")
REMOTE = ("http://", "https://")
ROUNDS = 8  # of percent-encoding, one in the other

Address = Annotated[str, requests.kinds.Text(2000)]


def file_has_permission(doc: Document, ptype: str | None = None, user: str | None = None) -> bool:
	"""Frappe's answer, asked about the row as the database has it; and of whoever writes one: they name no file but one they may
	read, and attach to a ticket, or to ours, where they may write."""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	# that a document is new is the caller's word, where Frappe takes one from the request
	stored = _stored(doc.name) if doc.name else None
	if not stored:
		return _may_name(doc, user) and _may_attach(doc, user) and bool(file.has_permission(doc, ptype, user))
	if not file.has_permission(stored, ptype, user):
		return False
	if ptype == "delete":
		return not _takes_anothers(stored)
	if ptype == "write":
		return _may_change(doc, stored, user)
	return _stands_for_ones_own(stored)


def refuse_strangers_file(doc: Document, method: str | None = None) -> None:
	"""The same for a File that is changed past the question of who may: Frappe's functions do so for whoever asks.

	Raises:
	        frappe.PermissionError: the user may not read the file it now names, or not write what it is now attached to.
	"""
	user = frappe.session.user
	if doc.is_new() and user == "Guest" and frappe.request and _named_by_form():
		refuse_file()  # where guests may upload, Frappe asks them for no right
	if user == "Administrator" or doc.is_new() or doc.flags.ignore_permissions:
		return
	stored = doc.get_doc_before_save()
	if stored and not _may_change(doc, stored, user):
		refuse_file()


def refuse_strangers_attachments(doc: Document, method: str | None = None) -> None:
	"""Frappe attaches whatever private file a field of the kind Attach names, for whoever may save the form: on any DocType, a
	person's own page too. Those who are not at the desk name one that they sent themselves.

	Raises:
	        frappe.PermissionError: it is another's.
	"""
	if doc.doctype == "File" or is_desk_user(frappe.session.user):
		return
	fields = doc.meta.get("fields", {"fieldtype": ["in", ["Attach", "Attach Image"]]})
	before = None if doc.is_new() or not fields else doc.get_doc_before_save()
	for df in fields:
		value = str(doc.get(df.fieldname) or "")
		if not value or (before and value == before.get(df.fieldname)):
			continue
		path = local_path(value)
		if value.startswith("data:") or (path is None and value.startswith(REMOTE)):
			continue
		own = {"file_url": value, "owner": frappe.session.user}
		if path != value or (path.startswith("/private/") and not frappe.db.exists("File", own)):
			refuse_file()


def refuse_file() -> None:
	"""Say no in the same words, whoever's file it is."""
	frappe.throw(_("You may not use this file. Send it anew."), frappe.PermissionError)


def local_path(address: str) -> str | None:
	"""Return the address on this site that an address leads to once nothing in it is encoded any more: None for another site's.

	What leads out of the folders of files comes back as it leads there, and so differs from what was given.
	"""
	url = _decoded(address).replace("\\", "/").replace("\0", "")
	for _round in range(ROUNDS):
		site = get_url()
		if not url.lower().startswith(site.lower()):
			break
		url = url[len(site) :] or "/"
	if url.lower().startswith(REMOTE):
		return None
	return "/" + posixpath.normpath(url).lstrip("/")


@frappe.whitelist(allow_guest=True)
@requests.checked
def download_file(file_url: Address):
	"""Do what Frappe's `download_file` does, for an address within the site's folders of files.

	Frappe 15 and 16 take a row that names http://THIS-SITE/files/../../site_config.json for another site's, and read it from disk.
	"""
	if local_path(file_url) != file_url or not file_url.startswith(LOCAL):
		refuse_file()
	return handler.download_file(file_url)


@frappe.whitelist(methods=["POST"])
@requests.checked
def unzip_file(name: AnyName) -> list:
	"""Do what Frappe's `unzip_file` does, for those who may write the file; Frappe asks nobody."""
	requests.check_right("File", "write", name)
	requests.check_right("File", "delete", name)
	return frappe.get_doc("File", name).unzip()


@frappe.whitelist()
@requests.checked
def zip_files(files: ListOfNames) -> None:
	"""Do what Frappe's `zip_files` does, with files the user may read."""
	file_api.zip_files(frappe.as_json([name for name in files if requests.has_right("File", "read", name)]))


@frappe.whitelist(methods=["POST"])
@requests.checked
def make_communication() -> dict:
	"""Do what Frappe's function that writes and sends letters does, for people at the desk, with files they may read.

	Frappe asks for a right where a document is named, and of nobody where none is.

	Raises:
	        frappe.PermissionError: not at the desk, or a file that is not theirs to send.
	"""
	if not is_desk_user(frappe.session.user):
		refuse_file()
	values = dict(frappe.form_dict)
	sent = values.get("attachments")
	for each in (frappe.parse_json(sent) if isinstance(sent, str) and sent else sent) or ():
		if isinstance(each, str) and not requests.has_right("File", "read", each):
			refuse_file()
	values.pop("cmd", None)
	return email.make(**values)


def _named_by_form() -> bool:
	return bool(frappe.form_dict.get("file_url") or frappe.form_dict.get("library_file_name"))


def _stored(name: str) -> Document | None:
	values = frappe.db.get_value("File", name, "*", as_dict=True)
	return frappe.get_doc({**values, "doctype": "File"}) if values else None


def _may_name(doc: Document, user: str) -> bool:
	"""Whether a new row may stand for what it says: content that was sent, or a file its maker may read."""
	if doc.is_folder:
		return True
	if not is_desk_user(user):
		if any(doc.get(field) for field in NAMES[1:]):
			return False
		return _is_own(doc.file_url, user) if doc.get("file_url") else bool(doc.get("content"))
	if doc.get("thumbnail_url") or (doc.get("content_hash") and not doc.get("file_url")):
		return False
	return _may_use(doc.file_url or ("" if doc.get("content") else _by_name(doc)), doc, user)


def _is_own(address: str, user: str) -> bool:
	"""Whether a user sent the file of just this address: Frappe's web forms attach it once more when they are saved."""
	own = {"file_url": address, "owner": user, "content_hash": ("is", "set")}
	return user != "Guest" and local_path(address) == address and bool(frappe.db.exists("File", own))


def _by_name(doc: Document) -> str:
	"""A row without address and content stands for the file of its name."""
	return f"/private/files/{doc.file_name}" if doc.is_private else f"/files/{doc.file_name}"


def _may_change(doc: Document, stored: Document, user: str) -> bool:
	changed = [field for field in KEPT if _plain(doc.get(field)) != _plain(stored.get(field))]
	if not changed:
		return True
	if not is_desk_user(user) or {"owner", "content_hash", "thumbnail_url"} & set(changed):
		return False
	if {"attached_to_doctype", "attached_to_name"} & set(changed) and not (
		# Frappe asks about where it goes, and not about where it was
		_may_attach(stored, user) and _may_attach(doc, user)
	):
		return False
	moved = "is_private" in changed and posixpath.basename(doc.file_url or "") == posixpath.basename(
		stored.file_url or ""
	)
	return moved or "file_url" not in changed or _may_use(doc.file_url or "", doc, user)


def _plain(value) -> str:
	return str(cint(value)) if isinstance(value, bool | int) else str(value or "")


def _may_use(address: str, doc: Document, user: str) -> bool:
	"""Whether an address is another site's, or that of a file in the site's folders which is nobody's or the user's to read."""
	if not address:
		return True
	path = local_path(address)
	if path is None:
		return "/files/" not in address or ".." not in _decoded(address)
	if not path.startswith(LOCAL) or path.count("/") != (2 if path.startswith("/files/") else 3):
		return address.startswith("/api/method/")
	if not path.startswith("/private/"):
		return True
	names = frappe.get_all("File", {"file_url": path, "name": ("!=", doc.name or "")}, pluck="name")
	return any(requests.has_right("File", "read", name, user) for name in names) or not names


def _decoded(address: str) -> str:
	for _round in range(ROUNDS):
		if (plain := unquote(address)) == address:
			break
		address = plain
	return address


def _may_attach(doc: Document, user: str) -> bool:
	doctype, name = doc.attached_to_doctype, doc.attached_to_name
	if not doctype or not is_guarded(doctype):
		return True
	if not name or not frappe.db.exists(doctype, name):
		# Frappe's forms attach to what is not saved yet; the name of the next ticket can be guessed
		return is_desk_user(user) or str(name or "").startswith("new-")
	return bool(
		requests.has_right(doctype, "write", name, user)
		or frappe.has_website_permission(name, "write", user=user, doctype=doctype)
	)


def _takes_anothers(stored: Document) -> bool:
	"""Whether deleting a row would take a file from disk that another row stands for: Frappe looks for those of the same
	content alone, and two rows may name one address, or one the other's as its thumbnail."""
	addresses = [url for url in (stored.file_url, stored.thumbnail_url) if url]
	if not addresses:
		return False
	row = frappe.qb.DocType("File")
	others = (
		frappe.qb.from_(row)
		.select(row.name)
		.where((row.name != stored.name) & row.file_url.isin(addresses))
		.where(
			row.content_hash.isnull()
			| (row.content_hash != (stored.content_hash or ""))
			| (row.file_url != (stored.file_url or ""))
		)
		.limit(1)
	).run()
	return bool(others)


def _stands_for_ones_own(stored: Document) -> bool:
	"""Whether a row leads into the site's folders by a plain address, as what was planted before does not."""
	url = stored.file_url or ""
	if not url:
		return bool(stored.is_folder)
	path = local_path(url)
	return path is None or (path == url and path.startswith((*LOCAL, "/api/method/", "/assets/")))


def is_guarded(doctype: str) -> bool:
	"""Whether documents of a DocType are tickets, or the app's own."""
	return (
		doctype in tickets.TICKET_TYPES
		or frappe.db.get_value("DocType", doctype, "module", cache=True) == MODULE
	)
