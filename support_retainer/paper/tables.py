"""What the reports share: columns, dates, totals, and which retainers the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from support_retainer import clock, requests
from support_retainer.words import filled, html

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
MOST_YEARS = 20
DAY = requests.kinds.Day(back=50 * requests.kinds.YEAR, ahead=50 * requests.kinds.YEAR)
NAME = requests.kinds.Text(140)
KINDS = {
	"from_date": DAY,
	"to_date": DAY,
	"on_date": DAY,
	"below_percent": requests.kinds.Number(0, 1000),
	"older_than": requests.kinds.Number(0, 36_500, whole=True),
	"hours_per_day": requests.kinds.Number(0, 24),
}
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


def asked(filters: dict | None) -> frappe._dict:
	"""Return a report's filters as what they are: dates, numbers and names. What is left empty is None.

	Raises:
	        frappe.ValidationError: names the filter, and says what it must be.
	"""
	if not isinstance(filters or {}, dict):
		frappe.throw(_("These are no filters. Give fields, conditions and values."), requests.WrongArgument)
	found = frappe._dict()
	for name, value in (filters or {}).items():
		empty = value is None or (isinstance(value, str) and not value.strip())
		found[name] = None if empty else _filter(name, value)
	return found


def _filter(name: str, value: object) -> object:
	kind = KINDS.get(name, NAME)
	try:
		return kind.read(value)
	except (ValueError, OverflowError):
		frappe.throw(html(kind.wanted(str(name)[:100])), requests.WrongArgument)


def dates(filters: frappe._dict, first: date | None = None) -> tuple[date, date]:
	"""Return the first and last day a report is about: from `first`, else of this month, if nothing is given.

	Raises:
	        frappe.ValidationError: they are the wrong way round, or decades apart.
	"""
	last = getdate(filters.to_date or clock.today())
	first = getdate(filters.from_date or (first and min(first, last)) or last.replace(day=1))
	if first > last:
		frappe.throw(_("The first date is after the last. Swap them."))
	if (last - first).days > MOST_YEARS * 366:
		frappe.throw(
			filled(_("A report is about {0} years at most. Choose dates that are nearer."), MOST_YEARS)
		)
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
