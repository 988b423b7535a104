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
from support_retainer.core.errors import CalendarError
from support_retainer.words import filled

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def office_calendar() -> Calendar:
	"""Return the office hours of Retainer Settings, less its Holiday List, with its special days, in the site's time zone.

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
		_seconds(row.from_time),
		_seconds(row.to_time),
	)


def check_special_days(doc: Document) -> None:
	"""Refuse special days nobody could count in, alone or together with the office hours around them.

	Raises:
	        frappe.ValidationError: names the date and says what to change.
	"""
	for row in doc.get("special_days") or ():
		if not _is_closed(row) and (row.from_time is None or row.to_time is None):
			frappe.throw(
				filled(
					_("{0} has only one of its times. Give both, or none for a closed day."),
					frappe.format(row.date, "Date"),
				),
				title=_("Special Days"),
			)
	days = special_days(doc)
	closed = {getdate(row.date) for row in doc.get("special_days") or () if _is_closed(row)}
	if both := sorted(day for day in closed if days[day]):
		frappe.throw(
			filled(_("{0} is both closed and open. Keep one of the rows."), frappe.format(both[0], "Date")),
			title=_("Special Days"),
		)
	windows = [as_window(row) for row in doc.office_hours]
	for day, spans in days.items():
		_check_day(windows, day, spans)


def special_days(doc: Document) -> dict[date, tuple[tuple[int, int], ...]]:
	"""Return the dates with other hours than usual, as the core wants them; an empty tuple is a closed day."""
	days: dict[date, list[tuple[int, int]]] = {}
	for row in doc.get("special_days") or ():
		spans = days.setdefault(getdate(row.date), [])
		if not _is_closed(row):
			spans.append((_seconds(row.from_time), _seconds(row.to_time)))
	return {day: tuple(spans) for day, spans in days.items()}


def _is_closed(row: Document) -> bool:
	# Frappe 15 fills a new row's empty times with the time of day, hence the tick
	return bool(row.get("closed")) or (row.from_time is None and row.to_time is None)


def _check_day(windows: list[Window], day: date, spans: tuple) -> None:
	try:
		Calendar(windows, "UTC", special_days={day: spans})
	except CalendarError:
		frappe.throw(
			filled(
				_("The hours of {0} overlap each other, or those of the day beside it. Correct them."),
				frappe.format(day, "Date"),
			),
			title=_("Special Days"),
		)


def _seconds(time) -> int:
	return int(to_timedelta(time).total_seconds())


def _office_calendar(settings: Document, holidays: Document | None, zone: str) -> Calendar:
	if not settings.office_hours:
		frappe.throw(_("There are no office hours. Add them in Retainer Settings."))
	days = frozenset(getdate(row.holiday_date) for row in holidays.holidays) if holidays else frozenset()
	windows = tuple(as_window(row) for row in settings.office_hours)
	return _calendar(zone, windows, days, tuple(sorted(special_days(settings).items())))


# Kept by content, so that a compiled calendar serves until what it was made of changes, and never a moment longer.
@lru_cache(maxsize=16)
def _calendar(zone: str, windows: tuple[Window, ...], holidays: frozenset[date], special: tuple) -> Calendar:
	return Calendar(windows, zone, holidays, dict(special))


@lru_cache(maxsize=16)
def _always(zone: str) -> Calendar:
	return Calendar.always(zone)
