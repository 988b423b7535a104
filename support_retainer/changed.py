"""Whether saving a document changed a field."""

from __future__ import annotations

from frappe.model.document import Document


def has_changed(doc: Document, field: str) -> bool:
	"""Return whether a field has another value than before the document is saved; True for a new document.

	`Document.has_value_changed` takes a date that is emptied for today's, and so sees no change on that day.
	"""
	before = doc.get_doc_before_save()
	return doc.has_value_changed(field) or bool(before.get(field)) != bool(doc.get(field))
