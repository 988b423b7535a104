"""What work costs: started quarters, surcharges, project management, and what the bank covers of it.

Durations are whole seconds of real, elapsed time; rates are money per hour (SEK, say), percentages of the standard
price. Nothing is a float. Source: price list, section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby, pairwise

from support_retainer.core.calendar import epoch_seconds
from support_retainer.core.errors import PricingError
from support_retainer.core.money import half_up, money, round_money
from support_retainer.core.sla import Rule
from support_retainer.core.timebank import Day, Draw, Lot, balance, draw

NOTHING = Decimal(0)
# seconds of one time entry: each of its quarters is priced, so a mistyped year would never end
LONGEST = 7 * 86_400
WORK, PROJECT_MANAGEMENT, SURCHARGE = "Work", "Project Management", "Surcharge"
BANK, OVERAGE = "Bank", "Overage"
INVOICE, TIMEBANK = "Invoice", "Timebank"

RuleAt = Callable[[datetime], Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
	"""What the contract says: `increment` in seconds, `rate` in money per hour, `minor_unit` the smallest coin.

	`surcharge_settlement` is "Invoice" (surcharges are money) or "Timebank" (they draw extra time).
	Raises PricingError for terms that make no price, and for floats.
	"""

	rate: Decimal
	increment: int = 900
	project_management_percent: Decimal = Decimal(25)
	surcharge_settlement: str = INVOICE
	minor_unit: Decimal = Decimal("0.01")

	def __post_init__(self) -> None:
		for name in ("rate", "project_management_percent", "minor_unit"):
			value = getattr(self, name)
			if not isinstance(value, (Decimal, int)) or not Decimal(value).is_finite() or value < 0:
				raise PricingError(
					"{name} cannot be {value}. Give a decimal from zero.", name=name, value=value
				)
		if type(self.increment) is not int or self.increment <= 0 or not self.minor_unit:
			raise PricingError("The increment and the smallest coin must be above zero.")
		if self.surcharge_settlement not in (INVOICE, TIMEBANK):
			raise PricingError(
				"Surcharges cannot be settled by {value}. Choose Invoice or Timebank.",
				value=self.surcharge_settlement,
			)


@dataclass(frozen=True, slots=True)
class Work:
	"""One time entry: aware moments, `end` after `start`. `key` names it among the entries priced together.

	`who` did it: two people may work on one ticket at once, nobody twice.
	"""

	key: str
	start: datetime
	end: datetime
	who: str = ""


@dataclass(frozen=True, slots=True)
class Quarter:
	"""One started increment: `seconds` are charged, `worked` of them were worked (pooled: in whichever entry)."""

	work: str
	start: datetime
	seconds: int
	worked: int
	rule: str
	surcharge_percent: Decimal


@dataclass(frozen=True, slots=True)
class Segment:
	"""Consecutive quarters of one entry under one rule; all durations in seconds.

	In a pool an entry's time may fall into a quarter that another entry started: worked, with nothing charged.
	"""

	work: str
	rule: str
	surcharge_percent: Decimal
	quarters: int
	worked: int
	charged: int
	project_management: int

	def demand(self, terms: Terms) -> int:
		"""Seconds the bank would have to give for the work alone, project management not included."""
		if terms.surcharge_settlement == INVOICE:
			return self.charged
		return self.charged + _percent_of(self.charged, self.surcharge_percent)


@dataclass(frozen=True, slots=True)
class Charge:
	"""Priced work: each quarter, and the segments that are settled."""

	quarters: tuple[Quarter, ...]
	segments: tuple[Segment, ...]

	@property
	def worked(self) -> int:
		"""Seconds worked."""
		return sum(segment.worked for segment in self.segments)

	@property
	def charged(self) -> int:
		"""Seconds charged for the work, whole increments."""
		return sum(segment.charged for segment in self.segments)

	@property
	def project_management(self) -> int:
		"""Seconds of project management added."""
		return sum(segment.project_management for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Piece:
	"""One line for the ledger. `seconds` were taken from the lot, or are overage at the standard price.

	Only Work pieces carry `worked` and `charged`, so that these add up to the segment's. A Surcharge piece has only
	an amount, and in `base` the charged seconds its percentage is on: those the bank covered, or those it did not.
	Only Bank pieces that draw have a lot.
	"""

	work: str
	rule: str
	surcharge_percent: Decimal
	component: str
	cover: str
	lot: str | None
	worked: int
	charged: int
	seconds: int
	amount: Decimal
	base: int = 0


def started_quarters(work: Work, increment: int, rule_at: RuleAt) -> tuple[Quarter, ...]:
	"""The increments (seconds) an entry starts, counted from its own start, each under the rule where it starts."""
	return tuple(_cut([work], increment, rule_at)[0])


def price(
	works: Sequence[Work], terms: Terms, rule_at: RuleAt, pooled: bool = False, paid: int = 0
) -> Charge:
	"""Price entries each on its own, in the order given, or pooled: sorted by start and laid end to end.

	`paid` are seconds that a pool has been charged for already and not used: the first of the work fills them.

	`rule_at` is asked once for each quarter, at the moment it starts. Raises PricingError for an end at or before
	its start, one longer than a week, two entries with one key, and overlapping entries of one person in a pool.
	"""
	if paid < 0 or (paid and not pooled):
		raise PricingError("Only a pool can have seconds paid already, and not less than none.")
	if too_long := [work for work in works if epoch_seconds(work.end) - epoch_seconds(work.start) > LONGEST]:
		raise PricingError("Time entry {work} is longer than a week. Divide it.", work=too_long[0].key)
	if len({work.key for work in works}) < len(works):
		raise PricingError("Two time entries have the same key. Give each its own.")
	quarters: list[Quarter] = []
	segments: list[Segment] = []
	for group in [_pool(works)] if pooled else [[work] for work in works]:
		cut, slices = _cut(group, terms.increment, rule_at, paid)
		quarters += cut
		segments += _segments(slices, terms)
	return Charge(tuple(quarters), tuple(segments))


def settle(charge: Charge, terms: Terms, lots: Sequence[Lot], on: Mapping[str, Day]) -> tuple[Piece, ...]:
	"""Draw a charge from the lots valid on each entry's day (`on`, by key), oldest first; the rest is overage.

	Work and project management share what the bank has in proportion. Amounts are rounded half up, each piece's.
	"""
	pieces: list[Piece] = []
	remaining = tuple(lots)
	for segment in charge.segments:
		if segment.work not in on:
			raise PricingError("Time entry {work} has no date to draw the bank on.", work=segment.work)
		settled, remaining = _settle_segment(segment, terms, remaining, on[segment.work])
		pieces += settled
	return tuple(pieces)


@dataclass(frozen=True, slots=True)
class _Slice:
	"""The part of a quarter that lies in one entry; `charged` is the whole increment where the quarter starts."""

	work: str
	rule: str
	surcharge_percent: Decimal
	worked: int
	charged: int


def _pool(works: Sequence[Work]) -> list[Work]:
	ordered = sorted(works, key=_span)
	by_person = sorted(ordered, key=lambda work: work.who)
	for work, following in pairwise(by_person):
		if work.who == following.who and epoch_seconds(following.start) < epoch_seconds(work.end):
			raise PricingError(
				"Time entries {work} and {other} overlap. Correct their times.",
				work=work.key,
				other=following.key,
			)
	return ordered


def _cut(
	works: Sequence[Work], increment: int, rule_at: RuleAt, room: int = 0
) -> tuple[list[Quarter], list[_Slice]]:
	"""Lay entries end to end and cut them into increments; a slice for each part of a quarter in each entry.

	`room` seconds are there before the first quarter starts; time that fills them is named by the rule it began under.
	"""
	opened: list[tuple[str, datetime, Rule]] = []
	worked: list[int] = []
	slices: list[_Slice] = []
	rule = rule_at(works[0].start) if room and works else None
	for work in works:
		at, end = _span(work)
		while at < end:
			charged = 0
			if not room:
				moment = datetime.fromtimestamp(at, work.start.tzinfo)
				rule = rule_at(moment)
				opened.append((work.key, moment, rule))
				worked.append(0)
				room = charged = increment
			used = min(room, end - at)
			slices.append(_Slice(work.key, rule.name, rule.surcharge_percent, used, charged))
			if opened:
				worked[-1] += used
			room -= used
			at += used
	quarters = [
		Quarter(key, moment, increment, used, rule.name, rule.surcharge_percent)
		for (key, moment, rule), used in zip(opened, worked, strict=True)
	]
	return quarters, slices


def _span(work: Work) -> tuple[int, int]:
	start, end = epoch_seconds(work.start), epoch_seconds(work.end)
	if end <= start:
		raise PricingError(
			"Time entry {work} does not end after its start. Correct its times.", work=work.key
		)
	return start, end


def _segments(slices: Iterable[_Slice], terms: Terms) -> list[Segment]:
	"""Slices of one entry and rule together. Project management is of the sum, shared so that it adds up."""
	segments: list[Segment] = []
	total = given = 0
	for (work, rule, percent), parts in groupby(slices, lambda s: (s.work, s.rule, s.surcharge_percent)):
		together = list(parts)
		charged = sum(part.charged for part in together)
		total += charged
		management = _percent_of(total, terms.project_management_percent) - given
		given += management
		segments.append(
			Segment(
				work=work,
				rule=rule,
				surcharge_percent=percent,
				quarters=charged // terms.increment,
				worked=sum(part.worked for part in together),
				charged=charged,
				project_management=management,
			)
		)
	return segments


def _settle_segment(
	segment: Segment, terms: Terms, lots: tuple[Lot, ...], on: Day
) -> tuple[list[Piece], tuple[Lot, ...]]:
	demand, management = segment.demand(terms), segment.project_management
	whole = demand + management
	given = min(balance(lots, on), whole)
	given_work = given * demand // whole if whole else 0
	work_draws, _, lots = draw(lots, given_work, on)
	management_draws, _, lots = draw(lots, given - given_work, on)
	pieces, worked, charged = _drawn_work(segment, demand, work_draws)
	pieces += [
		_piece(segment, PROJECT_MANAGEMENT, BANK, lot=drawn.lot, seconds=drawn.seconds)
		for drawn in management_draws
	]
	pieces += _overage(segment, terms, worked, charged, management - (given - given_work))
	return pieces, lots


def _drawn_work(segment: Segment, demand: int, draws: Iterable[Draw]) -> tuple[list[Piece], int, int]:
	"""A piece for each draw, with its share of the time worked and charged; and what is left of these two."""
	pieces = []
	drawn = worked = charged = 0
	for one in draws:
		drawn += one.seconds
		worked_so_far, charged_so_far = segment.worked * drawn // demand, segment.charged * drawn // demand
		pieces.append(
			_piece(
				segment,
				WORK,
				BANK,
				lot=one.lot,
				seconds=one.seconds,
				worked=worked_so_far - worked,
				charged=charged_so_far - charged,
			)
		)
		worked, charged = worked_so_far, charged_so_far
	return pieces, segment.worked - worked, segment.charged - charged


def _overage(segment: Segment, terms: Terms, worked: int, charged: int, management: int) -> list[Piece]:
	"""What the bank did not cover, and the surcharge in money; all durations in seconds."""
	pieces = []
	if worked or charged:
		amount = round_money(money(charged, terms.rate), terms.minor_unit)
		pieces.append(
			_piece(segment, WORK, OVERAGE, worked=worked, charged=charged, seconds=charged, amount=amount)
		)
	if management:
		amount = round_money(money(management, terms.rate), terms.minor_unit)
		pieces.append(_piece(segment, PROJECT_MANAGEMENT, OVERAGE, seconds=management, amount=amount))
	pieces += _surcharges(segment, terms, charged)
	return pieces


def _surcharges(segment: Segment, terms: Terms, uncovered: int) -> list[Piece]:
	"""The surcharge in money, on what the bank covered and on what it did not; together the whole's rounded amount."""
	if not segment.surcharge_percent:
		return []
	covered = segment.charged - uncovered if terms.surcharge_settlement == INVOICE else 0
	amounts = [
		round_money(money(base, terms.rate, segment.surcharge_percent), terms.minor_unit)
		for base in (covered, covered + uncovered)
	]
	parts = ((BANK, covered, amounts[0]), (OVERAGE, uncovered, amounts[1] - amounts[0]))
	return [
		_piece(segment, SURCHARGE, cover, amount=amount, base=base) for cover, base, amount in parts if base
	]


def _piece(
	segment: Segment,
	component: str,
	cover: str,
	*,
	lot: str | None = None,
	worked: int = 0,
	charged: int = 0,
	seconds: int = 0,
	amount: Decimal = NOTHING,
	base: int = 0,
) -> Piece:
	return Piece(
		work=segment.work,
		rule=segment.rule,
		surcharge_percent=segment.surcharge_percent,
		component=component,
		cover=cover,
		lot=lot,
		worked=worked,
		charged=charged,
		seconds=seconds,
		amount=amount,
		base=base,
	)


def _percent_of(seconds: int, percent: Decimal) -> int:
	"""A percentage of a duration, half up to a whole second."""
	over, under = percent.as_integer_ratio()
	return half_up(seconds * over, 100 * under)
