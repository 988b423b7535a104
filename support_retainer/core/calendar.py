"""Counted time: office hours with holidays, special days, breaks and clock changes.

Moments are time zone aware datetimes, durations whole seconds of real, elapsed time; microseconds are floored.
Windows are half-open (08:00 is in, 17:00 is out). Source: price list, section 1.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from threading import Lock
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from support_retainer.core.errors import CalendarError

Interval = tuple[datetime, datetime]
Span = tuple[int, int]

DAY = 86_400
WEEK = 7 * DAY
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_EPOCH_ORDINAL = _EPOCH.toordinal()
# A few days inside what datetime can hold, so that time zones and windows over midnight never overflow.
_FIRST_DAY = date.min.toordinal() + 5
_LAST_DAY = date.max.toordinal() - 5
# Days on either side of a moment whose windows may matter: a day for the zone's offset, one for windows over midnight.
_MARGIN = 3
_BLOCK = 64
_LARGEST_BLOCK = 3660
# How far one question may reach, and how many days are kept compiled: whoever asks for more has mistyped a year.
YEARS = 100
_SPAN = YEARS * 366
_compiling = Lock()


def epoch_seconds(moment: datetime) -> int:
	"""Whole seconds from 1970-01-01 UTC to an aware moment, microseconds floored. Naive moments: CalendarError."""
	try:
		since = moment - _EPOCH
	except TypeError:
		raise CalendarError(
			"{moment} has no time zone. Give a time zone aware moment.", moment=moment
		) from None
	return since.days * DAY + since.seconds


@dataclass(frozen=True, slots=True)
class Window:
	"""Hours of one weekday (0 is Monday), as seconds after local midnight, `end` not included.

	An `end` at or before `start`, or past 86 400, runs over midnight and belongs to the day it starts on.
	"""

	weekday: int
	start: int
	end: int

	def __post_init__(self) -> None:
		if self.weekday not in range(7):
			raise CalendarError("There is no weekday {weekday}. Use 0 (Monday) to 6.", weekday=self.weekday)
		_span(self.start, self.end)


class _Table(NamedTuple):
	"""Compiled windows: UTC epoch seconds, with the counted seconds (from a fixed zero) before each window."""

	starts: array[int]
	ends: array[int]
	before: array[int]
	low: int
	top: int
	first_day: int
	last_day: int
	known_from: int
	known_to: int


class Calendar:
	"""Which seconds count. Immutable to its users; it compiles itself as far as it is asked, safely from threads.

	`holidays` take away the windows that start on them. `special_days` ({date: ((start, end), ...)}, seconds as in
	Window) replace a date's windows, and win over a holiday; an empty tuple closes the date. Window edges are local
	wall times: an ambiguous one is the first of the two, one skipped by a clock change is the moment of the change.
	"""

	__slots__ = ("_table", "_weekly", "holidays", "special_days", "tz", "windows")

	def __init__(
		self,
		windows: Iterable[Window],
		tz: tzinfo | str,
		holidays: Iterable[date] = (),
		special_days: Mapping[date, Iterable[Span]] | None = None,
	) -> None:
		"""Raises CalendarError for overlapping windows, an unknown zone, or a calendar in which nothing counts."""
		self.windows = tuple(windows)
		self.tz = _zone(tz)
		self.holidays = frozenset(_plain_dates(holidays))
		special = special_days or {}
		self.special_days = {
			day: tuple(sorted(_span(*span) for span in special[day])) for day in _plain_dates(special)
		}
		self._weekly = tuple(
			tuple(sorted(_span(w.start, w.end) for w in self.windows if w.weekday == weekday))
			for weekday in range(7)
		)
		self._table: _Table | None = None
		self._refuse_overlaps()
		self._refuse_emptiness()

	@classmethod
	def always(cls, tz: tzinfo | str) -> Calendar:
		"""A calendar in which every second counts (the rules' "Clock Hours")."""
		return cls((Window(weekday, 0, DAY) for weekday in range(7)), tz)

	def __repr__(self) -> str:
		return (
			f"Calendar({self.windows!r}, {str(self.tz)!r}, {len(self.holidays)} holidays,"
			f" {len(self.special_days)} special days)"
		)

	def is_counted(self, moment: datetime) -> bool:
		"""Whether the second of this moment counts."""
		second = epoch_seconds(moment)
		table = self._at(second)
		window = bisect_right(table.starts, second) - 1
		return window >= 0 and second < table.ends[window]

	def counted(self, start: datetime, end: datetime, breaks: Iterable[Interval] = ()) -> int:
		"""Counted seconds from `start` to `end`, breaks taken out.

		`end` before `start`, or more than 100 years after it: CalendarError.
		"""
		first, last = epoch_seconds(start), epoch_seconds(end)
		if last < first:
			raise CalendarError("{end} is before {start}. Swap the two.", start=start, end=end)
		table = self._reaching(self._at(first), last, first)
		total = _reading(table, last) - _reading(table, first)
		for begins, ends in _merged(breaks, first):
			if begins >= last:
				break
			total -= _reading(table, min(ends, last)) - _reading(table, begins)
		return total

	def deadline(self, start: datetime, seconds: int, breaks: Iterable[Interval] = ()) -> datetime:
		"""The counted moment when `seconds` counted seconds have gone by since `start`, in the calendar's zone.

		A duration that ends at closing time lands at the next opening; zero gives `start`, or the next counted
		moment. Breaks are intervals in which nothing counts. Raises CalendarError for negative seconds, a break
		that ends before it starts, and when counted time runs out (special days only, more than 100 years, or year
		9999).
		"""
		if seconds < 0:
			raise CalendarError(
				"{seconds} seconds is below zero. Give a duration from zero.", seconds=seconds
			)
		first = epoch_seconds(start)
		table = self._at(first)
		reading = _reading(table, first) + seconds
		if breaks:
			for begins, ends in _merged(breaks, first):
				table = self._reaching(table, begins, first)
				at_break = _reading(table, begins)
				if at_break > reading:
					break
				table = self._reaching(table, ends, first)
				reading += _reading(table, ends) - at_break
		if reading >= table.top:
			table = self._counting(table, reading, first)
		window = bisect_right(table.before, reading) - 1
		second = table.starts[window] + reading - table.before[window]
		return datetime.fromtimestamp(second, self.tz)

	def next_counted(self, moment: datetime) -> datetime:
		"""`moment` if it counts, else the first counted moment after it; in the calendar's zone."""
		return self.deadline(moment, 0)

	def windows_on(self, day: date) -> tuple[Interval, ...]:
		"""The windows that start on this local date, as real moments, after holidays and special days."""
		return tuple(
			(datetime.fromtimestamp(start, self.tz), datetime.fromtimestamp(end, self.tz))
			for start, end in self._real_windows(day.toordinal())
		)

	def _at(self, second: int) -> _Table:
		"""The compiled windows around an epoch second: those there are, or new ones where they are far from it."""
		table = self._table
		if table is not None and _covers(table, second) and table.last_day - table.first_day <= _SPAN:
			return table
		day = _day_of(second)
		with _compiling:
			table = self._table
			if table is None or max(day, table.last_day) - min(day, table.first_day) > _SPAN:
				table = _table_at(day - _MARGIN)
			return self._extend(table, day - _MARGIN, day + _MARGIN)

	def _reaching(self, table: _Table, second: int, first: int) -> _Table:
		"""The same table, longer: an epoch second is in it, which a question that began at `first` reaches for."""
		if _covers(table, second):
			return table
		day = _day_of(second)
		_check_reach(day, first)
		with _compiling:
			return self._extend(table, day - _MARGIN, day + _MARGIN)

	def _counting(self, table: _Table, reading: int, first: int) -> _Table:
		"""The same table, longer: a reading is in it."""
		with _compiling:
			while reading >= table.top:
				if not self._counts_after(table.last_day):
					raise CalendarError(
						"The calendar has no counted time left by then. Give it office hours."
					)
				if table.last_day == _LAST_DAY:
					raise CalendarError("That is after the year 9999. Give a shorter duration.")
				_check_reach(table.last_day + (reading - table.top) // DAY, first)
				table = self._extend(table, table.first_day, table.last_day + 1)
			return table

	def _counts_after(self, day: int) -> bool:
		return any(self._weekly) or day <= max(self.special_days).toordinal()

	def _extend(self, table: _Table, first_day: int, last_day: int) -> _Table:
		"""Compile the local dates from first_day up to last_day as well, and as many again as there were, within reason.

		It is a new table, since others may be reading the old one.
		"""
		block = min(max(_BLOCK, table.last_day - table.first_day), _LARGEST_BLOCK)
		if first_day < table.first_day:
			table = self._extended_back(table, max(_FIRST_DAY, min(first_day, table.first_day - block)))
		if last_day > table.last_day:
			table = self._extended_forward(table, min(_LAST_DAY, max(last_day, table.last_day + block)))
		self._table = table
		return table

	def _extended_back(self, table: _Table, first_day: int) -> _Table:
		starts, ends = self._compile(first_day, table.first_day)
		low = table.low - sum(ends) + sum(starts)
		return table._replace(
			starts=starts + table.starts,
			ends=ends + table.ends,
			before=_running(starts, ends, low) + table.before,
			low=low,
			first_day=first_day,
			known_from=_known_from(first_day),
		)

	def _extended_forward(self, table: _Table, last_day: int) -> _Table:
		starts, ends = self._compile(table.last_day, last_day)
		return table._replace(
			starts=table.starts + starts,
			ends=table.ends + ends,
			before=table.before + _running(starts, ends, table.top),
			top=table.top + sum(ends) - sum(starts),
			last_day=last_day,
			known_to=_known_to(last_day),
		)

	def _compile(self, first_day: int, last_day: int) -> tuple[array[int], array[int]]:
		starts, ends = array("q"), array("q")
		for day in range(first_day, last_day):
			for start, end in self._real_windows(day):
				starts.append(start)
				ends.append(end)
		return starts, ends

	def _real_windows(self, day: int) -> list[Span]:
		"""A date's windows as epoch seconds; one that a clock change skips has no length and is left out."""
		spans = self._spans(day)
		if not spans:
			return []
		midnight = datetime.fromordinal(day).replace(tzinfo=self.tz)
		real = [(self._edge(midnight, start), self._edge(midnight, end)) for start, end in spans]
		return [(start, end) for start, end in real if start < end]

	def _spans(self, day: int) -> tuple[Span, ...]:
		date_ = date.fromordinal(day)
		special = self.special_days.get(date_)
		if special is not None:
			return special
		return () if date_ in self.holidays else self._weekly[date_.weekday()]

	def _edge(self, midnight: datetime, seconds: int) -> int:
		"""The first epoch second at which the local clock shows this time of this date, or a later one."""
		wall = midnight + timedelta(seconds=seconds)
		shown = (midnight.toordinal() - _EPOCH_ORDINAL) * DAY + seconds
		before, after = _offset(wall), _offset(wall.replace(fold=1))
		if after > before:
			return self._clock_change(shown - after, shown - before)
		return shown - before

	def _clock_change(self, before: int, after: int) -> int:
		"""The epoch second between the two at which the clock goes forward."""
		offset = _offset(datetime.fromtimestamp(before, self.tz))
		while after - before > 1:
			middle = (before + after) // 2
			if _offset(datetime.fromtimestamp(middle, self.tz)) == offset:
				before = middle
			else:
				after = middle
		return after

	def _refuse_overlaps(self) -> None:
		week = [(day * DAY + start, day * DAY + end) for day in range(7) for start, end in self._weekly[day]]
		_refuse_overlap([*week, *((start + WEEK, end + WEEK) for start, end in week[:1])], "the week")
		for day in sorted(self.special_days):
			near = range(-1, 2)
			spans = [
				(n * DAY + start, n * DAY + end)
				for n in near
				for start, end in self._spans(day.toordinal() + n)
			]
			_refuse_overlap(spans, day.isoformat())

	def _refuse_emptiness(self) -> None:
		if any(self._weekly) or any(self._real_windows(day.toordinal()) for day in self.special_days):
			return
		raise CalendarError("The calendar has no counted time at all. Give it at least one window.")


def _span(start: int, end: int) -> Span:
	"""A window's edges with `end` after `start`, both from the midnight its date begins with."""
	if not 0 <= start < DAY:
		raise CalendarError("A window cannot start {start} s after midnight. Use 0 to 86399.", start=start)
	if end < 0:
		raise CalendarError(
			"The window from {start} s ends before it begins, at {end} s.", start=start, end=end
		)
	until = end if end > start else end + DAY
	if until - start > DAY:
		raise CalendarError(
			"A window from {start} to {end} s is over a day long. Split it.", start=start, end=end
		)
	return start, until


def _refuse_overlap(spans: Sequence[Span], where: str) -> None:
	for (start, end), (next_start, _) in pairwise(spans):
		if next_start < end:
			raise CalendarError(
				"Two windows of {where} overlap: the one from {start} s and the one from {next} s.",
				where=where,
				start=start % DAY,
				next=next_start % DAY,
			)


def _plain_dates(days: Iterable[date]) -> list[date]:
	found = list(days)
	for day in found:
		# A datetime is a date to Python but never equals one: the holiday would silently not be kept.
		if type(day) is not date or not _FIRST_DAY < day.toordinal() < _LAST_DAY:
			raise CalendarError(
				"{day} is not a date this calendar can use. Give a plain date.", day=repr(day)
			)
	return found


def _zone(tz: tzinfo | str) -> tzinfo:
	if isinstance(tz, (ZoneInfo, timezone)):
		return tz
	try:
		return ZoneInfo(str(tz))
	except (ZoneInfoNotFoundError, ValueError, OSError):
		raise CalendarError("There is no time zone {tz}. Use a name like Europe/Stockholm.", tz=tz) from None


def _offset(moment: datetime) -> int:
	offset = moment.utcoffset()
	assert offset is not None, "moments of a calendar have its zone"
	return offset.days * DAY + offset.seconds


def _merged(breaks: Iterable[Interval], first: int) -> list[Span]:
	"""The breaks after epoch second `first`, in order, without overlaps, as epoch seconds."""
	merged: list[Span] = []
	for start, end in sorted(_epoch_break(*interval) for interval in breaks):
		start = max(start, first)
		if merged and start <= merged[-1][1]:
			merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
		elif start < end:
			merged.append((start, end))
	return merged


def _epoch_break(start: datetime, end: datetime) -> Span:
	first, last = epoch_seconds(start), epoch_seconds(end)
	if last < first:
		raise CalendarError("The break from {start} ends before it starts, at {end}.", start=start, end=end)
	return first, last


def _day_of(second: int) -> int:
	"""The ordinal of an epoch second's UTC date, which a calendar must be able to count around."""
	day = second // DAY + _EPOCH_ORDINAL
	if not _FIRST_DAY <= day - _MARGIN <= day + _MARGIN <= _LAST_DAY:
		raise CalendarError("A calendar counts within the years 1 to 9999 only. Check the dates.")
	return day


def _check_reach(day: int, first: int) -> None:
	if abs(day - _day_of(first)) > _SPAN:
		raise CalendarError("That is more than {years} years away. Check the dates.", years=YEARS)


def _covers(table: _Table, second: int) -> bool:
	return table.known_from <= second <= table.known_to


def _reading(table: _Table, second: int) -> int:
	"""Counted seconds up to an epoch second, from a zero that is fixed for this table and what it grows into."""
	window = bisect_right(table.starts, second) - 1
	if window < 0:
		return table.low
	end = table.ends[window]
	return table.before[window] + (second if second < end else end) - table.starts[window]


def _table_at(day: int) -> _Table:
	nothing = array("q")
	return _Table(nothing, nothing, nothing, 0, 0, day, day, _known_from(day), _known_to(day))


def _known_from(first_day: int) -> int:
	# The day before may reach into the first day, whose midnight may be up to a day later than UTC's.
	return (first_day + 2 - _EPOCH_ORDINAL) * DAY


def _known_to(last_day: int) -> int:
	return (last_day - 1 - _EPOCH_ORDINAL) * DAY


def _running(starts: array[int], ends: array[int], first: int) -> array[int]:
	"""The counted seconds before each window, beginning with `first`."""
	before = array("q")
	for start, end in zip(starts, ends, strict=True):
		before.append(first)
		first += end - start
	return before
