"""The laws of counted time, over random calendars, and against someone watching a wall clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from core_strategies import Case, cases
from hypothesis import assume, given, settings
from hypothesis import strategies as st

GRAIN = 900
seconds = st.integers(0, 60 * 3600)


def utc(moment: datetime) -> datetime:
	return moment.astimezone(timezone.utc)


def in_a_break(moment: datetime, breaks: list[tuple[datetime, datetime]]) -> bool:
	return any(utc(start) <= utc(moment) < utc(end) for start, end in breaks)


@given(cases(), st.data())
def test_counted_agrees_with_a_wall_clock_watched(case: Case, data: st.DataObject) -> None:
	start, end = sorted(data.draw(st.tuples(case.moments(GRAIN), case.moments(GRAIN))), key=utc)
	breaks = data.draw(case.breaks(GRAIN))
	assert case.calendar().counted(start, end, breaks) == case.watcher(GRAIN).counted(start, end, breaks)


@given(cases(), st.data())
def test_deadline_agrees_with_a_wall_clock_watched(case: Case, data: st.DataObject) -> None:
	start = data.draw(case.moments(GRAIN))
	breaks = data.draw(case.breaks(GRAIN))
	duration = data.draw(st.integers(0, 60)) * GRAIN
	deadline = case.calendar().deadline(start, duration, breaks)
	assert utc(deadline) == case.watcher(GRAIN).deadline(start, duration, breaks)
	assert deadline.tzinfo == case.tz


@given(cases(grain=60), st.data())
@settings(max_examples=30)
def test_deadline_agrees_minute_by_minute(case: Case, data: st.DataObject) -> None:
	start = data.draw(case.moments(60, days=1))
	breaks = data.draw(case.breaks(60, days=1))
	duration = data.draw(st.integers(0, 300)) * 60
	deadline = case.calendar().deadline(start, duration, breaks)
	assume(utc(deadline) - utc(start) < timedelta(days=4))
	assert utc(deadline) == case.watcher(60).deadline(start, duration, breaks)


@given(cases(), st.data())
def test_is_counted_agrees_with_a_wall_clock_watched(case: Case, data: st.DataObject) -> None:
	calendar, start = case.calendar(), data.draw(case.moments(GRAIN))
	for (moment, counts), _ in zip(case.watcher(GRAIN).grains(start, []), range(200), strict=False):
		assert calendar.is_counted(moment) == counts
		assert (utc(calendar.next_counted(moment)) == moment) == counts


@given(cases(), st.data())
def test_deadline_undoes_counted(case: Case, data: st.DataObject) -> None:
	calendar, breaks = case.calendar(), data.draw(case.breaks(1))
	start, moment = sorted(data.draw(st.tuples(case.moments(1), case.moments(1))), key=utc)
	moment = calendar.deadline(moment, 0, breaks)
	assert not in_a_break(moment, breaks)
	assert utc(calendar.deadline(start, calendar.counted(start, moment, breaks), breaks)) == utc(moment)


@given(cases(), st.data(), seconds)
def test_counted_undoes_deadline(case: Case, data: st.DataObject, duration: int) -> None:
	calendar, breaks, start = case.calendar(), data.draw(case.breaks(1)), data.draw(case.moments(1))
	assert calendar.counted(start, calendar.deadline(start, duration, breaks), breaks) == duration


@given(cases(), st.data())
def test_counted_time_is_additive(case: Case, data: st.DataObject) -> None:
	calendar, breaks = case.calendar(), data.draw(case.breaks(1))
	a, b, c = sorted(data.draw(st.tuples(case.moments(1), case.moments(1), case.moments(1))), key=utc)
	assert calendar.counted(a, b, breaks) + calendar.counted(b, c, breaks) == calendar.counted(a, c, breaks)


@given(cases(), st.data(), seconds)
def test_a_pause_moves_the_deadline_by_its_counted_time(
	case: Case, data: st.DataObject, duration: int
) -> None:
	calendar, start = case.calendar(), data.draw(case.moments(1))
	unpaused = calendar.deadline(start, duration)
	(begins, ends), *_ = data.draw(case.breaks(1).filter(bool))
	assume(utc(start) <= utc(begins) <= utc(unpaused))
	paused = calendar.deadline(start, duration, [(begins, ends)])
	assert calendar.counted(unpaused, paused) == calendar.counted(begins, ends)


@given(cases(), st.data(), seconds)
def test_one_more_pause_moves_a_paused_deadline(case: Case, data: st.DataObject, duration: int) -> None:
	calendar, breaks, start = case.calendar(), data.draw(case.breaks(1)), data.draw(case.moments(1))
	before = calendar.deadline(start, duration, breaks)
	(begins, ends), *_ = data.draw(case.breaks(1).filter(bool))
	assume(utc(start) <= utc(begins) <= utc(before))
	after = calendar.deadline(start, duration, [(begins, ends), *breaks])
	assert calendar.counted(before, after, breaks) == calendar.counted(begins, ends, breaks)


@given(cases(), st.data(), seconds)
def test_no_deadline_falls_outside_counted_time_or_in_a_pause(
	case: Case, data: st.DataObject, duration: int
) -> None:
	calendar, breaks, start = case.calendar(), data.draw(case.breaks(1)), data.draw(case.moments(1))
	deadline = calendar.deadline(start, duration, breaks)
	assert calendar.is_counted(deadline)
	assert not in_a_break(deadline, breaks)
	assert utc(deadline) >= utc(start)


@given(cases(), st.data(), seconds, st.lists(st.integers(-5, 10), max_size=6))
def test_more_holidays_never_give_an_earlier_deadline(
	case: Case, data: st.DataObject, duration: int, offsets: list[int]
) -> None:
	start, breaks = data.draw(case.moments(1)), data.draw(case.breaks(1))
	more = [case.around + timedelta(days=n) for n in offsets]
	before = case.calendar().deadline(start, duration, breaks)
	assert utc(case.calendar(*more).deadline(start, duration, breaks)) >= utc(before)


@given(cases(), st.data(), seconds, seconds)
def test_a_longer_duration_is_never_earlier(case: Case, data: st.DataObject, one: int, more: int) -> None:
	calendar, start = case.calendar(), data.draw(case.moments(1))
	assert utc(calendar.deadline(start, one)) < utc(calendar.deadline(start, one + more + 1))


@given(cases(), st.data())
def test_the_order_and_overlap_of_pauses_do_not_matter(case: Case, data: st.DataObject) -> None:
	calendar, start = case.calendar(), data.draw(case.moments(1))
	breaks = data.draw(case.breaks(1))
	shuffled = data.draw(st.permutations([*breaks, *breaks[:1]]))
	assert calendar.deadline(start, 3600, breaks) == calendar.deadline(start, 3600, shuffled)


@given(cases(), st.data())
def test_what_a_calendar_answers_does_not_depend_on_what_it_was_asked(
	case: Case, data: st.DataObject
) -> None:
	"""It compiles itself in blocks, forwards and backwards, as questions come."""
	used, start = case.calendar(), data.draw(case.moments(1))
	for years in data.draw(st.lists(st.integers(-12, 12), max_size=3)):
		used.counted(start, start) if years == 0 else used.is_counted(start + timedelta(days=365 * years))
	fresh = case.calendar()
	assert used.deadline(start, 200_000) == fresh.deadline(start, 200_000)
	year = timedelta(days=365)
	assert used.counted(start - year, start + year) == fresh.counted(start - year, start + year)


@given(cases(), st.data())
def test_the_windows_of_the_days_are_the_counted_time(case: Case, data: st.DataObject) -> None:
	calendar = case.calendar()
	days = [case.around + timedelta(days=n) for n in range(-3, 4)]
	for day in days:
		for start, end in calendar.windows_on(day):
			assert calendar.counted(start, end) == (utc(end) - utc(start)).total_seconds() > 0
			assert calendar.is_counted(start)
			assert calendar.is_counted(utc(end) - timedelta(seconds=1))
