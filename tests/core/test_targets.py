"""Limits, and the moments at which a ticket is at risk and breached, worked out by hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from support_retainer.core import Calendar, Rule, RuleError, Window, targets

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = 3600
OFFICE = Calendar([Window(day, 8 * HOUR, 17 * HOUR) for day in range(5)], STOCKHOLM)
CLOCK = Calendar.always(STOCKHOLM)


def at(text: str) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def rule(target: str = "Hours", counted: str = "Office Hours", hours: tuple = (4, 12, 24, 48)) -> Rule:
	seconds = [None if each is None else each * HOUR for each in hours]
	return Rule("R", "Normal", "Any", "Any", counted, target, *seconds, Decimal(0))


def found(target) -> tuple[str, str, str]:
	return tuple(f"{moment:%a %d %H:%M:%S}" for moment in (target.by, target.at_risk, target.breached))


def test_at_risk_when_three_quarters_of_the_counted_time_are_used() -> None:
	assign, start = targets(rule(), at("2026-11-02 10:00"), OFFICE, CLOCK)
	# 12 h: 9 h are used when Monday's 7 and 2 of Tuesday's are: 10:00. 48 h: 36 h are 7 + 3 x 9 + 2 of Friday's.
	assert found(assign) == ("Tue 03 13:00:00", "Tue 03 10:00:00", "Tue 03 13:00:00")
	assert found(start) == ("Mon 09 13:00:00", "Fri 06 10:00:00", "Mon 09 13:00:00")


def test_pauses_move_both() -> None:
	pause = (at("2026-11-02 11:00"), at("2026-11-02 15:00"))
	assign, _ = targets(rule(), at("2026-11-02 10:00"), OFFICE, CLOCK, [pause])
	# four hours later: 12 h end at Tuesday's closing time, which is Wednesday's opening
	assert found(assign) == ("Wed 04 08:00:00", "Tue 03 14:00:00", "Wed 04 08:00:00")


def test_immediately_is_breached_after_its_grace_less_pauses() -> None:
	urgent = rule("Immediately", "Clock Hours")
	# 15 min of grace, at risk after 11 min 15 s of it
	assign, start = targets(urgent, at("2026-11-05 15:50"), OFFICE, CLOCK, grace=900)
	assert assign == start
	assert found(assign) == ("Thu 05 15:50:00", "Thu 05 16:01:15", "Thu 05 16:05:00")
	pause = (at("2026-11-05 15:55"), at("2026-11-05 18:00"))
	assign, _ = targets(urgent, at("2026-11-05 15:50"), OFFICE, CLOCK, [pause], grace=900)
	assert found(assign) == ("Thu 05 15:50:00", "Thu 05 18:06:15", "Thu 05 18:10:00")


def test_nothing_promised_nothing_breached() -> None:
	assert targets(rule("First Available Slot"), at("2026-11-02 10:00"), OFFICE, CLOCK) == (None, None)
	only_start = rule(hours=(None, None, 1, 2))
	assert targets(only_start, at("2026-11-02 10:00"), OFFICE, CLOCK)[0] is None


def test_the_clock_change_takes_an_hour() -> None:
	night = rule(counted="Clock Hours", hours=(0, 4, 0, 4))
	# Sun 29 Mar 2026 00:00, four real hours: 02:00 does not exist, so 05:00; three of them: 04:00
	assign, _ = targets(night, at("2026-03-29 00:00"), OFFICE, CLOCK)
	assert found(assign) == ("Sun 29 05:00:00", "Sun 29 04:00:00", "Sun 29 05:00:00")


@pytest.mark.parametrize("bad", [{"percent": 101}, {"percent": -1}, {"grace": -1}])
def test_nonsense_is_refused(bad: dict) -> None:
	with pytest.raises(RuleError):
		targets(rule(), at("2026-11-02 10:00"), OFFICE, CLOCK, **bad)
