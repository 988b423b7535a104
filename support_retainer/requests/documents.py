"""What the values of a document may be, however it comes in: by a form, REST, an import or a mail."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from support_retainer.words import filled

MOST_ROWS = 1000
FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
LARGEST = 10**12
NUMBERS = ("Int", "Float", "Currency", "Percent", "Duration")
TABLES = ("Table", "Table MultiSelect")


def check_values(doc: Document, method: str | None = None) -> None:
	"""Refuse numbers that are none, dates of no calendar, texts that cannot be kept, and more rows than anybody reads.

	Raises:
	        frappe.ValidationError: names the field.
	"""
	for df in doc.meta.fields:
		value = doc.get(df.fieldname)
		if value in (None, "", 0):
			continue
		if df.fieldtype in TABLES:
			_check_rows(value, _(df.label))
		elif df.fieldtype in NUMBERS:
			_check_number(value, _(df.label))
		elif df.fieldtype in ("Date", "Datetime"):
			_check_date(value, _(df.label))
		elif isinstance(value, str) and "\0" in value:
			frappe.throw(filled(_("{0} has a character that cannot be kept. Write it anew."), _(df.label)))


def moment_of(read: Callable, *parts: object) -> datetime | date | None:
	"""Return what Frappe reads in a date or time that came from outside, or None when that is none."""
	try:
		return read(*parts)
	except (ValueError, TypeError, OverflowError, AttributeError, frappe.ValidationError):
		frappe.clear_last_message()
		return None


def _check_rows(rows: list, label: str) -> None:
	if len(rows) > MOST_ROWS:
		frappe.throw(filled(_("{0} has more than {1} rows. Divide them."), label, MOST_ROWS))
	for row in rows:
		check_values(row)


def _check_number(value: object, label: str) -> None:
	try:
		number = float(value)
	except (TypeError, ValueError, OverflowError):
		number = math.nan
	if not abs(number) <= LARGEST:
		frappe.throw(filled(_("{0} must be a number. Correct it."), label))


def _check_date(value: object, label: str) -> None:
	day = moment_of(getdate, value)
	if not day or not FIRST <= day <= LAST:
		frappe.throw(
			filled(_("{0} must be a date from {1} to {2}. Check the year."), label, FIRST.year, LAST.year)
		)
