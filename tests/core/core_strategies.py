"""Random calendars: zones with odd clock changes, split days, windows over midnight, holidays, special days, breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from core_oracle import Watcher
from hypothesis import strategies as st

from support_retainer.core import Calendar, CalendarError, Window

DAY, WEEK = 86_400, 604_800

# With a day on which the clocks change there (or the date jumps), if any.
CHANGES = {
	"Europe/Stockholm": [date(2026, 3, 29), date(2026, 10, 25)],
	"America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
	"Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
	"Asia/Kathmandu": [date(2026, 6, 1)],
	"Asia/Beirut": [date(2026, 3, 29), date(2026, 10, 25)],
	"America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],
	"Pacific/Apia": [date(2011, 12, 30)],
	"UTC": [date(2026, 6, 1)],
}


@dataclass(frozen=True)
class Case:
	windows: tuple[Window, ...]
	zone: str
	around: date
	holidays: tuple[date, ...]
	special_days: dict[date, tuple[tuple[int, int], ...]] = field(hash=False)

	@property
	def tz(self) -> tzinfo:
		return ZoneInfo(self.zone)

	def calendar(self, *more_holidays: date) -> Calendar:
		return Calendar(self.windows, self.tz, (*self.holidays, *more_holidays), self.special_days)

	def watcher(self, grain: int) -> Watcher:
		return Watcher(self.windows, self.tz, self.holidays, self.special_days, grain)

	def moments(self, grain: int, days: int = 5) -> st.SearchStrategy[datetime]:
		"""Moments on the grain, near the day the clocks change."""
		middle = datetime(self.around.year, self.around.month, self.around.day, tzinfo=timezone.utc)
		steps = st.integers(-days * DAY // grain, days * DAY // grain)
		return steps.map(lambda n: (middle + timedelta(seconds=n * grain)).astimezone(self.tz))

	def breaks(self, grain: int, days: int = 5) -> st.SearchStrategy[list[tuple[datetime, datetime]]]:
		"""Unsorted, overlapping, empty, anywhere."""
		lengths = st.integers(0, 2 * DAY // grain)
		interval = st.tuples(self.moments(grain, days), lengths).map(
			lambda pair: (pair[0], _later(pair[0], pair[1] * grain))
		)
		return st.lists(interval, max_size=4)


def _later(moment: datetime, seconds: int) -> datetime:
	return (moment.astimezone(timezone.utc) + timedelta(seconds=seconds)).astimezone(moment.tzinfo)


@st.composite
def cases(draw: st.DrawFn, grain: int = 900) -> Case:
	"""A week cut at random points into open and closed stretches, with exceptions around a change of the clocks."""
	zone = draw(st.sampled_from(sorted(CHANGES)))
	around = draw(st.sampled_from(CHANGES[zone]))
	points = sorted(draw(st.sets(st.integers(0, WEEK // grain - 1), min_size=2, max_size=14)))
	open_ = draw(st.lists(st.booleans(), min_size=len(points), max_size=len(points)).filter(any))
	windows = []
	for point, following, is_open in zip(
		points, [*points[1:], points[0] + WEEK // grain], open_, strict=True
	):
		if is_open:
			start, end = point * grain, min(following * grain, point * grain + DAY)
			begin = start % DAY
			until = end - start + begin
			over_midnight = draw(st.booleans()) and until >= DAY
			windows.append(Window(start // DAY, begin, until - DAY if over_midnight else until))
	near = st.integers(-7, 7).map(lambda n: around + timedelta(days=n))
	holidays = tuple(draw(st.lists(near, max_size=5)))
	special_days: dict[date, tuple[tuple[int, int], ...]] = {}
	for day in draw(st.lists(near, max_size=2, unique=True)):
		edges = sorted(draw(st.sets(st.integers(0, DAY // grain - 1), max_size=4)))
		hours = tuple((a * grain, b * grain) for a, b in zip(edges[::2], edges[1::2], strict=False))
		if _accepted(windows, zone, holidays, {**special_days, day: hours}):
			special_days[day] = hours
	return Case(tuple(windows), zone, around, holidays, special_days)


def _accepted(
	windows: list[Window],
	zone: str,
	holidays: tuple[date, ...],
	special_days: dict[date, tuple[tuple[int, int], ...]],
) -> bool:
	try:
		Calendar(windows, zone, holidays, special_days)
	except CalendarError:
		return False
	return True
