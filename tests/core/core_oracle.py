"""Counted time the slow way: someone watches a wall clock, one grain at a time.

Written from the meaning of office hours, not from the code under test. The watcher's clock never goes backwards: when the
clocks are put back, the repeated hour is spent at the latest time already shown. Exact when all edges fall on the grain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo

from support_retainer.core import Window


class Watcher:
	def __init__(
		self,
		windows: Sequence[Window],
		tz: tzinfo,
		holidays: Sequence[date],
		special_days: dict[date, tuple[tuple[int, int], ...]],
		grain: int,
	) -> None:
		self.windows, self.tz, self.holidays, self.special_days = windows, tz, holidays, special_days
		self.grain = timedelta(seconds=grain)

	def grains(
		self, start: datetime, breaks: Sequence[tuple[datetime, datetime]]
	) -> Iterator[tuple[datetime, bool]]:
		"""Each grain from start: its beginning in UTC, and whether it counts."""
		start, breaks = _utc(start), [(_utc(begins), _utc(ends)) for begins, ends in breaks]
		moment = start - timedelta(days=2)
		clock = self._shown(moment)
		while True:
			clock = max(clock, self._shown(moment))
			if moment >= start:
				paused = any(begins <= moment < ends for begins, ends in breaks)
				yield moment, not paused and self._open(clock)
			moment += self.grain

	def counted(
		self, start: datetime, end: datetime, breaks: Sequence[tuple[datetime, datetime]] = ()
	) -> int:
		total = 0
		for moment, counts in self.grains(start, breaks):
			if moment >= _utc(end):
				return total
			total += counts * int(self.grain.total_seconds())
		raise AssertionError

	def deadline(
		self, start: datetime, seconds: int, breaks: Sequence[tuple[datetime, datetime]] = ()
	) -> datetime:
		for moment, counts in self.grains(start, breaks):
			if counts and seconds == 0:
				return moment
			seconds -= counts * int(self.grain.total_seconds())
		raise AssertionError

	def _shown(self, moment: datetime) -> datetime:
		local = moment.astimezone(self.tz)
		if local.fold:
			# Put back: the latest time already shown is the last grain before the change.
			while local.fold:
				moment -= self.grain
				local = moment.astimezone(self.tz)
		return local.replace(tzinfo=None)

	def _open(self, clock: datetime) -> bool:
		midnight = datetime(clock.year, clock.month, clock.day)
		since = int((clock - midnight).total_seconds())
		yesterday = midnight - timedelta(days=1)
		return any(start <= since < end for start, end in self._hours(midnight.date())) or any(
			start <= since + 86_400 < end for start, end in self._hours(yesterday.date())
		)

	def _hours(self, day: date) -> list[tuple[int, int]]:
		if day in self.special_days:
			hours = list(self.special_days[day])
		elif day in self.holidays:
			hours = []
		else:
			hours = [(w.start, w.end) for w in self.windows if w.weekday == day.weekday()]
		return [(start, end if end > start else end + 86_400) for start, end in hours]


def _utc(moment: datetime) -> datetime:
	return moment.astimezone(timezone.utc)
