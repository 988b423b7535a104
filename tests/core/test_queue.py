"""The queue: order, place and forecast, by hand and as laws."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from core_strategies import Case, cases
from hypothesis import given
from hypothesis import strategies as st

from support_retainer.core import Calendar, CoreError, Waiting, Window, forecast, in_order

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = 3600
OFFICE = Calendar([Window(day, 8 * HOUR, 17 * HOUR) for day in range(5)], STOCKHOLM)


def at(text: str) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def ticket(
	name: str, hours: float = 1, customer: str = "A", rank: int | None = None, day: int = 2
) -> Waiting:
	return Waiting(name, customer, at(f"2026-11-{day:02} 09:00"), round(hours * HOUR), rank)


def starts(queue: list[Waiting], now: str, capacity: float, reserved: float = 0) -> list[str | None]:
	places = forecast(queue, at(now), OFFICE, round(capacity * HOUR), round(reserved * HOUR))
	assert [place.place for place in places] == list(range(1, len(queue) + 1))
	return [place.starts and f"{place.starts:%a %d %H:%M}" for place in places]


def test_a_day_of_nine_hours_does_six_hours_of_work_evenly() -> None:
	# Mon 2 Nov 08:00. 6 h of work in 9 h: an hour's work takes 1 h 30.
	queue = [ticket("a", 2), ticket("b", 4), ticket("c", 3), ticket("d", 1)]
	# a at once; b after 2 h of work = 3 h; c after 6 h = the whole of Monday; d after 3 h more = 4 h 30.
	assert starts(queue, "2026-11-02 08:00", 6) == [
		"Mon 02 08:00",
		"Mon 02 11:00",
		"Tue 03 08:00",
		"Tue 03 12:30",
	]


def test_what_is_reserved_goes_first() -> None:
	# Mon 11:00 leaves 6 of 9 hours, so 4 of Monday's 6 hours of work; 5 are reserved: Tuesday has done 1 h, in 1 h 30.
	assert starts([ticket("a")], "2026-11-02 11:00", 6, reserved=5) == ["Tue 03 09:30"]


def test_a_forecast_is_never_before_now_and_lands_in_office_hours() -> None:
	assert starts([ticket("a")], "2026-11-07 14:00", 6) == ["Mon 09 08:00"]
	assert starts([ticket("a")], "2026-11-06 17:00", 6) == ["Mon 09 08:00"]


def test_without_capacity_only_the_first_in_an_empty_queue_has_a_forecast() -> None:
	assert starts([ticket("a"), ticket("b")], "2026-11-02 10:00", 0) == ["Mon 02 10:00", None]
	assert starts([ticket("a")], "2026-11-02 10:00", 0, reserved=1) == [None]


def test_a_queue_longer_than_ten_years_has_no_forecast() -> None:
	assert starts([ticket("a")], "2026-11-02 10:00", 1, reserved=100_000) == [None]


def test_a_calendar_that_ends_gives_none() -> None:
	once = Calendar([], STOCKHOLM, special_days={at("2026-11-03 00:00").date(): [(8 * HOUR, 12 * HOUR)]})
	places = forecast([ticket("a", 2), ticket("b"), ticket("c")], at("2026-11-02 10:00"), once, 2 * HOUR)
	assert [place.starts and place.starts.hour for place in places] == [8, None, None]


@pytest.mark.parametrize(("capacity", "reserved"), [(-1, 0), (1, -1)])
def test_less_than_nothing_is_refused(capacity: int, reserved: int) -> None:
	with pytest.raises(CoreError):
		forecast([], at("2026-11-02 10:00"), OFFICE, capacity, reserved)
	with pytest.raises(CoreError):
		ticket("a", -1)


def test_oldest_first_and_a_customer_ranks_only_their_own() -> None:
	queue = [
		ticket("a1", day=2),
		ticket("b1", customer="B", day=3),
		ticket("a2", rank=1, day=4),
		ticket("a3", rank=2, day=5),
	]
	# A has the first, third and fourth place; A's ranked ones come before the unranked; B keeps the second.
	assert [each.name for each in in_order(reversed(queue))] == ["a2", "b1", "a3", "a1"]


works = st.lists(st.integers(0, 40 * HOUR), max_size=6)


def queue_of(seconds: list[int]) -> list[Waiting]:
	return [ticket(str(n), work / HOUR) for n, work in enumerate(seconds)]


def utc(moment: datetime | None) -> datetime:
	return datetime.max.replace(tzinfo=timezone.utc) if moment is None else moment.astimezone(timezone.utc)


@given(cases(), st.data(), works, st.integers(0, 16 * HOUR), st.integers(0, 80 * HOUR))
def test_never_before_now_in_order_and_in_counted_time(
	case: Case, data: st.DataObject, seconds: list[int], capacity: int, reserved: int
) -> None:
	calendar, now = case.calendar(), data.draw(case.moments(1))
	places = forecast(queue_of(seconds), now, calendar, capacity, reserved)
	found = [utc(place.starts) for place in places]
	assert found == sorted(found)
	assert all(utc(now) <= moment for moment in found)
	assert all(calendar.is_counted(place.starts) for place in places if place.starts)


@given(cases(), st.data(), works, st.integers(1, 16 * HOUR), st.integers(0, 40 * HOUR))
def test_a_ticket_put_ahead_never_moves_another_earlier(
	case: Case, data: st.DataObject, seconds: list[int], capacity: int, more: int
) -> None:
	calendar, now = case.calendar(), data.draw(case.moments(1))
	index = data.draw(st.integers(0, len(seconds)))
	before = forecast(queue_of(seconds), now, calendar, capacity)
	after = forecast(queue_of([*seconds[:index], more, *seconds[index:]]), now, calendar, capacity)
	for n, place in enumerate(before):
		moved = after[n if n < index else n + 1]
		assert utc(moved.starts) >= utc(place.starts)
		assert moved.place == place.place + (n >= index)


@given(cases(), st.data(), st.integers(1, 16 * HOUR), st.integers(0, 80 * HOUR), st.integers(0, 40 * HOUR))
def test_more_reserved_is_never_earlier(
	case: Case, data: st.DataObject, capacity: int, reserved: int, more: int
) -> None:
	calendar, now = case.calendar(), data.draw(case.moments(1))
	one, other = (
		forecast(queue_of([0]), now, calendar, capacity, seconds)[0].starts
		for seconds in (reserved, reserved + more)
	)
	assert utc(other) >= utc(one)


@given(cases(), st.data(), works)
def test_time_passing_without_work_never_brings_it_forward(
	case: Case, data: st.DataObject, seconds: list[int]
) -> None:
	calendar = case.calendar()
	now = data.draw(case.moments(1))
	later = now + timedelta(seconds=data.draw(st.integers(0, 100_000)))
	if utc(later) < utc(now):
		return
	for one, other in zip(
		forecast(queue_of(seconds), now, calendar, 6 * HOUR),
		forecast(queue_of(seconds), later, calendar, 6 * HOUR),
		strict=True,
	):
		assert utc(other.starts) >= utc(one.starts)
