"""What was asked, answered and decided, on the timeline of the ticket it is about."""

from __future__ import annotations

import frappe

from support_retainer.words import filled


def tell(doctype: str, name: str, text: str, *values: object) -> None:
	"""Write a sentence on a document's timeline; the values that go into it are escaped."""
	frappe.get_doc(doctype, name).add_comment("Info", filled(text, *values))
