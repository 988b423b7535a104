"""Time as lots: what may be drawn when, what expires and what is carried over. All in whole seconds.

Source: DESIGN section 2, points 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from support_retainer.core.errors import TimebankError

MONTHS = {"Monthly": 1, "Quarterly": 3}
# A day work is drawn on. Late work has two: its own, and the first of the period it is booked in.
Day = date | tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Lot:
	"""Seconds that came into the bank together. `valid_until` is the last day they may be drawn; None: no end.

	Of lots that begin on one day the one with the lower `number`, then the lower name, is the older.
	"""

	name: str
	remaining: int
	valid_from: date
	valid_until: date | None = None
	number: int = 0

	def __post_init__(self) -> None:
		if self.remaining < 0:
			raise TimebankError(
				"Lot {lot} has {seconds} s left, less than nothing. Correct the ledger first.",
				lot=self.name,
				seconds=self.remaining,
			)

	def is_valid(self, on: Day) -> bool:
		"""Whether it may be drawn on this day, or on one of these."""
		days = on if isinstance(on, tuple) else (on,)
		return any(
			self.valid_from <= day and (self.valid_until is None or day <= self.valid_until) for day in days
		)


@dataclass(frozen=True, slots=True)
class Draw:
	"""Seconds of one lot that are drawn, expire or are carried over."""

	lot: str
	seconds: int


@dataclass(frozen=True, slots=True)
class Period:
	"""Calendar days from `start` to `end`, both included."""

	start: date
	end: date

	def __post_init__(self) -> None:
		if self.end < self.start:
			raise TimebankError(
				"The period from {start} ends before it, on {end}.", start=self.start, end=self.end
			)

	@property
	def days(self) -> int:
		"""Calendar days in the period."""
		return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Closing:
	"""What becomes of the lots when a period closes: together they are all that was left of them."""

	expired: tuple[Draw, ...]
	carried: tuple[Draw, ...]


def draw(lots: Sequence[Lot], seconds: int, on: Day) -> tuple[tuple[Draw, ...], int, tuple[Lot, ...]]:
	"""Draw seconds from the lots valid on a day, oldest first: (draws, seconds not covered, lots afterwards).

	Afterwards the lots are in the order given. Negative seconds: TimebankError.
	"""
	if seconds < 0:
		raise TimebankError("{seconds} s cannot be drawn. Give zero or more.", seconds=seconds)
	missing = seconds
	draws = []
	for lot in _oldest_first(lots):
		taken = min(lot.remaining, missing) if lot.is_valid(on) else 0
		if taken:
			draws.append(Draw(lot.name, taken))
			missing -= taken
	taken_from = {draw.lot: draw.seconds for draw in draws}
	after = tuple(
		replace(lot, remaining=lot.remaining - taken_from[lot.name]) if lot.name in taken_from else lot
		for lot in lots
	)
	return tuple(draws), missing, after


def balance(lots: Iterable[Lot], on: Day) -> int:
	"""Seconds that may be drawn on a day."""
	return sum(lot.remaining for lot in lots if lot.is_valid(on))


def full_period(kind: str, day: date) -> Period:
	"""The whole calendar month ("Monthly") or quarter ("Quarterly") a day is in."""
	months = _months(kind)
	first = (day.month - 1) // months * months + 1
	return Period(date(day.year, first, 1), _last_of_month(day.year, first + months - 1))


def periods(start: date, kind: str, until: date, end: date | None = None) -> list[Period]:
	"""The periods from `start` to the one `until` is in. The first begins at `start`, the last is cut at `end`."""
	if end is not None and end < start:
		raise TimebankError("{end} is before the start, {start}. Swap them.", start=start, end=end)
	last = until if end is None else min(until, end)
	found = []
	while start <= last:
		full = full_period(kind, start)
		found.append(Period(start, full.end if end is None else min(full.end, end)))
		if full.end == date.max:
			break
		start = full.end + timedelta(days=1)
	return found


def prorated(seconds: int, period: Period, kind: str, prorate: bool) -> int:
	"""A full period's seconds for this period: by calendar days (half up to a whole second), or all of them."""
	full = full_period(kind, period.start)
	if period.end > full.end:
		raise TimebankError(
			"{start} to {end} is longer than one period. Split it.", start=period.start, end=period.end
		)
	if not prorate:
		return seconds
	return (2 * seconds * period.days + full.days) // (2 * full.days)


def valid_until(period: Period, kind: str, carry_over: str, periods: int = 0) -> date | None:
	"""The last day this period's lot may be drawn: its own end ("None"), the end of the n-th full period after it
	("Periods"), or None for never ("Unlimited")."""
	if carry_over == "Unlimited":
		return None
	if carry_over == "None":
		return period.end
	if carry_over != "Periods" or periods < 0:
		raise TimebankError(
			"Carry over cannot be {carry_over} ({periods}). Choose None, Periods or Unlimited, from 0 periods.",
			carry_over=carry_over,
			periods=periods,
		)
	if periods == 0:
		return period.end
	full = full_period(kind, period.start)
	month = full.end.year * 12 + full.end.month - 1 + periods * _months(kind)
	return _last_of_month(month // 12, month % 12 + 1) if month < 10_000 * 12 else date.max


def close(lots: Iterable[Lot], period_end: date, cap: int | None = None) -> Closing:
	"""What expires and what is carried over when the period that ends on this day closes.

	Lots past their date expire, and, oldest first, what is over the cap (seconds; None: no cap). Lots that begin
	later are left alone. Which lots the cap is about (top-ups, say) is the caller's choice.
	"""
	begun = [lot for lot in _oldest_first(lots) if lot.valid_from <= period_end and lot.remaining]
	ending = {lot.name for lot in begun if lot.valid_until is not None and lot.valid_until <= period_end}
	kept = sum(lot.remaining for lot in begun if lot.name not in ending)
	over = 0 if cap is None else max(0, kept - cap)
	expired, carried = [], []
	for lot in begun:
		gone = lot.remaining if lot.name in ending else min(lot.remaining, over)
		over -= 0 if lot.name in ending else gone
		if gone:
			expired.append(Draw(lot.name, gone))
		if gone < lot.remaining:
			carried.append(Draw(lot.name, lot.remaining - gone))
	return Closing(tuple(expired), tuple(carried))


def is_within(unreserved: int, expected: int | None) -> bool:
	"""Whether a ticket is within budget: the unreserved seconds cover those expected, or, with none expected
	(None or 0), are above zero."""
	return unreserved >= expected if expected else unreserved > 0


def _oldest_first(lots: Iterable[Lot]) -> list[Lot]:
	ordered = sorted(lots, key=lambda lot: (lot.valid_from, lot.number, lot.name))
	if len({lot.name for lot in ordered}) < len(ordered):
		raise TimebankError("Two lots have the same name. Give each its own.")
	return ordered


def _months(kind: str) -> int:
	if kind not in MONTHS:
		raise TimebankError("A period cannot be {kind}. Choose Monthly or Quarterly.", kind=kind)
	return MONTHS[kind]


def _last_of_month(year: int, month: int) -> date:
	return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)
