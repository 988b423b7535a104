"""What work costs. The story of November 2026 at Fjällbutiken is worked by hand; the laws are Hypothesis's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_retainer.core import (
	Calendar,
	Charge,
	Lot,
	Piece,
	PricingError,
	Quarter,
	Rule,
	Segment,
	Terms,
	Window,
	Work,
	money,
	price,
	round_money,
	settle,
	started_quarters,
)

HOUR, QUARTER = 3600, 900
STOCKHOLM = ZoneInfo("Europe/Stockholm")
OFFICE = Calendar((Window(day, 8 * HOUR, 17 * HOUR) for day in range(5)), STOCKHOLM)
TERMS = Terms(rate=Decimal(1000))
IN_TIME = Terms(rate=Decimal(1000), surcharge_settlement="Timebank")


def rule(name: str, percent: int | str) -> Rule:
	urgency = "Urgent" if Decimal(percent) else "Normal"
	return Rule(
		name, urgency, "Any", "Any", "Clock Hours", "Immediately", None, None, None, None, Decimal(percent)
	)


NORMAL, DAY_RATE, NIGHT_RATE = rule("Normal", 0), rule("Urgent, office hours", 75), rule("Urgent, night", 150)


def at(text: str, fold: int = 0) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold)


def work(day: str, start: str, end: str, key: str = "") -> Work:
	return Work(key or f"{day} {start}", at(f"{day} {start}"), at(f"{day} {end}"))


def normal(_: datetime) -> Rule:
	return NORMAL


def urgent(moment: datetime) -> Rule:
	return DAY_RATE if OFFICE.is_counted(moment) else NIGHT_RATE


def hms(text: str) -> int:
	hours, minutes, seconds = (int(part) for part in f"{text}:0:0".split(":")[:3])
	return hours * HOUR + minutes * 60 + seconds


def lot(
	seconds: int, name: str = "November", since: str = "2026-11-01", until: str | None = "2026-11-30"
) -> Lot:
	return Lot(name, seconds, date.fromisoformat(since), until and date.fromisoformat(until))


def book(
	one: Work, rule_at: Callable[[datetime], Rule], lots: list[Lot], terms: Terms = TERMS
) -> tuple[Piece, ...]:
	return settle(price([one], terms, rule_at), terms, lots, {one.key: one.start.date()})


def taken(pieces: tuple[Piece, ...], component: str, cover: str) -> int:
	return sum(piece.seconds for piece in pieces if (piece.component, piece.cover) == (component, cover))


# The story: 10 h a month, 1 000 SEK/h, project management 25 %, surcharges invoiced. November 2026.

STORY = [
	# 50 min: 4 quarters. 25 % of 1:00 is 0:15. 10:00 - 1:15.
	("2026-11-02", "09:00", "09:50", normal, "1:00", "0:15", "1:15", "8:45", []),
	# 190 min: 13 quarters, 3:15 = 11 700 s; 25 % is 2 925 s = 0:48:45. 8:45 - 4:03:45.
	("2026-11-03", "13:00", "16:10", normal, "3:15", "0:48:45", "4:03:45", "4:41:15", []),
	# A quarter from 16:50 at +75 % (250 x 0.75) and one from 17:05 at +150 % (250 x 1.5). 25 % of 0:30 is 0:07:30.
	("2026-11-05", "16:50", "17:20", urgent, "0:30", "0:07:30", "0:37:30", "4:03:45", ["187.50", "375.00"]),
	# Saturday, 65 min: 5 quarters at +150 %: 1.25 x 1 000 x 1.5. 25 % of 4 500 s is 1 125 s.
	("2026-11-14", "10:00", "11:05", urgent, "1:15", "0:18:45", "1:33:45", "2:30:00", ["1875.00"]),
	# 3:45 is wanted and 2:30 is left, two thirds: 2:00 of the 3:00 and 0:30 of the 0:45. 1:00 and 0:15 are billed.
	("2026-11-16", "10:00", "13:00", normal, "3:00", "0:45", "2:30", "0:00", ["1000.00", "250.00"]),
]


def test_the_story_of_fjallbutiken() -> None:
	bank, invoice = hms("10:00"), Decimal(0)
	for day, start, end, rule_at, charged, management, drawn, balance, billed in STORY:
		one = work(day, start, end)
		charge = price([one], TERMS, rule_at)
		pieces = settle(charge, TERMS, [lot(bank)], {one.key: date.fromisoformat(day)})
		from_bank = sum(piece.seconds for piece in pieces if piece.cover == "Bank")
		bank -= from_bank
		assert (charge.charged, charge.project_management) == (hms(charged), hms(management)), day
		assert (from_bank, bank) == (hms(drawn), hms(balance)), day
		assert [str(piece.amount) for piece in pieces if piece.amount] == billed, day
		invoice += sum(piece.amount for piece in pieces)
	assert invoice == Decimal("3687.50")
	assert invoice + 75 == Decimal("3762.50")


def test_the_last_of_the_bank_is_shared_by_work_and_project_management() -> None:
	pieces = book(work("2026-11-16", "10:00", "13:00", "row"), normal, [lot(hms("2:30"))])
	normal_ = ("row", "Normal", Decimal(0))
	nothing = Decimal(0)
	assert pieces == (
		Piece(*normal_, "Work", "Bank", "November", 7200, 7200, 7200, nothing),
		Piece(*normal_, "Project Management", "Bank", "November", 0, 0, 1800, nothing),
		Piece(*normal_, "Work", "Overage", None, 3600, 3600, 3600, Decimal("1000.00")),
		Piece(*normal_, "Project Management", "Overage", None, 0, 0, 900, Decimal("250.00")),
	)


def test_kafeet_without_a_time_bank() -> None:
	# One started quarter at 1 200 SEK/h is 300; 25 % of a quarter is 3:45, 75 SEK. With 75 for the post: 450.
	terms = Terms(rate=Decimal(1200))
	pieces = book(work("2026-11-04", "11:00", "11:01"), normal, [], terms)
	assert [(piece.component, str(piece.amount)) for piece in pieces] == [
		("Work", "300.00"),
		("Project Management", "75.00"),
	]
	assert [piece.worked for piece in pieces] == [60, 0]


# Started quarters.


@pytest.mark.parametrize(
	("start", "end", "quarters"),
	[
		("09:00:00", "09:50:00", 4),
		("09:00:00", "09:15:00", 1),
		("09:00:00", "09:15:01", 2),
		("09:00:00", "09:00:01", 1),
		("09:07:00", "09:22:00", 1),  # counted from the entry's own start, not from the clock's quarters
	],
)
def test_each_started_quarter_is_charged_whole(start: str, end: str, quarters: int) -> None:
	cut = started_quarters(work("2026-11-02", start, end), QUARTER, normal)
	assert len(cut) == quarters
	assert {quarter.seconds for quarter in cut} == {QUARTER}
	assert (
		sum(quarter.worked for quarter in cut)
		== (at(f"2026-11-02 {end}") - at(f"2026-11-02 {start}")).seconds
	)


def test_urgent_over_closing_time() -> None:
	one = work("2026-11-05", "16:50", "17:20", "row")
	assert started_quarters(one, QUARTER, urgent) == (
		Quarter("row", at("2026-11-05 16:50"), 900, 900, "Urgent, office hours", Decimal(75)),
		Quarter("row", at("2026-11-05 17:05"), 900, 900, "Urgent, night", Decimal(150)),
	)
	assert price([one], TERMS, urgent).segments == (
		Segment("row", "Urgent, office hours", Decimal(75), 1, 900, 900, 225),
		Segment("row", "Urgent, night", Decimal(150), 1, 900, 900, 225),
	)


def test_the_rule_is_asked_once_for_each_quarter() -> None:
	asked: list[datetime] = []

	def rule_at(moment: datetime) -> Rule:
		asked.append(moment)
		return NORMAL

	price([work("2026-11-02", "09:00", "09:50")], TERMS, rule_at)
	assert asked == [at(f"2026-11-02 09:{minute:02}") for minute in (0, 15, 30, 45)]


def test_going_back_to_a_rule_is_a_segment_of_its_own() -> None:
	rules = iter([NORMAL, DAY_RATE, NORMAL])
	charge = price([work("2026-11-02", "09:00", "09:45")], TERMS, lambda _: next(rules))
	assert [segment.rule for segment in charge.segments] == ["Normal", "Urgent, office hours", "Normal"]


def test_the_night_the_clocks_go_forward_is_an_hour_shorter() -> None:
	charge = price([work("2026-03-29", "01:30", "03:30")], TERMS, normal)
	assert charge.worked == charge.charged == HOUR
	starts = [quarter.start for quarter in charge.quarters]
	assert [f"{start:%H:%M}" for start in starts] == ["01:30", "01:45", "03:00", "03:15"]


def test_the_repeated_hour_is_worked_twice() -> None:
	one = Work("row", at("2026-10-25 02:30"), at("2026-10-25 02:30", fold=1))
	charge = price([one], TERMS, normal)
	assert charge.charged == HOUR
	assert [quarter.start.fold for quarter in charge.quarters] == [0, 0, 1, 1]


def test_project_management_is_not_rounded_to_quarters_and_adds_up() -> None:
	# 10 % of a 7 min increment is 42 s; 33.33 % of 420 s is 139.986, half up 140; of 840 s 279.972, 280.
	terms = Terms(rate=Decimal(1000), increment=420, project_management_percent=Decimal("33.33"))
	rules = iter([NORMAL, DAY_RATE])
	charge = price([work("2026-11-02", "09:00", "09:14")], terms, lambda _: next(rules))
	assert [segment.project_management for segment in charge.segments] == [140, 140]
	thirds = Terms(rate=Decimal(1000), increment=1, project_management_percent=Decimal(50))
	rules = iter([NORMAL, DAY_RATE, NORMAL])
	charge = price([work("2026-11-02", "09:00:00", "09:00:03")], thirds, lambda _: next(rules))
	# Half of 1, 2, 3 s is 0.5, 1, 1.5: half up 1, 1, 2; shared as 1, 0, 1.
	assert [segment.project_management for segment in charge.segments] == [1, 0, 1]


# Pooling a ticket's entries of a day.


def test_pooled_entries_share_quarters() -> None:
	# 5 + 5 min on their own are two quarters; pooled they are one, which belongs to the first.
	works = [work("2026-11-02", "10:00", "10:05", "b"), work("2026-11-02", "09:00", "09:05", "a")]
	assert price(works, TERMS, normal).charged == 2 * QUARTER
	pooled = price(works, TERMS, normal, pooled=True)
	assert pooled.quarters == (Quarter("a", at("2026-11-02 09:00"), 900, 600, "Normal", Decimal(0)),)
	assert pooled.segments == (
		Segment("a", "Normal", Decimal(0), 1, 300, 900, 225),
		Segment("b", "Normal", Decimal(0), 0, 300, 0, 0),
	)
	pieces = settle(pooled, TERMS, [lot(HOUR)], dict.fromkeys("ab", date(2026, 11, 2)))
	assert [(p.work, p.component, p.cover, p.worked, p.charged, p.seconds) for p in pieces] == [
		("a", "Work", "Bank", 300, 900, 900),
		("a", "Project Management", "Bank", 0, 0, 225),
		("b", "Work", "Overage", 300, 0, 0),
	]
	assert not any(piece.amount for piece in pieces)


def test_a_pooled_quarter_has_the_rule_of_the_moment_it_starts() -> None:
	# 50 min before closing and 60 after: the fourth quarter starts 16:55 and runs 10 min into the evening's entry,
	# whose own quarters start at 20:10, 20:25, 20:40 and 20:55.
	works = [work("2026-11-05", "16:10", "17:00", "day"), work("2026-11-05", "20:00", "21:00", "evening")]
	charge = price(works, TERMS, urgent, pooled=True)
	assert [f"{quarter.start:%H:%M}" for quarter in charge.quarters] == [
		"16:10",
		"16:25",
		"16:40",
		"16:55",
		"20:10",
		"20:25",
		"20:40",
		"20:55",
	]
	assert charge.segments == (
		Segment("day", "Urgent, office hours", Decimal(75), 4, 3000, 3600, 900),
		Segment("evening", "Urgent, office hours", Decimal(75), 0, 600, 0, 0),
		Segment("evening", "Urgent, night", Decimal(150), 4, 3000, 3600, 900),
	)


# The bank.


def test_surcharges_drawn_as_time() -> None:
	# 15 min at +75 % draws 26 min 15 s; project management, 3:45, stays at the standard price.
	pieces = book(work("2026-11-05", "10:00", "10:15"), urgent, [lot(HOUR)], IN_TIME)
	assert taken(pieces, "Work", "Bank") == hms("0:26:15")
	assert taken(pieces, "Project Management", "Bank") == hms("0:03:45")
	assert not any(piece.amount for piece in pieces)
	assert sum(piece.charged for piece in pieces) == QUARTER


def test_surcharges_on_what_the_bank_cannot_give_are_money() -> None:
	# Half of the 30 min wanted (26:15 + 3:45) is there: 13:07.5 of work, cut to 13:07, and 1:53 of management.
	# 787 of 1 575 s cover 449 of the 900 s charged (449.7): 451 s at 1 000 SEK/h are 125.28, 75 % of it 93.96.
	# Of management 225 - 113 = 112 s are left: 31.11.
	pieces = book(work("2026-11-05", "10:00", "10:15"), urgent, [lot(QUARTER)], IN_TIME)
	assert taken(pieces, "Work", "Bank") == 787
	assert taken(pieces, "Project Management", "Bank") == 113
	over = [
		(p.component, p.seconds, p.charged, p.base, str(p.amount)) for p in pieces if p.cover == "Overage"
	]
	assert over == [
		("Work", 451, 451, 0, "125.28"),
		("Project Management", 112, 0, 0, "31.11"),
		("Surcharge", 0, 0, 451, "93.96"),
	]


def test_surcharges_in_money_are_on_covered_time_too() -> None:
	pieces = book(work("2026-11-14", "10:00", "11:05"), urgent, [lot(hms("1:33:45"))])
	(surcharge,) = (piece for piece in pieces if piece.component == "Surcharge")
	assert (surcharge.base, surcharge.amount) == (hms("1:15"), Decimal("1875.00"))
	assert (surcharge.cover, surcharge.lot, surcharge.seconds) == ("Bank", None, 0)


def test_a_surcharge_is_split_between_covered_and_uncovered_time() -> None:
	# 5 quarters and 18:45 of management want 5625 s; half an hour is there: 1800 * 4500 // 5625 = 1440 s of work.
	# 150 % of 1440 s is 600.00, of the whole 4500 s 1 875.00, so 1 275.00 is on the 3060 s not covered.
	pieces = book(work("2026-11-14", "10:00", "11:05"), urgent, [lot(hms("0:30"))])
	split = [(p.cover, p.base, str(p.amount)) for p in pieces if p.component == "Surcharge"]
	assert split == [("Bank", 1440, "600.00"), ("Overage", 3060, "1275.00")]


def test_a_pool_fills_what_was_paid_for_already() -> None:
	# 10 min of a quarter billed before are left: of 20 min 10 are free and the last 10 start one quarter.
	works = [work("2026-11-02", "10:00", "10:20", "b")]
	charge = price(works, TERMS, normal, pooled=True, paid=600)
	assert charge.segments == (Segment("b", "Normal", Decimal(0), 1, 1200, 900, 225),)
	assert [f"{quarter.start:%H:%M}" for quarter in charge.quarters] == ["10:10"]
	assert price(works, TERMS, normal, pooled=True, paid=1200).charged == 0
	with pytest.raises(PricingError):
		price(works, TERMS, normal, paid=600)


def test_several_lots_are_emptied_oldest_first() -> None:
	lots = [
		lot(600, "new", "2026-11-01"),
		lot(300, "old", "2026-10-01"),
		lot(999, "gone", "2026-10-01", "2026-10-31"),
		lot(999, "next", "2026-12-01", None),
		lot(9000, "top-up", "2026-11-02", None),
	]
	pieces = book(work("2026-11-02", "09:00", "09:16"), normal, lots)
	assert [(p.component, p.lot, p.seconds, p.charged, p.worked) for p in pieces] == [
		("Work", "old", 300, 300, 160),
		("Work", "new", 600, 600, 320),
		("Work", "top-up", 900, 900, 480),
		("Project Management", "top-up", 450, 0, 0),
	]


def test_each_entry_draws_on_its_own_day() -> None:
	lots = [lot(HOUR, "October", "2026-10-01", "2026-10-31"), lot(HOUR)]
	works = [work("2026-11-01", "09:00", "09:15", "late"), work("2026-10-31", "09:00", "09:15", "early")]
	days = {"late": date(2026, 11, 1), "early": date(2026, 10, 31)}
	pieces = settle(price(works, TERMS, normal), TERMS, lots, days)
	assert {(piece.work, piece.lot) for piece in pieces} == {("late", "November"), ("early", "October")}


# Money.


@pytest.mark.parametrize(
	("amount", "unit", "expected"),
	[
		(Fraction(1, 200), "0.01", "0.01"),
		(Fraction(-1, 200), "0.01", "-0.01"),
		(Fraction(1, 201), "0.01", "0.00"),
		(Decimal("2.675"), "0.01", "2.68"),
		(Decimal("0.5"), "1", "1"),
		(Decimal("1.0005"), "0.001", "1.001"),
		(Decimal("1.024"), "0.05", "1.00"),
		(Decimal("1.025"), "0.05", "1.05"),
		(7, "0.01", "7.00"),
	],
)
def test_rounding_is_half_up_to_the_smallest_coin(
	amount: Fraction | Decimal | int, unit: str, expected: str
) -> None:
	assert str(round_money(amount, Decimal(unit))) == expected


def test_money_is_exact() -> None:
	assert money(1, Decimal(1000)) == Fraction(1000, 3600)
	assert money(2700, Decimal("1000.10"), Decimal("12.5")) == Fraction("93.759375")


def test_amounts_do_not_depend_on_the_callers_decimal_precision() -> None:
	with localcontext(Context(prec=3)):
		assert round_money(money(HOUR, Decimal("1234567.89")), Decimal("0.01")) == Decimal("1234567.89")


def test_rounded_pieces_add_up_as_by_hand() -> None:
	# At 999.99 a quarter is 249.9975, rounded 250.00, not 4 x of it 999.99: each piece is rounded, then added.
	terms = Terms(rate=Decimal("999.99"), project_management_percent=Decimal(0))
	works = [work("2026-11-02", f"{hour:02}:00", f"{hour:02}:15") for hour in (9, 10, 11, 12)]
	days = {one.key: date(2026, 11, 2) for one in works}
	pieces = settle(price(works, terms, normal), terms, [], days)
	assert sum(piece.amount for piece in pieces) == Decimal("1000.00")
	whole = book(work("2026-11-02", "09:00", "10:00"), normal, [], terms)
	assert sum(piece.amount for piece in whole) == Decimal("999.99")


# Laws.

moments = st.integers(0, 400 * 24 * HOUR).map(
	lambda n: (datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=n)).astimezone(STOCKHOLM)
)
lengths = st.integers(1, 5 * HOUR)
percents = st.decimals(0, 300, places=2)
all_terms = st.builds(
	Terms,
	rate=st.decimals("0.01", 5000, places=2),
	increment=st.sampled_from([1, 60, 420, 900, 1800]),
	project_management_percent=st.decimals(0, 100, places=2),
	surcharge_settlement=st.sampled_from(["Invoice", "Timebank"]),
	minor_unit=st.sampled_from([Decimal("0.01"), Decimal(1), Decimal("0.001")]),
)


def later(moment: datetime, seconds: int) -> datetime:
	return (moment.astimezone(timezone.utc) + timedelta(seconds=seconds)).astimezone(moment.tzinfo)


@st.composite
def days_work(draw: st.DrawFn) -> list[Work]:
	"""Entries one after another, with or without gaps."""
	start, works = draw(moments), []
	for number, (gap, length) in enumerate(
		draw(st.lists(st.tuples(st.integers(0, HOUR), st.integers(1, HOUR)), min_size=1, max_size=5))
	):
		start = later(start, gap)
		works.append(Work(str(number), start, later(start, length)))
		start = later(start, length)
	return works


some_lots = st.lists(
	st.tuples(st.integers(0, 3 * HOUR), st.integers(-40, 10), st.none() | st.integers(-10, 40)), max_size=4
).map(lambda found: [bounded_lot(str(n), *one) for n, one in enumerate(found)])


def bounded_lot(name: str, seconds: int, first: int, last: int | None) -> Lot:
	day = date(2026, 6, 15)
	return Lot(name, seconds, day + timedelta(first), None if last is None else day + timedelta(last))


@given(days_work(), all_terms, st.lists(st.integers(1, HOUR - 1), max_size=4), st.randoms())
def test_splitting_work_never_changes_a_pools_price(
	works: list[Work], terms: Terms, cuts: list[int], random: object
) -> None:
	split = [part for one in works for part in split_at(one, cuts)]
	random.shuffle(split)  # type: ignore[attr-defined]
	whole, parts = (price(entries, terms, normal, pooled=True) for entries in (works, split))
	assert (whole.worked, whole.charged) == (parts.worked, parts.charged)
	assert whole.project_management == parts.project_management
	assert [quarter.start for quarter in whole.quarters] == [quarter.start for quarter in parts.quarters]
	assert [quarter.worked for quarter in whole.quarters] == [quarter.worked for quarter in parts.quarters]


@given(moments, lengths, all_terms, st.lists(st.integers(1, 5 * HOUR), max_size=4))
def test_splitting_work_never_makes_entries_cheaper(
	start: datetime, length: int, terms: Terms, cuts: list[int]
) -> None:
	one = Work("row", start, later(start, length))
	assert price(split_at(one, cuts), terms, normal).charged >= price([one], terms, normal).charged


@given(moments, lengths, all_terms, st.lists(st.integers(1, 20), max_size=4))
def test_splitting_at_the_border_of_quarters_costs_the_same(
	start: datetime, length: int, terms: Terms, cuts: list[int]
) -> None:
	one = Work("row", start, later(start, length))
	parts = price(split_at(one, [cut * terms.increment for cut in cuts]), terms, urgent)
	whole = price([one], terms, urgent)
	assert [(q.start, q.rule, q.worked) for q in parts.quarters] == [
		(q.start, q.rule, q.worked) for q in whole.quarters
	]
	assert (parts.worked, parts.charged) == (whole.worked, whole.charged)


def split_at(one: Work, cuts: list[int]) -> list[Work]:
	length = int((one.end.astimezone(timezone.utc) - one.start.astimezone(timezone.utc)).total_seconds())
	edges = sorted({0, length, *(cut for cut in cuts if cut < length)})
	return [Work(f"{one.key}/{a}", later(one.start, a), later(one.start, b)) for a, b in pairwise(edges)]


@given(days_work(), all_terms, st.booleans())
def test_a_charge_adds_up(works: list[Work], terms: Terms, pooled: bool) -> None:
	charge = price(works, terms, urgent, pooled)
	for one in works:
		own = [segment for segment in charge.segments if segment.work == one.key]
		elapsed = (one.end.astimezone(timezone.utc) - one.start.astimezone(timezone.utc)).total_seconds()
		assert sum(segment.worked for segment in own) == elapsed
		quarters = [quarter for quarter in charge.quarters if quarter.work == one.key]
		assert sum(segment.quarters for segment in own) == len(quarters)
		for segment in own:
			assert segment.charged == segment.quarters * terms.increment
	assert charge.worked == sum(quarter.worked for quarter in charge.quarters)
	assert charge.charged == len(charge.quarters) * terms.increment
	assert 0 <= charge.charged - charge.worked < terms.increment * (1 if pooled else len(works))
	assert all(0 < quarter.worked <= quarter.seconds for quarter in charge.quarters)
	groups = (
		[charge.charged]
		if pooled
		else [sum(segment.charged for segment in charge.segments if segment.work == one.key) for one in works]
	)
	percent = Fraction(terms.project_management_percent) / 100
	assert charge.project_management == sum(
		(group * percent + Fraction(1, 2)).__floor__() for group in groups
	)


@given(days_work(), all_terms, st.booleans(), some_lots)
def test_settling_loses_nothing(works: list[Work], terms: Terms, pooled: bool, lots: list[Lot]) -> None:
	charge = price(works, terms, urgent, pooled)
	days = {one.key: date(2026, 6, 15) + timedelta(n) for n, one in enumerate(works)}
	left = {one.name: one.remaining for one in lots}
	one_by_one: list[Piece] = []
	for segment in charge.segments:
		remaining = [replace(one, remaining=left[one.name]) for one in lots]
		pieces = settle(Charge((), (segment,)), terms, remaining, days)
		settle_by_hand(segment, terms, list(pieces), left, lots, days[segment.work])
		one_by_one += pieces
	assert settle(charge, terms, lots, days) == tuple(one_by_one)
	assert all(seconds >= 0 for seconds in left.values())
	assert sum(piece.worked for piece in one_by_one) == charge.worked
	assert sum(piece.charged for piece in one_by_one) == charge.charged


def settle_by_hand(
	segment: Segment, terms: Terms, pieces: list[Piece], left: dict[str, int], lots: list[Lot], day: date
) -> None:
	percent = segment.surcharge_percent / 100
	in_time = terms.surcharge_settlement == "Timebank"
	work_wanted = segment.charged * (1 + Fraction(percent) if in_time else 1)
	work_wanted = (Fraction(work_wanted) + Fraction(1, 2)).__floor__()
	wanted = work_wanted + segment.project_management
	valid = [
		one for one in lots if one.valid_from <= day and (one.valid_until is None or day <= one.valid_until)
	]
	available = sum(left[one.name] for one in valid)
	drawn = sum(piece.seconds for piece in pieces if piece.cover == "Bank")
	assert drawn == min(wanted, available)
	components = [(piece.component, piece.cover, piece.lot) for piece in pieces]
	assert len(set(components)) == len(components)
	for piece in pieces:
		if piece.cover == "Bank":
			if piece.component == "Surcharge":
				continue
			assert piece.seconds > 0
			assert piece.lot in {one.name for one in valid}
			older = [one for one in valid if (one.valid_from, one.name) < key_of(piece.lot, lots)]
			assert all(left[one.name] == 0 for one in older)
			left[piece.lot] -= piece.seconds
		else:
			assert piece.lot is None
	drawn_work = taken(tuple(pieces), "Work", "Bank")
	assert drawn_work == (drawn * work_wanted // wanted if wanted else 0)
	covered = segment.charged * drawn_work // work_wanted if work_wanted else 0
	over = taken(tuple(pieces), "Work", "Overage")
	assert over == segment.charged - covered
	if not in_time:
		assert drawn_work + over == work_wanted
	assert sum(piece.charged for piece in pieces if piece.cover == "Bank") == covered
	management = [piece.seconds for piece in pieces if piece.component == "Project Management"]
	assert sum(management) == segment.project_management
	assert sum(piece.worked for piece in pieces) == segment.worked
	assert sum(piece.charged for piece in pieces) == segment.charged
	base = (over if in_time else segment.charged) if percent else 0
	assert sum(piece.base for piece in pieces) == base
	half = terms.minor_unit / 2
	surcharges = [piece for piece in pieces if piece.component == "Surcharge"]
	exact = (
		Fraction(sum(piece.base for piece in surcharges)) * Fraction(percent) * Fraction(terms.rate) / HOUR
	)
	assert -Fraction(half) < Fraction(sum(piece.amount for piece in surcharges)) - exact <= Fraction(half)
	for piece in (piece for piece in pieces if piece not in surcharges):
		exact = (Fraction(piece.seconds) + piece.base * Fraction(percent)) * Fraction(terms.rate) / HOUR
		exact = Fraction(0) if piece.cover == "Bank" else exact
		assert -Fraction(half) < Fraction(piece.amount) - exact <= Fraction(half)
		assert piece.amount % terms.minor_unit == 0


def key_of(name: str | None, lots: list[Lot]) -> tuple[date, str]:
	return next((one.valid_from, one.name) for one in lots if one.name == name)


# What is refused.


def test_work_that_makes_no_sense() -> None:
	good = work("2026-11-02", "09:00", "10:00", "a")
	for pooled in (False, True):
		for end in ("09:00", "08:59"):
			with pytest.raises(PricingError, match="does not end after its start"):
				price([good, work("2026-11-02", "09:00", end, "b")], TERMS, normal, pooled)
		with pytest.raises(PricingError, match="same key"):
			price([good, work("2026-11-02", "11:00", "12:00", "a")], TERMS, normal, pooled)
	overlapping = [work("2026-11-02", "09:59:59", "11:00", "b"), good]
	assert price(overlapping, TERMS, normal).charged == 9 * QUARTER
	with pytest.raises(PricingError, match="a and b overlap"):
		price(overlapping, TERMS, normal, pooled=True)
	with pytest.raises(PricingError, match="no date"):
		settle(price([good], TERMS, normal), TERMS, [], {})
	assert price([], TERMS, normal, pooled=True).segments == ()


def test_two_people_may_work_at_once_in_a_pool() -> None:
	# 20 and 10 min, laid end to end: 30 min are two quarters
	one = replace(work("2026-11-02", "09:00", "09:20", "a"), who="Ada")
	two = replace(work("2026-11-02", "09:05", "09:15", "b"), who="Bo")
	assert price([one, two], TERMS, normal, pooled=True).charged == 2 * QUARTER
	with pytest.raises(PricingError):
		price([one, replace(two, who="Ada")], TERMS, normal, pooled=True)


def test_adjoining_entries_do_not_overlap() -> None:
	works = [work("2026-11-02", "09:00", "10:00"), work("2026-11-02", "10:00", "11:00")]
	assert price(works, TERMS, normal, pooled=True).charged == 2 * HOUR


@pytest.mark.parametrize(
	"wrong",
	[
		{"rate": Decimal(-1)},
		{"rate": 1000.0},
		{"rate": Decimal("NaN")},
		{"increment": 0},
		{"increment": 900.0},
		{"project_management_percent": Decimal(-1)},
		{"surcharge_settlement": "Barter"},
		{"minor_unit": Decimal(0)},
	],
)
def test_terms_that_make_no_sense(wrong: dict[str, object]) -> None:
	with pytest.raises(PricingError):
		Terms(**{"rate": Decimal(1000), **wrong})  # type: ignore[arg-type]
