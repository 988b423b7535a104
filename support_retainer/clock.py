"""Between the site's clock and the core's.

Frappe keeps datetimes naive, in the time zone of System Settings; the core wants them aware. A wall time that happens twice
(autumn) is the first of the two, unless it carries Python's `fold`; one that never happens (spring) is moved on by the gap, as Python does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from frappe.utils import get_datetime, get_system_timezone, now_datetime


def site_zone() -> ZoneInfo:
	"""Return the site's time zone (System Settings)."""
	return ZoneInfo(get_system_timezone())


def to_aware(moment: datetime | str) -> datetime:
	"""Return a naive site datetime as an aware one, floored to whole seconds."""
	return get_datetime(moment).replace(microsecond=0, tzinfo=site_zone())


def to_site(moment: datetime | None) -> datetime | None:
	"""Return an aware datetime as the naive one Frappe stores; None stays None."""
	return moment and moment.astimezone(site_zone()).replace(tzinfo=None)


def now() -> datetime:
	"""Return the present moment, naive, in the site's time zone, in whole seconds; `fold` tells the second of a doubled hour."""
	return datetime.now(site_zone()).replace(microsecond=0, tzinfo=None)


def in_hour(moment: datetime | str, second: object) -> datetime:
	"""Return a naive site datetime with `fold` set: the first or the second of a wall time that happens twice."""
	return get_datetime(moment).replace(fold=1 if second and happens_twice(moment) else 0)


def happens_twice(moment: datetime | str) -> bool:
	"""Whether a wall time (naive site time) happens twice, as the clocks go back."""
	first, second = (get_datetime(moment).replace(tzinfo=site_zone(), fold=fold) for fold in (0, 1))
	return first.utcoffset() > second.utcoffset()


def worked(row: Mapping) -> tuple[datetime, datetime]:
	"""Return when a timesheet's row began and ended (aware): by `from_time`, `to_time`, and which of two each is, as the row says."""
	return tuple(
		to_aware(in_hour(row.get(f"{edge}_time"), row.get(f"{edge}_second_hour"))) for edge in ("from", "to")
	)


def doubled_hours(start: date, days: int) -> list[tuple[datetime, datetime]]:
	"""Return the stretches of wall time that happen twice within so many days: from (included), until (excluded), naive site time."""
	zone, found = site_zone(), []
	for number in range(days):
		midnight = datetime(start.year, start.month, start.day, tzinfo=zone) + timedelta(days=number)
		back = midnight.utcoffset() - (midnight + timedelta(days=1)).utcoffset()
		if back > timedelta(0):
			wall = midnight.replace(tzinfo=None)
			quarters = (wall + timedelta(minutes=15 * count) for count in range(24 * 4))
			first = next(quarter for quarter in quarters if happens_twice(quarter))
			found.append((first, first + back))
	return found


def today() -> date:
	"""Return the site's date."""
	return now_datetime().date()
