"""The queue of tickets without promised time: who comes when, and what a team's capacity makes of it.

A forecast is no promise. Capacity is seconds of work per working day, spread evenly over that day's counted time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from support_retainer.core.calendar import Calendar, Interval, epoch_seconds
from support_retainer.core.errors import CalendarError, CoreError

# So far ahead a forecast says nothing; it also ends the search in a calendar that has run out of counted time.
HORIZON_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Waiting:
	"""A ticket in the queue: whose it is, the customer's own rank (None: unranked), when it came in, its work in seconds."""

	name: str
	customer: str
	registered: datetime
	work: int
	rank: int | None = None

	def __post_init__(self) -> None:
		if self.work < 0:
			raise CoreError(
				"{name} has {work} s of work, less than nothing. Give zero or more.",
				name=self.name,
				work=self.work,
			)


@dataclass(frozen=True, slots=True)
class Place:
	"""A ticket's place (1 is next) and when work on it may begin; None when capacity never gets there."""

	name: str
	place: int
	starts: datetime | None


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
	"""The tickets by when they came in, each customer's own ones in the order the customer ranked them.

	A customer's ranking moves only that customer's tickets, within the places they have: it never pushes others back.
	"""
	queue = sorted(waiting, key=_arrival)
	own: dict[str, list[Waiting]] = {}
	for ticket in queue:
		own.setdefault(ticket.customer, []).append(ticket)
	ranked = {customer: iter(sorted(tickets, key=_by_rank)) for customer, tickets in own.items()}
	return [next(ranked[ticket.customer]) for ticket in queue]


def forecast(
	queue: Sequence[Waiting], now: datetime, calendar: Calendar, capacity: int, reserved: int = 0
) -> list[Place]:
	"""The place and forecast of each ticket of an ordered queue.

	`capacity` is seconds of work per working day; `reserved` seconds of work go before the whole queue. Nothing is ever
	forecast before `now`. Negative capacity or reservation: CoreError.
	"""
	if capacity < 0 or reserved < 0:
		raise CoreError(
			"A capacity of {capacity} s and {reserved} s reserved: give zero or more.",
			capacity=capacity,
			reserved=reserved,
		)
	team = _Team(now, calendar, capacity)
	ahead, places = reserved, []
	for number, ticket in enumerate(queue, 1):
		places.append(Place(ticket.name, number, team.free_after(ahead)))
		ahead += ticket.work
	return places


class _Team:
	"""The moments at which amounts of work are done, asked for in rising order."""

	def __init__(self, now: datetime, calendar: Calendar, capacity: int) -> None:
		self.now, self.calendar, self.capacity = now, calendar, capacity
		# The day before may hold a window that runs over midnight.
		self.day = now.astimezone(calendar.tz).date() - timedelta(days=1)
		self.last_day = self.day + timedelta(days=HORIZON_DAYS)
		self.done_before = Fraction(0)

	def free_after(self, work: int) -> datetime | None:
		"""The first counted moment at which this much work is done; None beyond the horizon."""
		try:
			if not self.capacity:
				return None if work else self.calendar.next_counted(self.now)
			while self.day <= self.last_day:
				windows, speed = self._working_day(self.day)
				room = sum(end - start for start, end in windows) * speed
				if self.done_before + room > work:
					return self._moment(windows, (work - self.done_before) / speed)
				self.done_before += room
				self.day += timedelta(days=1)
		except CalendarError:
			pass  # counted time, or the years, run out before the work does
		return None

	def _working_day(self, day: date) -> tuple[list[tuple[int, int]], Fraction]:
		"""What is left of a day's windows from now on (epoch seconds), and the work done in each second of them."""
		whole = [_epoch(window) for window in self.calendar.windows_on(day)]
		if not whole:
			return [], Fraction(0)
		speed = Fraction(self.capacity, sum(end - start for start, end in whole))
		now = epoch_seconds(self.now)
		return [(max(start, now), end) for start, end in whole if end > now], speed

	def _moment(self, windows: list[tuple[int, int]], seconds: Fraction) -> datetime:
		left = -(-seconds.numerator // seconds.denominator)
		for start, end in windows:
			if left < end - start:
				return datetime.fromtimestamp(start + left, self.calendar.tz)
			left -= end - start
		# rounding up reached closing time: the next opening
		last = datetime.fromtimestamp(windows[-1][1], self.calendar.tz)
		return self.calendar.next_counted(last)


def _epoch(window: Interval) -> tuple[int, int]:
	return epoch_seconds(window[0]), epoch_seconds(window[1])


def _arrival(ticket: Waiting) -> tuple[int, str]:
	return epoch_seconds(ticket.registered), ticket.name


def _by_rank(ticket: Waiting) -> tuple[bool, int, int, str]:
	return ticket.rank is None, ticket.rank or 0, *_arrival(ticket)
