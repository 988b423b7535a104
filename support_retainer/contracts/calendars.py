"""The calendars promises are counted in: office hours less holidays, and the clock."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, to_timedelta

from support_retainer import clock
from support_retainer.core.calendar import Calendar, Window

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def office_calendar() -> Calendar:
	"""Return the office hours of Retainer Settings, less its Holiday List, in the site's time zone.

	Raises:
	        frappe.ValidationError: no office hours are set.
	"""
	settings = frappe.get_cached_doc("Retainer Settings")
	holidays = settings.holiday_list and frappe.get_cached_doc("Holiday List", settings.holiday_list)
	zone = clock.site_zone().key
	# Asked for at every quarter of work: within a request, the same cached documents mean the same calendar.
	known = getattr(frappe.local, "support_retainer_office_calendar", None)
	if known and known[0] is settings and known[1] is holidays and known[2] == zone:
		return known[3]
	calendar = _office_calendar(settings, holidays, zone)
	frappe.local.support_retainer_office_calendar = (settings, holidays, zone, calendar)
	return calendar


def clock_calendar() -> Calendar:
	"""Return the calendar in which every second counts, in the site's time zone."""
	return _always(clock.site_zone().key)


def as_window(row: Document) -> Window:
	"""Return an Office Hours Window as the core's Window."""
	return Window(
		WEEKDAYS.index(row.weekday),
		int(to_timedelta(row.from_time).total_seconds()),
		int(to_timedelta(row.to_time).total_seconds()),
	)


def _office_calendar(settings: Document, holidays: Document | None, zone: str) -> Calendar:
	if not settings.office_hours:
		frappe.throw(_("There are no office hours. Add them in Retainer Settings."))
	days = frozenset(getdate(row.holiday_date) for row in holidays.holidays) if holidays else frozenset()
	return _calendar(zone, tuple(as_window(row) for row in settings.office_hours), days)


# Kept by content, so that a compiled calendar serves until what it was made of changes, and never a moment longer.
@lru_cache(maxsize=16)
def _calendar(zone: str, windows: tuple[Window, ...], holidays: frozenset[date]) -> Calendar:
	return Calendar(windows, zone, holidays)


@lru_cache(maxsize=16)
def _always(zone: str) -> Calendar:
	return Calendar.always(zone)
