"""Swedish holidays into ERPNext's own Holiday List, and a warning before that list ends. The stored rows rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate

from support_retainer import clock, requests
from support_retainer.contracts.retainer_settings import settings
from support_retainer.requests.kinds import ShortText
from support_retainer.words import filled

DOCTYPE = "Holiday List"
EVES = ("Midsommarafton", "Julafton", "Nyårsafton")
SUNDAY = "Söndag"
MAX_YEARS = 20
SOON = timedelta(days=90)
Year = Annotated[int, requests.kinds.Number(1950, 2100, whole=True)]


@frappe.whitelist(methods=["POST"])
@requests.checked
def fill_swedish_holidays(holiday_list: ShortText, from_year: Year, to_year: Year) -> dict:
	"""Add Sweden's public days and de facto eves to a Holiday List, making it if there is none; days it has stay as they are.

	Returns:
	        `holiday_list` and how many days were `added`.

	Raises:
	        frappe.PermissionError: the user may not write the settings or the list.
	        frappe.ValidationError: the years are no span, or the `holidays` package is missing.
	"""
	requests.check_role_right("Retainer Settings", "write")
	if not from_year <= to_year < from_year + MAX_YEARS:
		frappe.throw(filled(_("Give a span of at most {0} years between 1950 and 2100."), MAX_YEARS))
	doc = _list(holiday_list.strip(), date(from_year, 1, 1), date(to_year, 12, 31))
	there = {getdate(row.holiday_date) for row in doc.holidays}
	new = {day: name for day, name in swedish_days(from_year, to_year).items() if day not in there}
	for day, name in new.items():
		doc.append("holidays", {"holiday_date": day, "description": name})
	doc.save()
	return {"holiday_list": doc.name, "added": len(new)}


def swedish_days(first: int, last: int) -> dict[date, str]:
	"""Return Sweden's public days and de facto eves of these years, by date, with their Swedish names; no mere Sundays.

	Newer releases of `holidays` have the eves in the category "de_facto", older ones (which Frappe 15 is held to) among the
	"optional" days, with others that are worked.

	Raises:
	        frappe.ValidationError: the package is missing.
	"""
	try:
		from holidays import Sweden
	except ImportError:
		frappe.throw(_("The Python package holidays is missing. Install it: bench pip install holidays."))
	known = getattr(Sweden, "supported_categories", ())
	kind = next((each for each in ("de_facto", "optional") if each in known), "public")
	years = range(first, last + 1)
	days = _named(Sweden(years=years, categories=("public",), language="sv"))
	eves = _named(Sweden(years=years, categories=(kind,), language="sv"))
	days.update({day: name for day, name in eves.items() if name in EVES})
	return dict(sorted(days.items()))


def holiday_list_warning(until: date | None = None) -> str | None:
	"""Return a sentence when the settings' holiday list ends soon, or before a day something was promised for; else None."""
	name = settings().holiday_list
	if not name:
		return _(
			"There is no holiday list, so holidays count as working days. Choose one in Retainer Settings."
		)
	ends = getdate(frappe.get_cached_value(DOCTYPE, name, "to_date"))
	if ends >= max(clock.today() + SOON, until or date.min):
		return None
	return _(
		"The holiday list {0} ends {1}: later holidays count as working days. Fill it in Retainer Settings."
	).format(name, format_date(ends))


@frappe.whitelist()
@requests.checked
def warning() -> str | None:
	"""Return `holiday_list_warning` to who may read the settings.

	Raises:
	        frappe.PermissionError: the user may not.
	"""
	requests.check_role_right("Retainer Settings", "read")
	return holiday_list_warning()


def _list(name: str, start: date, end: date) -> Document:
	if not frappe.db.exists(DOCTYPE, name):
		return frappe.get_doc(
			{"doctype": DOCTYPE, "holiday_list_name": name, "from_date": start, "to_date": end}
		)
	doc = frappe.get_doc(DOCTYPE, name)
	doc.from_date = min(getdate(doc.from_date), start)
	doc.to_date = max(getdate(doc.to_date), end)
	return doc


def _named(days: dict[date, str]) -> dict[date, str]:
	"""Leave out the Sundays that older releases count as holidays, alone or beside a holiday's own name."""
	found = {}
	for day, names in days.items():
		own = [name for name in names.split("; ") if name != SUNDAY]
		if own:
			found[day] = ", ".join(own)
	return found
