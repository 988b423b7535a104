"""The specification goes with the invoice: added to every mail that carries a retainer's invoice, whoever sends it and how.

Frappe prints such attachments when the mail is sent, from a description in the queue. So the queue is the one place that a
person's mail, a Notification's and any other pass through.
"""

from __future__ import annotations

import json

import frappe
from frappe.model.document import Document

from support_retainer import contracts
from support_retainer.paper.specification import has_specification

INVOICE = "Sales Invoice"


def on_mail_queued(doc: Document, method: str | None = None) -> None:
	"""Add a specification for each invoice this mail carries, unless it is there or the settings want none."""
	attachments = json.loads(doc.attachments or "[]")
	found = [each for each in attachments if _is_print(each)]
	if not found or not (name := specification_format()):
		return
	there = {each["name"] for each in found if each.get("print_format") == name}
	more = [_specification(each, name) for each in found if each["name"] not in there]
	more = [each for each in more if has_specification(each["name"])]
	if more:
		doc.attachments = json.dumps([*attachments, *more])


def specification_format() -> str | None:
	"""Return the print format that is sent with invoices; None when there is none, or it is disabled."""
	name = contracts.settings().specification_format
	enabled = name and frappe.db.get_value("Print Format", name, "disabled") == 0
	return name if enabled else None


def _is_print(attachment: dict) -> bool:
	return attachment.get("print_format_attachment") == 1 and attachment.get("doctype") == INVOICE


def _specification(invoice: dict, name: str) -> dict:
	kept = {
		key: invoice[key]
		for key in ("doctype", "name", "lang", "print_letterhead", "letterhead")
		if key in invoice
	}
	return {
		"print_format_attachment": 1,
		"print_format": name,
		"file_name": f"{invoice['name']}-{frappe.scrub(name).replace('_', '-')}",
		**kept,
	}
