"""Writing a ticket's stamps past its document: by the scheduler, an assignment, booked time, a status set in bulk."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from support_retainer.tickets import history, pauses
from support_retainer.tickets.stamp import STAMPS, registered_on


def locked(doctype: str, name: str) -> Document:
	"""Return a ticket, its row locked until the transaction ends.

	Raises:
	        frappe.DoesNotExistError: there is no such ticket.
	"""
	doc = frappe.get_doc(doctype, name, for_update=True)
	doc.flags.stamps_before = {field: doc.get(field) for field in STAMPS}
	doc.flags.running_pauses = [row.name for row in doc.get(pauses.TABLE) if not row.to_time]
	return doc


def before(doc: Document) -> frappe._dict:
	"""Return the stamps a ticket from `locked` had."""
	return frappe._dict(doc.flags.stamps_before)


def write(doc: Document) -> dict[str, object]:
	"""Write what changed on a ticket from `locked` (its `modified` stays, so open forms stay good); return it."""
	history.follow(doc, registered_on(doc))
	before = doc.flags.stamps_before
	values = {
		field: doc.get(field) for field in STAMPS if str(doc.get(field) or "") != str(before[field] or "")
	}
	if values:
		frappe.db.set_value(doc.doctype, doc.name, values, update_modified=False)
	for row in (*doc.get(pauses.TABLE), *doc.get(history.TABLE)):
		if not row.name:
			row.db_insert()
		elif row.name in doc.flags.running_pauses and row.to_time:
			frappe.db.set_value(row.doctype, row.name, "to_time", row.to_time, update_modified=False)
	return values
