"""Calendars worked out by hand. Times are Stockholm's unless a test says otherwise."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise, repeat
from zoneinfo import ZoneInfo

import pytest

from support_retainer.core import Calendar, CalendarError, Window

HOUR, DAY = 3600, 86_400
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


def at(text: str, zone: str | tzinfo = STOCKHOLM, fold: int = 0) -> datetime:
	tz = ZoneInfo(zone) if isinstance(zone, str) else zone
	return datetime.fromisoformat(text).replace(tzinfo=tz, fold=fold)


def hours(first: int, last: int, start: float, end: float) -> list[Window]:
	return [Window(day, int(start * HOUR), int(end * HOUR)) for day in range(first, last + 1)]


def office(holidays: tuple[date, ...] = ()) -> Calendar:
	return Calendar(hours(MONDAY, FRIDAY, 8, 17), STOCKHOLM, holidays)


# The checks of the price list. Monday 2 November 2026, no holidays.


@pytest.mark.parametrize(
	("after", "expected"),
	[
		(4, "2026-11-02 14:00"),  # 10:00 + 4 h
		(12, "2026-11-03 13:00"),  # 7 h left on Monday, 5 h of Tuesday
		(24, "2026-11-04 16:00"),  # 7 + 9 h by Tuesday's closing, 8 h of Wednesday
		(48, "2026-11-09 13:00"),  # 7 + 4 x 9 = 43 h by Friday's closing, 5 h of the next Monday
	],
)
def test_office_hours_from_monday_ten(after: int, expected: str) -> None:
	assert office().deadline(at("2026-11-02 10:00"), after * HOUR) == at(expected)


def test_clock_hours_run_through_the_weekend() -> None:
	always = Calendar.always(STOCKHOLM)
	assert always.deadline(at("2026-11-07 14:00"), 2 * HOUR) == at("2026-11-07 16:00")
	assert always.counted(at("2026-11-07 00:00"), at("2026-11-09 00:00")) == 48 * HOUR


# Borders.


def test_opening_is_in_and_closing_is_out() -> None:
	calendar = office()
	assert calendar.is_counted(at("2026-11-02 08:00"))
	assert calendar.is_counted(at("2026-11-02 16:59:59.999999"))
	assert not calendar.is_counted(at("2026-11-02 17:00"))
	assert not calendar.is_counted(at("2026-11-02 07:59:59.999999"))


def test_a_duration_that_ends_at_closing_lands_at_the_next_opening() -> None:
	assert office().deadline(at("2026-11-06 16:00"), HOUR) == at("2026-11-09 08:00")
	assert office().deadline(at("2026-11-06 16:00"), HOUR - 1) == at("2026-11-06 16:59:59")


def test_zero_is_now_or_the_next_opening() -> None:
	calendar = office()
	assert calendar.deadline(at("2026-11-02 10:00"), 0) == at("2026-11-02 10:00")
	assert calendar.deadline(at("2026-11-02 17:00"), 0) == at("2026-11-03 08:00")
	assert calendar.next_counted(at("2026-11-07 12:00")) == at("2026-11-09 08:00")


def test_microseconds_are_floored() -> None:
	calendar = office()
	assert calendar.deadline(at("2026-11-02 10:00:00.999999"), 60) == at("2026-11-02 10:01")
	assert calendar.counted(at("2026-11-02 10:00:00.9"), at("2026-11-02 10:00:02.1")) == 2
	# Far from 1970 a float of seconds would round this up to the next second.
	assert office().deadline(at("9990-11-01 10:00:00.999999"), 0) == at("9990-11-01 10:00")


def test_the_answer_is_in_the_calendars_zone() -> None:
	deadline = office().deadline(at("2026-11-02 04:00", "America/New_York"), 0)
	assert deadline == at("2026-11-02 10:00")
	assert deadline.tzinfo is STOCKHOLM


# Windows.


def test_a_lunch_break_every_day() -> None:
	windows = hours(MONDAY, FRIDAY, 8, 12) + hours(MONDAY, FRIDAY, 13, 17)
	calendar = Calendar(reversed(windows), STOCKHOLM)
	assert calendar.deadline(at("2026-11-02 10:00"), 4 * HOUR) == at("2026-11-02 15:00")
	assert calendar.deadline(at("2026-11-02 10:00"), 2 * HOUR) == at("2026-11-02 13:00")
	assert calendar.counted(at("2026-11-02 00:00"), at("2026-11-03 00:00")) == 8 * HOUR
	assert calendar.windows_on(date(2026, 11, 2)) == (
		(at("2026-11-02 08:00"), at("2026-11-02 12:00")),
		(at("2026-11-02 13:00"), at("2026-11-02 17:00")),
	)


@pytest.mark.parametrize("end", [6 * HOUR, 30 * HOUR])
def test_a_night_shift_belongs_to_the_evening_it_starts(end: int) -> None:
	calendar = Calendar([Window(SUNDAY, 22 * HOUR, end)], STOCKHOLM)
	assert calendar.is_counted(at("2026-11-02 05:59"))
	assert not calendar.is_counted(at("2026-11-02 06:00"))
	assert calendar.deadline(at("2026-11-01 23:00"), 7 * HOUR) == at("2026-11-08 22:00")
	assert calendar.windows_on(date(2026, 11, 1)) == ((at("2026-11-01 22:00"), at("2026-11-02 06:00")),)
	assert calendar.windows_on(date(2026, 11, 2)) == ()


def test_a_window_until_midnight_and_a_whole_day() -> None:
	calendar = Calendar([Window(MONDAY, 17 * HOUR, 0), Window(TUESDAY, 0, 0)], STOCKHOLM)
	assert calendar.counted(at("2026-11-02 00:00"), at("2026-11-09 00:00")) == 31 * HOUR
	assert calendar.deadline(at("2026-11-02 23:00"), HOUR) == at("2026-11-03 00:00")


# Holidays and special days.


def test_a_holiday_takes_the_windows_that_start_on_it() -> None:
	nights = Calendar(hours(MONDAY, FRIDAY, 22, 6), STOCKHOLM, [date(2026, 11, 3)])
	assert nights.is_counted(at("2026-11-03 05:00"))
	assert not nights.is_counted(at("2026-11-03 23:00"))
	assert not nights.is_counted(at("2026-11-04 05:00"))
	christmas = office((date(2026, 12, 24), date(2026, 12, 25)))
	assert christmas.deadline(at("2026-12-23 16:00"), 2 * HOUR) == at("2026-12-28 09:00")


def test_a_special_day_replaces_weekday_and_holiday() -> None:
	eve, day, saturday = date(2026, 12, 23), date(2026, 12, 24), date(2026, 12, 26)
	calendar = Calendar(
		hours(MONDAY, FRIDAY, 8, 17),
		STOCKHOLM,
		[day],
		{eve: (), day: ((9 * HOUR, 12 * HOUR),), saturday: ((13 * HOUR, 14 * HOUR), (10 * HOUR, 11 * HOUR))},
	)
	assert calendar.counted(at("2026-12-23 00:00"), at("2026-12-24 00:00")) == 0
	assert calendar.counted(at("2026-12-24 00:00"), at("2026-12-25 00:00")) == 3 * HOUR
	assert calendar.counted(at("2026-12-26 00:00"), at("2026-12-27 00:00")) == 2 * HOUR
	assert calendar.deadline(at("2026-12-22 16:30"), HOUR) == at("2026-12-24 09:30")
	assert calendar.deadline(at("2026-12-26 10:30"), HOUR) == at("2026-12-26 13:30")


def test_special_days_alone_run_out() -> None:
	calendar = Calendar([], STOCKHOLM, (), {date(2026, 11, 7): ((10 * HOUR, 12 * HOUR),)})
	assert calendar.deadline(at("2020-01-01 00:00"), HOUR) == at("2026-11-07 11:00")
	assert calendar.counted(at("2026-01-01 00:00"), at("2030-01-01 00:00")) == 2 * HOUR
	assert not calendar.is_counted(at("2030-01-01 00:00"))
	with pytest.raises(CalendarError, match="no counted time left"):
		calendar.deadline(at("2026-11-07 10:00"), 2 * HOUR)


# Clock changes.


def test_the_short_and_the_long_night() -> None:
	always = Calendar.always(STOCKHOLM)
	assert always.counted(at("2026-03-29 00:00"), at("2026-03-30 00:00")) == 23 * HOUR
	assert always.counted(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == 25 * HOUR
	assert always.deadline(at("2026-03-29 01:30"), HOUR) == at("2026-03-29 03:30")
	second = always.deadline(at("2026-10-25 02:30"), HOUR)
	assert (second.hour, second.minute, second.fold) == (2, 30, 1)


def test_a_window_in_the_skipped_hour_has_no_length() -> None:
	calendar = Calendar([Window(SUNDAY, int(2.25 * HOUR), int(2.75 * HOUR))], STOCKHOLM)
	assert calendar.windows_on(date(2026, 3, 29)) == ()
	assert calendar.deadline(at("2026-03-28 12:00"), 0) == at("2026-04-05 02:15")


def test_a_window_that_starts_or_ends_in_the_skipped_hour() -> None:
	starts = Calendar([Window(SUNDAY, int(2.5 * HOUR), 5 * HOUR)], STOCKHOLM)
	assert starts.windows_on(date(2026, 3, 29)) == ((at("2026-03-29 03:00"), at("2026-03-29 05:00")),)
	ends = Calendar([Window(SUNDAY, HOUR, int(2.5 * HOUR))], STOCKHOLM)
	assert ends.counted(at("2026-03-29 00:00"), at("2026-03-30 00:00")) == HOUR


def test_edges_in_the_repeated_hour_are_the_first_of_the_two() -> None:
	calendar = Calendar([Window(SUNDAY, 0, int(2.5 * HOUR)), Window(SUNDAY, 3 * HOUR, 4 * HOUR)], STOCKHOLM)
	assert calendar.is_counted(at("2026-10-25 02:29"))
	assert not calendar.is_counted(at("2026-10-25 02:29", fold=1))
	assert calendar.counted(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == int(3.5 * HOUR)
	later = Calendar([Window(SUNDAY, int(2.5 * HOUR), 4 * HOUR)], STOCKHOLM)
	assert later.counted(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == int(2.5 * HOUR)


def test_a_start_in_the_repeated_hour_tells_the_two_apart() -> None:
	always = Calendar.always(STOCKHOLM)
	assert always.counted(at("2026-10-25 02:30"), at("2026-10-25 02:30", fold=1)) == HOUR
	assert always.counted(at("2026-10-25 02:30", fold=1), at("2026-10-25 03:30")) == HOUR
	with pytest.raises(CalendarError):
		always.counted(at("2026-10-25 02:15", fold=1), at("2026-10-25 02:45"))


@pytest.mark.parametrize(
	("zone", "day", "length"),
	[
		("Australia/Lord_Howe", "2026-10-04", 23.5),
		("Australia/Lord_Howe", "2026-04-05", 24.5),
		("Asia/Kathmandu", "2026-06-01", 24),
		("America/New_York", "2026-03-08", 23),
		("America/New_York", "2026-11-01", 25),
		("Asia/Beirut", "2026-03-29", 23),  # the clock goes forward at midnight itself
		("Pacific/Apia", "2011-12-30", 0),  # this day did not happen
	],
)
def test_whole_days_in_odd_zones(zone: str, day: str, length: float) -> None:
	always = Calendar.always(zone)
	following = date.fromisoformat(day) + timedelta(days=1)
	start = at(f"{day} 00:00", zone).astimezone(timezone.utc)
	end = at(f"{following} 00:00", zone).astimezone(timezone.utc)
	windows = always.windows_on(date.fromisoformat(day))
	assert sum(
		(b.astimezone(timezone.utc) - a.astimezone(timezone.utc)).total_seconds() for a, b in windows
	) == (length * HOUR)
	if length:
		assert always.counted(max(start, windows[0][0]), end) == length * HOUR


def test_kathmandu_counts_quarters_of_an_hour_from_utc() -> None:
	calendar = Calendar(hours(MONDAY, FRIDAY, 8, 17), "Asia/Kathmandu")
	assert calendar.next_counted(at("2026-06-01 00:00", "UTC")) == at("2026-06-01 02:15", "UTC")


# Pauses.


def test_a_pause_inside_office_hours() -> None:
	pause = (at("2026-11-02 11:00"), at("2026-11-02 12:30"))
	assert office().deadline(at("2026-11-02 10:00"), 4 * HOUR, [pause]) == at("2026-11-02 15:30")
	assert office().counted(at("2026-11-02 10:00"), at("2026-11-02 14:00"), [pause]) == int(2.5 * HOUR)


def test_a_pause_over_the_night_costs_only_counted_time() -> None:
	# Monday 16:00 to Tuesday 09:00 is 17 h on the wall and 2 h of office.
	pause = (at("2026-11-02 16:00"), at("2026-11-03 09:00"))
	assert office().deadline(at("2026-11-02 10:00"), 12 * HOUR, [pause]) == at("2026-11-03 15:00")


def test_a_pause_over_weekend_holiday_and_clock_change() -> None:
	# Friday 23 Oct 16:00 to Tuesday 27 Oct 10:00: 1 h of Friday, Monday is a holiday, 2 h of Tuesday.
	calendar = office((date(2026, 10, 26),))
	pause = (at("2026-10-23 16:00"), at("2026-10-27 10:00"))
	assert calendar.deadline(at("2026-10-23 15:00"), 4 * HOUR, [pause]) == at("2026-10-27 13:00")


def test_a_pause_begun_before_registration_counts_from_registration() -> None:
	pause = (at("2026-11-02 09:00"), at("2026-11-02 11:00"))
	assert office().deadline(at("2026-11-02 10:00"), HOUR, [pause]) == at("2026-11-02 12:00")
	assert office().deadline(at("2026-11-02 11:00"), HOUR, [pause]) == at("2026-11-02 12:00")


def test_a_pause_after_the_deadline_changes_nothing_and_one_at_it_does() -> None:
	start = at("2026-11-02 10:00")
	late = (at("2026-11-02 14:00:01"), at("2026-11-02 15:00"))
	assert office().deadline(start, 4 * HOUR, [late]) == at("2026-11-02 14:00")
	sharp = (at("2026-11-02 14:00"), at("2026-11-02 15:00"))
	assert office().deadline(start, 4 * HOUR, [sharp]) == at("2026-11-02 15:00")
	assert office().deadline(sharp[0], 0, [sharp]) == at("2026-11-02 15:00")


def test_overlapping_unsorted_and_adjoining_pauses_are_one() -> None:
	pauses = [
		(at("2026-11-02 13:00"), at("2026-11-02 14:00")),
		(at("2026-11-02 11:00"), at("2026-11-02 12:30")),
		(at("2026-11-02 12:00"), at("2026-11-02 13:00")),
		(at("2026-11-02 11:30"), at("2026-11-02 11:30")),
	]
	assert office().deadline(at("2026-11-02 10:00"), 2 * HOUR, pauses) == at("2026-11-02 15:00")
	assert office().counted(at("2026-11-02 10:00"), at("2026-11-02 17:00"), iter(pauses)) == 4 * HOUR
	assert office().deadline(at("2026-11-02 10:00"), 2 * HOUR, iter(pauses)) == at("2026-11-02 15:00")


# What is refused.


@pytest.mark.parametrize(
	("windows", "reason"),
	[
		([], "no counted time"),
		([Window(0, 8 * HOUR, 12 * HOUR), Window(0, 11 * HOUR, 13 * HOUR)], "overlap"),
		([Window(0, 22 * HOUR, 6 * HOUR), Window(1, 5 * HOUR, 7 * HOUR)], "overlap"),
		([Window(6, 22 * HOUR, 6 * HOUR), Window(0, 5 * HOUR, 7 * HOUR)], "overlap"),
		([Window(6, 22 * HOUR, 30 * HOUR), Window(0, 5 * HOUR, 7 * HOUR)], "overlap"),
		([Window(0, 8 * HOUR, 12 * HOUR), Window(0, 8 * HOUR, 12 * HOUR)], "overlap"),
	],
)
def test_calendars_that_make_no_sense(windows: list[Window], reason: str) -> None:
	with pytest.raises(CalendarError, match=reason):
		Calendar(windows, STOCKHOLM)


def test_windows_may_adjoin() -> None:
	Calendar([Window(6, 22 * HOUR, 6 * HOUR), Window(0, 6 * HOUR, 7 * HOUR)], STOCKHOLM)


@pytest.mark.parametrize(
	("weekday", "start", "end"),
	[(7, 0, 1), (-1, 0, 1), (0, DAY, 1), (0, -1, 1), (0, 0, -1), (0, 60, DAY + 61)],
)
def test_windows_that_make_no_sense(weekday: int, start: int, end: int) -> None:
	with pytest.raises(CalendarError):
		Window(weekday, start, end)


@pytest.mark.parametrize(
	"special_days",
	[
		{date(2026, 11, 3): ((8 * HOUR, 10 * HOUR), (9 * HOUR, 11 * HOUR))},
		{date(2026, 11, 3): ((5 * HOUR, 7 * HOUR),)},  # Monday's night shift lasts until 6
		{date(2026, 11, 3): ((20 * HOUR, 30 * HOUR),)},  # into Wednesday's early shift at 4
		{date(2026, 11, 3): ((0, 2 * DAY),)},
		{datetime(2026, 11, 3): ()},
	],
)
def test_special_days_that_make_no_sense(special_days: dict[date, tuple[tuple[int, int], ...]]) -> None:
	windows = [Window(MONDAY, 22 * HOUR, 6 * HOUR), Window(WEDNESDAY, 4 * HOUR, 12 * HOUR)]
	with pytest.raises(CalendarError):
		Calendar(windows, STOCKHOLM, (), special_days)


def test_special_days_without_counted_time_are_no_calendar() -> None:
	with pytest.raises(CalendarError, match="no counted time"):
		Calendar([], STOCKHOLM, (), {date(2026, 11, 3): ()})
	skipped = {date(2026, 3, 29): ((2 * HOUR, 3 * HOUR),)}
	with pytest.raises(CalendarError, match="no counted time"):
		Calendar([], STOCKHOLM, (), skipped)


def test_other_bad_input() -> None:
	calendar, now = office(), at("2026-11-02 10:00")
	with pytest.raises(CalendarError, match="below zero"):
		calendar.deadline(now, -1)
	with pytest.raises(CalendarError, match="ends before"):
		calendar.deadline(now, 1, [(now, now - timedelta(seconds=1))])
	with pytest.raises(CalendarError, match="is before"):
		calendar.counted(now, now - timedelta(seconds=1))
	with pytest.raises(CalendarError, match="time zone"):
		calendar.deadline(datetime(2026, 11, 2, 10), 1)
	with pytest.raises(CalendarError, match="plain date"):
		office((datetime(2026, 11, 2),))
	for zone in ("Europe/Nowhere", "../secrets", ""):
		with pytest.raises(CalendarError, match="time zone"):
			Calendar.always(zone)


# Far away.


def test_ten_years_of_office_hours() -> None:
	# 521 whole weeks and 5 days from Monday 2 Nov 2026 to Saturday 1 Nov 2036: 2 610 working days of 9 h.
	assert (date(2036, 11, 1) - date(2026, 11, 2)).days == 521 * 7 + 5
	assert office().deadline(at("2026-11-02 08:00"), (2610 * 9 - 1) * HOUR) == at("2036-10-31 16:00")
	assert office().counted(at("2026-11-02 00:00"), at("2036-11-01 00:00")) == 2610 * 9 * HOUR


def test_one_short_window_a_week_for_a_lifetime() -> None:
	calendar = Calendar([Window(MONDAY, 8 * HOUR, 8 * HOUR + 1)], STOCKHOLM)
	assert calendar.deadline(at("2026-11-02 08:00"), 52 * 80) == at("2026-11-02 08:00") + timedelta(
		weeks=52 * 80
	)


def test_years_of_holidays() -> None:
	days = [date(2026, 1, 1) + timedelta(days=n) for n in range(4000)]
	reopens = days[-1] + timedelta(days=1)
	calendar = office(tuple(days))
	assert calendar.next_counted(at("2026-01-01 00:00")).date() >= reopens


@pytest.mark.parametrize("duration", [10**12, 10**30])
def test_beyond_the_calendar_is_an_error_at_once(duration: int) -> None:
	with pytest.raises(CalendarError, match="100 years"):
		office().deadline(at("2026-11-02 10:00"), duration)


@pytest.mark.parametrize(
	"other", ["9000-01-01 12:00", "0100-01-01 12:00", "2128-01-04 12:00", "1800-01-01 12:00"]
)
def test_a_question_reaches_a_hundred_years_and_costs_no_more(other: str) -> None:
	"""Compiling the seven thousand years to a mistyped one took two minutes, and kept them for good."""
	calendar, now = office(), at("2026-11-02 10:00")
	calendar.is_counted(now)
	calendar.is_counted(at(other))
	table = calendar._table
	assert table is not None and table.last_day - table.first_day < 200
	assert calendar.deadline(now, HOUR) == at("2026-11-02 11:00")
	with pytest.raises(CalendarError, match="100 years"):
		calendar.counted(*sorted((now, at(other))))
	with pytest.raises(CalendarError, match="100 years"):
		calendar.deadline(
			min(now, at(other)),
			HOUR,
			[(max(now, at(other)), max(now, at(other)) + HOUR * timedelta(seconds=1))],
		)


def test_long_stretches_are_not_kept_compiled() -> None:
	calendar = office()
	for year in range(1950, 2500, 90):
		start = at(f"{year}-03-01 00:00")
		assert calendar.counted(start, start + timedelta(days=36_000)) > 25_000 * 9 * HOUR
		assert (
			calendar._table is not None and calendar._table.last_day - calendar._table.first_day < 250 * 366
		)


@pytest.mark.parametrize("year", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_an_error(year: str) -> None:
	with pytest.raises(CalendarError, match="years 1 to 9999"):
		office().is_counted(at(f"{year} 12:00", "UTC"))


def test_the_last_years_still_count() -> None:
	calendar = office()
	assert calendar.deadline(at("9999-12-01 10:00"), HOUR) == at("9999-12-01 11:00")
	with pytest.raises(CalendarError, match="year 9999"):
		calendar.deadline(at("9999-12-01 10:00"), 30 * 9 * HOUR)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("direction", [1, -1])
def test_a_calendar_walked_day_by_day_is_the_one_seen_from_afar(zone: str, direction: int) -> None:
	"""It compiles itself in blocks: no window may be missing where one block ends and the next begins."""
	windows = hours(MONDAY, FRIDAY, 8, 17) + hours(SATURDAY, SUNDAY, 22, 6)
	walked, wide = Calendar(windows, zone), Calendar(windows, zone)
	start = at("2026-11-02 00:00", "UTC")
	wide.counted(start - timedelta(days=1000), start + timedelta(days=1000))
	expected = 0
	for step in range(1500):
		moment = start + direction * timedelta(hours=5 * step)
		following = moment + timedelta(hours=5)
		assert walked.is_counted(moment) == wide.is_counted(moment)
		assert walked.counted(moment, following) == wide.counted(moment, following)
		expected += wide.counted(moment, following)
	assert expected == walked.counted(min(start, moment), max(start + timedelta(hours=5), following))


# One calendar, many users.


def test_threads_share_a_calendar() -> None:
	starts = [at("2026-11-02 10:00") + timedelta(days=n * 97) for n in range(-60, 60)]
	expected = [office().deadline(start, 48 * HOUR) for start in starts]
	for _ in range(5):
		shared = office()
		with ThreadPoolExecutor(8) as pool:
			found = pool.map(shared.deadline, starts, repeat(48 * HOUR))
			assert list(found) == expected


def test_a_calendar_can_be_cached_and_shown() -> None:
	calendar = office((date(2026, 11, 3),))
	calendar.deadline(at("2026-11-02 10:00"), HOUR)
	copy = pickle.loads(pickle.dumps(calendar))
	assert copy.deadline(at("2026-11-02 16:30"), HOUR) == at("2026-11-04 08:30")
	assert "Europe/Stockholm" in repr(calendar)


def test_adjoining_windows_are_one_stretch() -> None:
	calendar = Calendar.always("UTC")
	days = [at("2026-11-02 00:00", "UTC") + timedelta(days=n) for n in range(4)]
	assert all(calendar.deadline(a, DAY) == b for a, b in pairwise(days))
