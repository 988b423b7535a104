"""Moments, days and promises as the reader says them: their language, and their own time zone where they have set one."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import frappe
from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date
from frappe import _
from frappe.utils import get_datetime, get_system_timezone, getdate

from support_retainer import clock
from support_retainer.words import hours, money

DECIDED = ("Met", "Breached")


def when(moment: datetime | str | None) -> str:
	"""Return a site moment as "Tue 3 Nov 13:00", with the year when it is not this one."""
	if not moment:
		return ""
	seen = _in_readers_zone(get_datetime(moment))
	return f"{day(seen.date())} {seen:%H:%M}"


def day(value: date | str | None) -> str:
	"""Return a date as "Tue 3 Nov", with the year when it is not this one."""
	if not value:
		return ""
	value = getdate(value)
	form = "EEE d MMM" if value.year == clock.today().year else "EEE d MMM y"
	return babel_date(value, form, locale=_locale()).replace(".", "")


def span(first: date | str, last: date | str) -> str:
	"""Return two dates as "1 Nov – 30 Nov 2026"."""
	first, last = getdate(first), getdate(last)
	form = "d MMM" if first.year == last.year else "d MMM y"
	text = babel_date(first, form, locale=_locale()), babel_date(last, "d MMM y", locale=_locale())
	return " – ".join(text).replace(".", "")


def month(first: date | str, last: date | str) -> str:
	"""Return a period as people call it: "November 2026" for a whole month, else its span."""
	first, last = getdate(first), getdate(last)
	if first.day == 1 and first.month == last.month and (last.day >= 28):
		return babel_date(first, "LLLL y", locale=_locale()).capitalize()
	return span(first, last)


def time(seconds: int | float | None) -> str:
	"""Return a duration with its unit: 31500 → "8:45 h"."""
	return _("{0} h", context="hours and minutes").format(hours(int(seconds or 0)))


def amount(value, currency: str | None) -> str:
	"""Return money in the site's form."""
	return money(value or 0, currency or frappe.db.get_default("currency"))


def promise(row: frappe._dict, forecast: datetime | None = None) -> str:
	"""Return what a ticket is promised, or what became of it, in a few words.

	Args:
	        row: a ticket's stamps (status, origin, assign_by, assigned_on, assign_status, start_…).
	        forecast: when work on a ticket without promised time may begin.
	"""
	if row.status in ("Resolved", "Closed"):
		return _("done")
	if row.get("origin") == "Agency" and not row.get("accepted_on"):
		return _("our suggestion: no clock runs until you accept")
	if not row.get("sla_rule"):
		return _("no promised time")
	if "Paused" in (row.assign_status, row.start_status):
		return _("the clock stands still while we wait for you")
	if row.start_status == "Queued" and not row.started_on:
		return (
			_("first free slot, probably {0}").format(when(forecast))
			if forecast
			else _("first free slot, in the order it came")
		)
	if row.started_on:
		return _("work began {0}").format(when(row.started_on))
	if row.assign_status not in DECIDED and row.assign_by:
		return _("assigned by {0}").format(when(row.assign_by))
	if row.assign_status == "Breached" and not row.assigned_on:
		return _("should have been assigned by {0}; we are late").format(when(row.assign_by))
	if row.start_status == "Breached":
		return _("should have begun by {0}; we are late").format(when(row.start_by))
	return _("work begins by {0}").format(when(row.start_by)) if row.start_by else _("assigned")


def _in_readers_zone(moment: datetime) -> datetime:
	zone = frappe.get_cached_value("User", frappe.session.user, "time_zone")
	if not zone or zone == get_system_timezone():
		return moment
	return moment.replace(tzinfo=clock.site_zone()).astimezone(ZoneInfo(zone))


def _locale() -> Locale:
	try:
		return Locale.parse((frappe.local.lang or "en").replace("-", "_"))
	except (UnknownLocaleError, ValueError):
		return Locale("en")
