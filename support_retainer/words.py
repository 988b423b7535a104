"""Durations, percentages and amounts as people read them. The same words in the desk, on invoices and in the ledger.

And texts that meet HTML: what people wrote, names among it, is filled into messages and comments here alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from html import escape, unescape

import frappe
from frappe.utils import fmt_money, format_datetime, strip_html
from frappe.utils.data import get_number_format_info
from markupsafe import Markup


def hours(seconds: int) -> str:
	"""Return a duration as h:mm, with seconds only where there are any: 3600 → "1:00", 2925 → "0:48:45"."""
	sign, seconds = ("-" if seconds < 0 else ""), abs(int(seconds))
	text = f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02d}"
	return f"{text}:{seconds % 60:02d}" if seconds % 60 else text


def percent(value: Decimal | float) -> str:
	"""Return a percentage without idle decimals: Decimal("75.0") → "75 %"."""
	text = f"{Decimal(str(value)).normalize():f}"
	return f"{text.replace('.', _decimal_point())} %"


def moment(value: datetime | str | None) -> str:
	"""Return a moment as the user writes it, to the minute: nobody promises seconds."""
	return re.sub(r"(\d\d:\d\d):\d\d$", r"\1", format_datetime(value)) if value else ""


def money(amount: Decimal | float, currency: str) -> str:
	"""Return an amount in the site's form, with its currency."""
	return fmt_money(float(amount), currency=currency)


def filled(sentence: str, *texts: object) -> Markup:
	"""Return a sentence as HTML, its {0}, {1} … filled in with texts that read as they were written.

	Frappe shows messages and comments as HTML. What is HTML already (`bold`, `filled`) stays so.
	"""
	return Markup(str(sentence).format(*(html(text) for text in texts)))


def bold(text: object) -> Markup:
	"""Return a text as HTML in bold; `frappe.bold` takes it for HTML."""
	return Markup(f"<strong>{html(text)}</strong>")


def html(text: object) -> Markup:
	"""Return a text as HTML that reads as it was written, between tags and between double quotes."""
	if hasattr(text, "__html__"):
		return Markup(text)
	return Markup(escape("" if text is None else str(text), quote=False).replace('"', "&quot;"))


def plain(message: object) -> str:
	"""Return a message of Frappe's or ours, which is HTML, as text."""
	return unescape(strip_html(str(message or "")))


def translated(text: str) -> str:
	"""Return a text as `frappe._` does, each looked up once in a request: the notes of many rows say the same."""
	known = getattr(frappe.local, "support_retainer_words", None)
	if known is None:
		known = frappe.local.support_retainer_words = {}
	key = (frappe.local.lang, text)
	if key not in known:
		known[key] = frappe._(text)
	return known[key]


@contextmanager
def in_language_of(customer: str | None) -> Iterator[str]:
	"""Speak a customer's language: Customer.language, else the site's. Whoever is at work gets their own back afterwards.

	For what is written to a customer. An error is for whoever is at work: raise it outside.
	"""
	before, frappe.local.lang = getattr(frappe.local, "lang", None), language_of(customer)
	try:
		yield frappe.local.lang
	finally:
		frappe.local.lang = before


def _decimal_point() -> str:
	return get_number_format_info(frappe.db.get_default("number_format") or "#,###.##")[0] or "."


def language_of(customer: str | None) -> str:
	"""Return the code of the language a customer is written to in."""
	own = frappe.get_cached_value("Customer", customer, "language") if customer else None
	return own or frappe.get_system_settings("language") or "en"
