"""What becomes of a person's data when Frappe deletes it: what bookkeeping needs stays, without the person.

Frappe's own deletion takes fields that hold one address, by the hook `user_data_fields`. A notice names several in one field.
"""

from __future__ import annotations

import frappe
from frappe.model.document import Document

NOTICE = "Retainer Notice"


def on_deletion_request_change(doc: Document, method: str | None = None) -> None:
	"""Take a deleted person's address out of the notices' lists of addresses, once Frappe has deleted the rest."""
	if doc.status != "Deleted" or not doc.email:
		return
	notice = frappe.qb.DocType(NOTICE)
	query = frappe.qb.from_(notice).select(notice.name, notice.contact_emails)
	for row in query.where(notice.contact_emails.like(f"%{doc.email}%")).run(as_dict=True):
		kept = [doc.name if same(each, doc.email) else each for each in row.contact_emails.split(",")]
		frappe.db.set_value(NOTICE, row.name, "contact_emails", ",".join(kept), update_modified=False)


def same(one: str, other: str) -> bool:
	"""Whether two addresses are one."""
	return one.strip().lower() == other.strip().lower()
