"""Retainer Settings: reading them, and what they must hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import combinations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, get_url_to_form

from support_retainer.contracts.bounds import SETTINGS, check_bounds
from support_retainer.contracts.calendars import as_window, check_special_days
from support_retainer.core.calendar import Calendar
from support_retainer.core.errors import CalendarError
from support_retainer.words import bold, filled

DOCTYPE = "Retainer Settings"
LONGEST_ENTRY_HOURS = 24
ITEMS = (
	"support_item",
	"surcharge_item",
	"project_management_item",
	"retainer_fee_item",
	"topup_item",
	"invoice_fee_item",
)
NEEDED = ("office_hours", "holiday_list", *ITEMS)


def settings() -> Document:
	"""Return the site's Retainer Settings (cached; not to be changed)."""
	return frappe.get_cached_doc(DOCTYPE)


def pausing_statuses() -> tuple[str, ...]:
	"""Return the statuses in which a ticket's clocks stand still."""
	lines = (settings().get("pausing_statuses") or "").splitlines()
	return tuple(line.strip() for line in lines if line.strip())


def longest_entry() -> timedelta:
	"""Return how long a time entry on a ticket may be."""
	return timedelta(hours=flt(settings().get("longest_entry_hours")) or LONGEST_ENTRY_HOURS)


def missing_settings(needed: Iterable[str] = NEEDED) -> list[str]:
	"""Return the labels, translated, of the settings that are needed and empty."""
	found = settings()
	return [_(found.meta.get_label(field)) for field in needed if not found.get(field)]


def require_settings(*needed: str) -> None:
	"""Refuse to go on while settings are empty: those named, or all that an active retainer needs.

	Raises:
	        frappe.ValidationError: names what is empty, and where to fill it in.
	"""
	if missing := missing_settings(needed or NEEDED):
		frappe.throw(
			filled(
				_("{0} lacks: {1}. Fill that in, then try again."),
				filled('<a href="{0}">{1}</a>', get_url_to_form(DOCTYPE, DOCTYPE), _(DOCTYPE)),
				", ".join(missing),
			),
			title=_("Settings missing"),
		)


def validate_settings(doc: Document) -> None:
	"""Refuse office hours nobody could count in, and terms no retainer could start with.

	Raises:
	        frappe.ValidationError: says what to change.
	"""
	_check_office_hours(doc.office_hours)
	check_special_days(doc)
	_check_pausing_statuses(doc)
	if doc.increment_minutes is not None and doc.increment_minutes <= 0:
		frappe.throw(_("Time is charged per started interval: give at least 1 minute."))
	if flt(doc.project_management_percent) < 0:
		frappe.throw(_("Project management cannot be below 0 %."))
	if not 0 <= flt(doc.at_risk_percent) <= 100:
		frappe.throw(_("A ticket is at risk after 0 to 100 % of its time. Give a number between them."))
	for field in ("immediate_grace_minutes", "team_capacity_hours", "assumed_ticket_hours"):
		if flt(doc.get(field)) < 0:
			frappe.throw(filled(_("{0} cannot be below zero."), _(doc.meta.get_label(field))))
	check_bounds(doc, SETTINGS)


def _check_pausing_statuses(doc: Document) -> None:
	known = (frappe.get_meta("Issue").get_field("status").options or "").splitlines()
	for line in (doc.get("pausing_statuses") or "").splitlines():
		status = line.strip()
		if status and (status not in known or status == "Open"):
			frappe.throw(
				filled(
					_("{0} cannot pause a ticket. Choose among: {1}."),
					bold(status),
					", ".join(each for each in known if each and each != "Open"),
				)
			)


def _check_office_hours(rows: list[Document]) -> None:
	if not rows:
		frappe.throw(_("There are no office hours. Add at least one window."), title=_("Office hours"))
	rows = [row for row in rows if row.weekday and row.from_time is not None and row.to_time is not None]
	for row in rows:
		_check_apart(row)
	for one, other in combinations(rows, 2):
		_check_apart(one, other)


def _check_apart(*rows: Document) -> None:
	"""Refuse windows the core cannot count together (a single one overlaps nothing but a day of its own)."""
	try:
		Calendar([as_window(row) for row in rows], "UTC")
	except CalendarError:
		frappe.throw(
			filled(
				_("Office hours on {0} overlap. Give each window its own hours."),
				", ".join(dict.fromkeys(_(row.weekday) for row in rows)),
			),
			title=_("Office hours"),
		)
