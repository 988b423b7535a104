"""What a ticket's own inputs may be, whoever sends them: a promise is worked out from them."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, get_datetime

from support_retainer import clock, requests
from support_retainer.words import filled

SPAN = timedelta(days=2 * 366)
MOST_HOURS = 10_000
OPENING = ("opening_date", "opening_time")


def check_inputs(doc: Document, before: Document | None) -> None:
	"""Refuse a registration more than two years from today, and expected hours that are none. What a ticket had before stays.

	Raises:
	        frappe.ValidationError: says what to correct.
	"""
	if doc.get("opening_date") and _changed(doc, before, OPENING):
		moment = _opening(doc)
		if not moment or not clock.now() - SPAN <= moment <= clock.now() + SPAN:
			frappe.throw(
				_("A ticket is registered within two years of today. Correct the opening date."),
				title=_("Opening Date"),
			)
	is_new = doc.get("expected_hours") and _changed(doc, before, ("expected_hours",))
	if is_new and not 0 <= flt(doc.expected_hours) <= MOST_HOURS:
		frappe.throw(filled(_("Expected hours are a number from 0 to {0}. Correct them."), MOST_HOURS))


def _changed(doc: Document, before: Document | None, fields: tuple[str, ...]) -> bool:
	return not before or any(str(doc.get(field) or "") != str(before.get(field) or "") for field in fields)


def _opening(doc: Document) -> datetime | None:
	text = f"{doc.opening_date} {doc.get('opening_time') or '00:00:00'}"
	return requests.moment_of(get_datetime, text)
