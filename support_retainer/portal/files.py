"""Attachments: private files on the customer's ticket, handed out to those who may see the ticket."""

from __future__ import annotations

import mimetypes
from pathlib import Path

import frappe
from frappe import _
from frappe.handler import ALLOWED_MIMETYPES
from frappe.model.document import Document
from frappe.utils import get_files_path

from support_retainer.portal import access
from support_retainer.words import filled

MOST_FILES = 10


def attach(ticket: Document, field: str = "files") -> None:
	"""Attach the form's files to a ticket, privately.

	Raises:
	        frappe.ValidationError: a kind of file that Frappe takes from nobody outside, too large, or too many.
	"""
	uploaded = [file for file in frappe.request.files.getlist(field) if file and file.filename]
	if len(uploaded) > MOST_FILES:
		frappe.throw(filled(_("Attach at most {0} files at a time."), MOST_FILES))
	for file in uploaded:
		if mimetypes.guess_type(file.filename)[0] not in ALLOWED_MIMETYPES:
			frappe.throw(
				filled(
					_("{0} cannot be attached. Send pictures, PDF, text or office documents."), file.filename
				)
			)
		frappe.get_doc(
			{
				"doctype": "File",
				"file_name": file.filename,
				"attached_to_doctype": ticket.doctype,
				"attached_to_name": ticket.name,
				"is_private": 1,
				"content": file.stream.read(),
			}
		).save(ignore_permissions=True)  # the ticket was checked; contacts have no right on File


def of_ticket(name: str, letters: list[str]) -> list[frappe._dict]:
	"""Return the files a customer may see: what contacts put on the ticket, and what came with the letters shown."""
	file = frappe.qb.DocType("File")
	user = frappe.qb.DocType("User")
	on_ticket = (
		(file.attached_to_doctype == "Issue")
		& (file.attached_to_name == name)
		& (user.user_type == "Website User")
	)
	in_letters = (file.attached_to_doctype == "Communication") & file.attached_to_name.isin(letters or [""])
	rows = (
		frappe.qb.from_(file)
		.left_join(user)
		.on(user.name == file.owner)
		.select(file.name, file.file_name, file.file_size, file.attached_to_doctype, file.attached_to_name)
		.where(on_ticket | in_letters)
		.orderby(file.creation)
	).run(as_dict=True)
	for row in rows:
		row.url = f"/api/method/support_retainer.portal.api.attachment?name={row.name}"
	return rows


def hand_out(name: str, may_see) -> None:
	"""Answer the request with a file, as a download.

	Args:
	        name: the File's name.
	        may_see: takes the name of a ticket, returns the names of its files that the visitor may see.

	Raises:
	        frappe.PermissionError: no such file, or not for this visitor.
	"""
	fields = ["name", "file_name", "file_url", "attached_to_doctype", "attached_to_name"]
	file = frappe.db.get_value("File", name, fields, as_dict=True)
	access.visitor_of(file and _customer_of(file))
	ticket = _ticket_of(file)
	if not ticket or file.name not in may_see(ticket):
		access.refuse()
	path = _on_disk(file.file_url)
	if not path:
		access.refuse()
	frappe.local.response.filename = file.file_name
	# File.get_content reads what it can as text, pictures too
	frappe.local.response.filecontent = path.read_bytes()
	frappe.local.response.type = "download"
	frappe.local.response.display_content_as = "attachment"


def _on_disk(address: str | None) -> Path | None:
	"""Return the file that an address stands for, when it lies within one of the site's two folders, also after symbolic links; else None.

	An address is taken as it is written: a percent sign is part of a file's name here, and another site's address is nobody's.
	"""
	for prefix, private in (("/private/files/", True), ("/files/", False)):
		name = (address or "").removeprefix(prefix)
		if name == (address or "") or not name or "/" in name or "\\" in name or "\0" in name:
			continue
		folder = Path(get_files_path(is_private=private)).resolve()
		path = (folder / name).resolve()
		return path if path.parent == folder and path.is_file() else None
	return None


def _customer_of(file: frappe._dict) -> str | None:
	ticket = _ticket_of(file)
	return ticket and frappe.db.get_value("Issue", ticket, "customer")


def _ticket_of(file: frappe._dict) -> str | None:
	if file.attached_to_doctype == "Communication":
		found = frappe.db.get_value(
			"Communication", file.attached_to_name, ["reference_doctype", "reference_name"], as_dict=True
		)
		return found.reference_name if found and found.reference_doctype == "Issue" else None
	return file.attached_to_name if file.attached_to_doctype == "Issue" else None
