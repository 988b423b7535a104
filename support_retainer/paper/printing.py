"""What the print formats call. Jinja knows these three by name (hooks.py: `jinja`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import frappe
from frappe.model.document import Document
from frappe.utils import format_date

from support_retainer.paper.specification import Specification, specification
from support_retainer.paper.statement import Statement, statement
from support_retainer.words import hours, language_of, money, percent

PRINT_FORMATS = ("Period Statement", "Invoice Specification")


def period_statement(doc: Document) -> Statement:
	"""Return the figures of the print format Period Statement for a Timebank Period."""
	return statement(doc.name)


def invoice_specification(doc: Document) -> Specification:
	"""Return the figures of the print format Invoice Specification for a Sales Invoice."""
	return specification(doc)


def show_templates() -> None:
	"""Keep the print formats' templates in their records, too: Frappe prints from the files, and a copy starts from the record."""
	for name in PRINT_FORMATS:
		scrubbed = frappe.scrub(name)
		path = frappe.get_app_path("support_retainer", "print_format", scrubbed, f"{scrubbed}.html")
		template = Path(path).read_text(encoding="utf-8")
		frappe.db.set_value("Print Format", name, "html", template, update_modified=False)


def paper_words(doc: Document) -> frappe._dict:
	"""Return the words a customer's paper is written in: `say` (translate), `hours`, `money`, `percent`, `date`.

	The language is the one asked for in the print view, else the document's, else the customer's.
	"""
	language = _asked_for() or doc.get("language") or language_of(doc.get("customer"))
	return frappe._dict(
		language=language,
		say=_translator(language),
		hours=hours,
		money=money,
		percent=percent,
		date=format_date,
	)


def _asked_for() -> str | None:
	"""Return the language somebody chose for this print; a print made in the background was not asked for any."""
	return frappe.form_dict.get("_lang") or frappe.form_dict.get("language")


def _translator(language: str) -> Callable[..., str]:
	def say(text: str, context: str | None = None) -> str:
		return frappe._(text, language, context)

	return say
