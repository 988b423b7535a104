"""Lots, periods, expiry and carry-over by hand; and a machine that tries to make a bank lose a second."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support_retainer.core import (
	Closing,
	Draw,
	Lot,
	Period,
	TimebankError,
	balance,
	close,
	draw,
	full_period,
	is_within,
	periods,
	prorated,
	valid_until,
)

HOUR = 3600


def day(text: str) -> date:
	return date.fromisoformat(text)


def lot(name: str, seconds: int, since: str, until: str | None = None) -> Lot:
	return Lot(name, seconds, day(since), until and day(until))


# Drawing.


def test_the_oldest_valid_lot_is_drawn_first() -> None:
	lots = [
		lot("top-up", 500, "2026-11-10"),
		lot("november", 300, "2026-11-01", "2026-11-30"),
		lot("october", 200, "2026-10-01", "2026-11-30"),
		lot("expired", 900, "2026-09-01", "2026-10-31"),
		lot("december", 900, "2026-12-01", "2026-12-31"),
	]
	draws, short, after = draw(lots, 600, day("2026-11-15"))
	assert draws == (Draw("october", 200), Draw("november", 300), Draw("top-up", 100))
	assert short == 0
	assert [(one.name, one.remaining) for one in after] == [
		("top-up", 400),
		("november", 0),
		("october", 0),
		("expired", 900),
		("december", 900),
	]
	assert balance(lots, day("2026-11-15")) == 1000
	assert balance(after, day("2026-11-15")) == 400


def test_lots_of_one_day_are_drawn_by_name() -> None:
	lots = [lot("b", 10, "2026-11-01"), lot("a", 10, "2026-11-01")]
	assert draw(lots, 15, day("2026-11-01"))[0] == (Draw("a", 10), Draw("b", 5))


def test_of_lots_of_one_day_the_first_made_is_drawn_first() -> None:
	first = Lot("zz", 60, day("2026-11-01"), None, 1)
	second = Lot("aa", 60, day("2026-11-01"), None, 2)
	draws, missing, _ = draw([second, first], 90, day("2026-11-02"))
	assert [(one.lot, one.seconds) for one in draws] == [("zz", 60), ("aa", 30)]
	assert not missing


def test_late_work_draws_on_either_of_its_days() -> None:
	old = Lot("october", 60, day("2026-10-01"), day("2026-10-31"))
	new = Lot("november", 60, day("2026-11-01"), day("2026-11-30"))
	draws, _, _ = draw([new, old], 90, (day("2026-10-15"), day("2026-11-01")))
	assert [(one.lot, one.seconds) for one in draws] == [("october", 60), ("november", 30)]


def test_a_lot_is_valid_on_its_first_and_last_day() -> None:
	lots = [lot("a", 10, "2026-11-01", "2026-11-30")]
	found = [balance(lots, day(text)) for text in ("2026-10-31", "2026-11-01", "2026-11-30", "2026-12-01")]
	assert found == [0, 10, 10, 0]


def test_what_the_bank_cannot_give_is_missing() -> None:
	draws, short, after = draw([lot("a", 10, "2026-11-01"), lot("b", 0, "2026-11-01")], 25, day("2026-11-01"))
	assert (draws, short) == ((Draw("a", 10),), 15)
	assert draw(after, 25, day("2026-11-01"))[:2] == ((), 25)
	assert draw(after, 0, day("2026-11-01"))[:2] == ((), 0)


@pytest.mark.parametrize(
	("unreserved", "expected", "within"),
	[
		(3600, 3600, True),
		(3599, 3600, False),
		(1, None, True),
		(0, None, False),
		(0, 0, False),
		(-5, None, False),
	],
)
def test_within_budget(unreserved: int, expected: int | None, within: bool) -> None:
	assert is_within(unreserved, expected) is within


# Periods.


def test_months_from_the_middle_of_one_to_the_middle_of_another() -> None:
	assert periods(day("2026-11-16"), "Monthly", day("2027-12-24"), day("2027-02-10")) == [
		Period(day("2026-11-16"), day("2026-11-30")),
		Period(day("2026-12-01"), day("2026-12-31")),
		Period(day("2027-01-01"), day("2027-01-31")),
		Period(day("2027-02-01"), day("2027-02-10")),
	]


def test_quarters_are_the_calendars() -> None:
	assert periods(day("2026-02-10"), "Quarterly", day("2026-07-01")) == [
		Period(day("2026-02-10"), day("2026-03-31")),
		Period(day("2026-04-01"), day("2026-06-30")),
		Period(day("2026-07-01"), day("2026-09-30")),
	]
	assert full_period("Quarterly", day("2028-02-29")) == Period(day("2028-01-01"), day("2028-03-31"))
	assert full_period("Quarterly", day("2026-12-31")) == Period(day("2026-10-01"), day("2026-12-31"))
	assert full_period("Monthly", day("2028-02-10")).end == day("2028-02-29")


def test_no_periods_before_the_start_or_after_the_end() -> None:
	assert periods(day("2026-11-16"), "Monthly", day("2026-11-15")) == []
	assert periods(day("2026-11-16"), "Monthly", day("2026-11-16"), day("2026-11-16")) == [
		Period(day("2026-11-16"), day("2026-11-16"))
	]
	assert periods(day("9999-12-05"), "Monthly", date.max) == [Period(day("9999-12-05"), date.max)]


dates = st.dates(date(2020, 1, 1), date(2040, 12, 31))
kinds = st.sampled_from(["Monthly", "Quarterly"])


@given(dates, kinds, st.integers(0, 1500), st.none() | st.integers(0, 1500))
def test_periods_have_no_gaps_and_no_overlaps(start: date, kind: str, until: int, end: int | None) -> None:
	last = None if end is None else start + timedelta(end)
	found = periods(start, kind, start + timedelta(until), last)
	assert found[0].start == start
	assert found[-1].start <= start + timedelta(until)
	covered = start + timedelta(until) if last is None else min(last, start + timedelta(until))
	assert found[-1].end >= covered
	assert last is None or found[-1].end <= last
	for one, following in pairwise(found):
		assert following.start == one.end + timedelta(1)
		assert following.start == full_period(kind, following.start).start


def test_the_first_period_is_prorated_by_calendar_days() -> None:
	# 15 of November's 30 days: half of 10 h. 17 of December's 31: 36 000 x 17 / 31 = 19 741.9, half up 19 742.
	assert prorated(36_000, Period(day("2026-11-16"), day("2026-11-30")), "Monthly", True) == 18_000
	assert prorated(36_000, Period(day("2026-12-15"), day("2026-12-31")), "Monthly", True) == 19_742
	assert prorated(36_000, Period(day("2026-12-15"), day("2026-12-31")), "Monthly", False) == 36_000
	assert prorated(36_000, Period(day("2026-12-01"), day("2026-12-31")), "Monthly", True) == 36_000
	# 50 of the first quarter's 90 days.
	assert prorated(36_000, Period(day("2026-02-10"), day("2026-03-31")), "Quarterly", True) == 20_000
	assert prorated(1, Period(day("2026-11-16"), day("2026-11-30")), "Monthly", True) == 1


@given(st.integers(0, 10**6), dates, kinds, st.data())
def test_the_parts_of_a_prorated_period_make_the_whole(
	seconds: int, any_day: date, kind: str, data: st.DataObject
) -> None:
	full = full_period(kind, any_day)
	cut = data.draw(st.dates(full.start, full.end - timedelta(1)))
	parts = [Period(full.start, cut), Period(cut + timedelta(1), full.end)]
	assert abs(sum(prorated(seconds, part, kind, True) for part in parts) - seconds) <= 1


@pytest.mark.parametrize(
	("kind", "carry_over", "count", "expected"),
	[
		("Monthly", "None", 3, "2026-11-30"),
		("Monthly", "Periods", 0, "2026-11-30"),
		("Monthly", "Periods", 1, "2026-12-31"),
		("Monthly", "Periods", 3, "2027-02-28"),
		("Monthly", "Periods", 15, "2028-02-29"),
		("Quarterly", "Periods", 1, "2027-03-31"),
		("Quarterly", "Periods", 5, "2028-03-31"),
		("Monthly", "Periods", 10**6, "9999-12-31"),
		("Monthly", "Unlimited", 0, None),
	],
)
def test_how_long_a_lot_may_be_drawn(kind: str, carry_over: str, count: int, expected: str | None) -> None:
	period = Period(day("2026-11-16"), day("2026-11-30"))
	assert valid_until(period, kind, carry_over, count) == (expected and day(expected))


def test_a_period_cut_short_ends_when_it_ends() -> None:
	cut = Period(day("2026-11-01"), day("2026-11-10"))
	assert valid_until(cut, "Monthly", "None") == day("2026-11-10")
	assert valid_until(cut, "Monthly", "Periods", 1) == day("2026-12-31")


# Closing.


def test_closing_expires_what_is_past_its_date_and_carries_the_rest() -> None:
	lots = [
		lot("november", 300, "2026-11-01", "2026-12-31"),
		lot("october", 200, "2026-10-01", "2026-11-30"),
		lot("empty", 0, "2026-10-01", "2026-11-30"),
		lot("top-up", 100, "2026-11-10"),
		lot("december", 900, "2026-12-01", "2027-01-31"),
	]
	assert close(lots, day("2026-11-30")) == Closing(
		expired=(Draw("october", 200),), carried=(Draw("november", 300), Draw("top-up", 100))
	)


def test_over_the_cap_the_oldest_expires_first() -> None:
	lots = [lot("a", 300, "2026-09-01"), lot("b", 300, "2026-10-01"), lot("c", 300, "2026-11-01")]
	assert close(lots, day("2026-11-30"), cap=400) == Closing(
		expired=(Draw("a", 300), Draw("b", 200)), carried=(Draw("b", 100), Draw("c", 300))
	)
	assert close(lots, day("2026-11-30"), cap=900).expired == ()
	assert close(lots, day("2026-11-30"), cap=0).carried == ()


def test_the_cap_is_on_what_is_carried_not_on_what_expires_anyway() -> None:
	lots = [lot("old", 500, "2026-09-01", "2026-11-30"), lot("new", 300, "2026-11-01")]
	assert close(lots, day("2026-11-30"), cap=300) == Closing((Draw("old", 500),), (Draw("new", 300),))


# Laws.

first_day = date(2026, 1, 1)
some_lots = st.lists(
	st.tuples(st.integers(0, 500), st.integers(0, 60), st.none() | st.integers(0, 90)), max_size=6
).map(
	lambda found: [
		Lot(
			f"{n}",
			seconds,
			first_day + timedelta(start),
			None if length is None else first_day + timedelta(start + length),
		)
		for n, (seconds, start, length) in enumerate(found)
	]
)
some_days = st.integers(0, 150).map(lambda n: first_day + timedelta(n))


@given(some_lots, st.integers(0, 2000), some_days)
def test_a_draw_conserves_time(lots: list[Lot], seconds: int, on: date) -> None:
	draws, short, after = draw(lots, seconds, on)
	drawn = sum(one.seconds for one in draws)
	assert drawn + short == seconds
	assert drawn == min(seconds, balance(lots, on))
	taken = {one.lot: one.seconds for one in draws}
	assert len(taken) == len(draws)
	for before, left in zip(lots, after, strict=True):
		assert left.remaining == before.remaining - taken.get(before.name, 0) >= 0
		assert before.is_valid(on) or before.name not in taken


@given(some_lots, st.integers(0, 500), st.integers(0, 500), some_days)
def test_two_draws_are_one(lots: list[Lot], one: int, two: int, on: date) -> None:
	_, short_one, after_one = draw(lots, one, on)
	_, short_two, after_two = draw(after_one, two, on)
	_, short, after = draw(lots, one + two, on)
	assert (short_one + short_two, after_two) == (short, after)


@given(some_lots, some_days, st.none() | st.integers(0, 1500))
def test_closing_conserves_time(lots: list[Lot], on: date, cap: int | None) -> None:
	closing = close(lots, on, cap)
	gone = {one.lot: one.seconds for one in closing.expired}
	kept = {one.lot: one.seconds for one in closing.carried}
	for one in lots:
		begun = one.remaining if one.valid_from <= on else 0
		assert gone.get(one.name, 0) + kept.get(one.name, 0) == begun
		if one.valid_until is not None and one.valid_until <= on:
			assert one.name not in kept
	assert cap is None or sum(kept.values()) <= cap
	past = sum(one.remaining for one in lots if one.valid_until and one.valid_until <= on)
	if sum(gone.values()) > past:
		assert sum(kept.values()) == cap
	assert 0 not in (*gone.values(), *kept.values())


class Bank(RuleBasedStateMachine):
	"""A ledger that only grows. Whatever is minted is still there, drawn and not reversed, expired, or drawn twice: never."""

	@initialize(cap=st.none() | st.integers(0, 2 * HOUR), carry_over=st.integers(0, 2))
	def open(self, cap: int | None, carry_over: int) -> None:
		self.cap, self.carry_over = cap, carry_over
		self.today = first_day
		self.minted: dict[str, Lot] = {}
		self.ledger: list[tuple[str, str, int]] = []
		self.bookings: list[tuple[tuple[Draw, ...], int, int]] = []
		self.new_period()

	def lots(self) -> list[Lot]:
		left = dict.fromkeys(self.minted, 0)
		for _, name, seconds in self.ledger:
			left[name] += seconds
		return [
			Lot(name, left[name], one.valid_from, one.valid_until)
			for name, one in sorted(self.minted.items())
		]

	def mint(self, kind: str, seconds: int, until: date | None) -> None:
		one = Lot(f"{len(self.minted):03}", seconds, self.today, until)
		self.minted[one.name] = one
		self.ledger.append((kind, one.name, seconds))

	def new_period(self) -> None:
		period = full_period("Monthly", self.today)
		until = valid_until(period, "Monthly", "Periods", self.carry_over)
		self.mint("Allotment", prorated(10 * HOUR, period, "Monthly", True), until)

	@rule(seconds=st.integers(1, 5 * HOUR))
	def top_up(self, seconds: int) -> None:
		self.mint("Top-up", seconds, None)

	@rule(seconds=st.integers(0, 8 * HOUR))
	def book(self, seconds: int) -> None:
		before = self.lots()
		draws, short, after = draw(before, seconds, self.today)
		self.ledger += [("Draw", one.lot, -one.seconds) for one in draws]
		self.bookings.append((draws, short, seconds))
		assert self.lots() == list(after)
		assert short == 0 or balance(after, self.today) == 0

	@precondition(lambda self: self.bookings)
	@rule(data=st.data())
	def reverse(self, data: st.DataObject) -> None:
		draws, short, seconds = self.bookings.pop(data.draw(st.integers(0, len(self.bookings) - 1)))
		assert sum(one.seconds for one in draws) + short == seconds
		self.ledger += [("Reversal", one.lot, one.seconds) for one in draws]

	@rule()
	def close_the_month(self) -> None:
		period = full_period("Monthly", self.today)
		before = balance(self.lots(), period.end)
		closing = close(self.lots(), period.end, self.cap)
		self.ledger += [("Expiry", one.lot, -one.seconds) for one in closing.expired]
		self.today = period.end + timedelta(1)
		after = balance(self.lots(), self.today)
		assert after == sum(one.seconds for one in closing.carried) <= before
		assert self.cap is None or after <= self.cap
		again = close(self.lots(), period.end, self.cap)
		assert (again.expired, again.carried) == ((), closing.carried)
		self.new_period()

	@invariant()
	def no_second_is_lost(self) -> None:
		minted = sum(seconds for kind, _, seconds in self.ledger if kind in ("Allotment", "Top-up"))
		expired = -sum(seconds for kind, _, seconds in self.ledger if kind == "Expiry")
		standing = sum(one.seconds for draws, _, _ in self.bookings for one in draws)
		assert minted == sum(one.remaining for one in self.lots()) + standing + expired

	@invariant()
	def no_lot_gives_more_than_it_had(self) -> None:
		for one in self.lots():
			assert 0 <= one.remaining <= self.minted[one.name].remaining


TestBank = Bank.TestCase


# What is refused.


def test_what_a_bank_cannot_hold() -> None:
	with pytest.raises(TimebankError, match="less than nothing"):
		lot("a", -1, "2026-11-01")
	with pytest.raises(TimebankError, match="cannot be drawn"):
		draw([], -1, day("2026-11-01"))
	with pytest.raises(TimebankError, match="same name"):
		draw([lot("a", 1, "2026-11-01"), lot("a", 1, "2026-12-01")], 1, day("2026-11-01"))
	with pytest.raises(TimebankError, match="Monthly or Quarterly"):
		full_period("Yearly", day("2026-11-01"))
	with pytest.raises(TimebankError, match="before the start"):
		periods(day("2026-11-02"), "Monthly", day("2026-11-30"), day("2026-11-01"))
	with pytest.raises(TimebankError, match="ends before"):
		Period(day("2026-11-02"), day("2026-11-01"))
	with pytest.raises(TimebankError, match="longer than one period"):
		prorated(1, Period(day("2026-11-02"), day("2026-12-01")), "Monthly", True)
	november = Period(day("2026-11-01"), day("2026-11-30"))
	for carry_over, count in (("Sometimes", 1), ("Periods", -1)):
		with pytest.raises(TimebankError, match="Carry over"):
			valid_until(november, "Monthly", carry_over, count)
