"""What the reports share: columns, dates, totals, and which retainers the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from support_retainer import clock, requests

RETAINER_FIELDS = (
	"name",
	"customer",
	"customer_name",
	"company",
	"status",
	"mode",
	"currency",
	"hourly_rate",
)
ACCOUNTS = {"Retainer Manager", "Accounts Manager", "Accounts User", "System Manager"}


def column(fieldname: str, label: str, fieldtype: str = "Data", width: int = 120, **more) -> dict:
	"""Return a report's column. What it links to is a plain text to those who may not read that: Frappe would refuse the report."""
	if fieldtype == "Link" and not requests.has_role_right(more["options"], "read"):
		fieldtype, more = "Data", {}
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}


def hours_column(fieldname: str, label: str, width: int = 110) -> dict:
	"""Return a column of hours with two decimals."""
	return column(fieldname, label, "Float", width, precision=2)


def money_column(fieldname: str, label: str, width: int = 130) -> dict:
	"""Return a column of money in the row's `currency`."""
	return column(fieldname, label, "Currency", width, options="currency")


def readable_retainers(filters: frappe._dict, **more) -> list[frappe._dict]:
	"""Return the retainers that match the report's filters and that the user may read. One query.

	Raises:
	        frappe.PermissionError: the user may read no retainers at all.
	"""
	wanted = {field: filters[field] for field in ("company", "customer") if filters.get(field)}
	if filters.get("retainer"):
		wanted["name"] = filters.retainer
	return frappe.get_list(
		"Retainer",
		filters={**wanted, **more},
		fields=list(RETAINER_FIELDS),
		order_by="customer_name, name",
		limit_page_length=0,
	)


def dates(filters: frappe._dict) -> tuple[date, date]:
	"""Return the first and last day a report is about: this month, if nothing is given.

	Raises:
	        frappe.ValidationError: they are the wrong way round.
	"""
	last = getdate(filters.to_date or clock.today())
	first = getdate(filters.from_date or last.replace(day=1))
	if first > last:
		frappe.throw(_("The first date is after the last. Swap them."))
	return first, last


def in_hours(seconds: float | None) -> float:
	"""Return seconds as hours."""
	return round(float(seconds or 0) / 3600, 4)


def share(part: float, whole: float) -> float:
	"""Return a part in percent of the whole, with one decimal; 0 of nothing."""
	return round(100 * part / whole, 1) if whole else 0.0


def total(rows: Sequence[dict], fields: Iterable[str], **shown) -> dict:
	"""Return the row under a table: sums of these fields. `is_total` makes the report show it in bold."""
	return {**{field: sum(row.get(field) or 0 for row in rows) for field in fields}, "is_total": 1, **shown}


def one_currency(rows: Sequence[dict]) -> str | None:
	"""Return the currency of all rows when they have one and the same: only then can their money be added up."""
	found = {row.get("currency") for row in rows}
	return found.pop() if len(found) == 1 else None


def sees_money() -> bool:
	"""Whether the user's work is with the money, too."""
	return bool(ACCOUNTS & set(frappe.get_roles()))
