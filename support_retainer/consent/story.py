"""What was asked, answered and decided, on the timeline of the ticket it is about."""

from __future__ import annotations

import frappe
from frappe.utils import escape_html


def tell(doctype: str, name: str, text: str, *values: object) -> None:
	"""Write a sentence on a document's timeline; the values that go into it are escaped."""
	comment = text.format(*(escape_html(str(value)) for value in values))
	frappe.get_doc(doctype, name).add_comment("Info", comment)
