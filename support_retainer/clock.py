"""Between the site's clock and the core's.

Frappe keeps datetimes naive, in the time zone of System Settings; the core wants them aware. A wall time that happens twice
(autumn) is the first of the two; one that never happens (spring) is moved on by the gap, as Python does it.
"""

from __future__ import annotations

from datetime import date, datetime
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
	"""Return the present moment, naive, in the site's time zone, in whole seconds."""
	return now_datetime().replace(microsecond=0)


def today() -> date:
	"""Return the site's date."""
	return now_datetime().date()
