"""Which rule a ticket falls under, and what it is promised. Times are Stockholm's; there are no holidays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_retainer.core import (
	AmbiguousRules,
	Calendar,
	NoRule,
	Promise,
	Rule,
	RuleError,
	Window,
	conflicts,
	match,
	outcome,
	promise,
)

HOUR = 3600
STOCKHOLM = ZoneInfo("Europe/Stockholm")
OFFICE = Calendar((Window(day, 8 * HOUR, 17 * HOUR) for day in range(5)), STOCKHOLM)
CLOCK = Calendar.always(STOCKHOLM)

WITHIN = Rule(
	"Normal, within budget",
	"Normal",
	"Within",
	"Any",
	"Office Hours",
	"Hours",
	4 * HOUR,
	12 * HOUR,
	24 * HOUR,
	48 * HOUR,
	Decimal(0),
)
OUTSIDE = Rule(
	"Normal, outside budget",
	"Normal",
	"Outside",
	"Any",
	"Office Hours",
	"First Available Slot",
	None,
	None,
	None,
	None,
	Decimal(0),
)
AT_ONCE = Rule(
	"Urgent, office hours",
	"Urgent",
	"Any",
	"Office Hours",
	"Clock Hours",
	"Immediately",
	None,
	None,
	None,
	None,
	Decimal(75),
)
AT_NIGHT = Rule(
	"Urgent, out of hours",
	"Urgent",
	"Any",
	"Out of Hours",
	"Clock Hours",
	"Hours",
	1 * HOUR,
	2 * HOUR,
	2 * HOUR,
	4 * HOUR,
	Decimal(150),
)
PRICE_LIST = (WITHIN, OUTSIDE, AT_ONCE, AT_NIGHT)


def at(text: str, fold: int = 0) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold)


# The price list answers every situation with one rule.


@pytest.mark.parametrize(
	("urgency", "budget", "registered", "expected"),
	[
		("Normal", "Within", "Office Hours", WITHIN),
		("Normal", "Within", "Out of Hours", WITHIN),
		("Normal", "Outside", "Office Hours", OUTSIDE),
		("Normal", "Outside", "Out of Hours", OUTSIDE),
		("Urgent", "Within", "Office Hours", AT_ONCE),
		("Urgent", "Outside", "Office Hours", AT_ONCE),
		("Urgent", "Within", "Out of Hours", AT_NIGHT),
		("Urgent", "Outside", "Out of Hours", AT_NIGHT),
	],
)
def test_the_price_list_has_one_rule_for_each_situation(
	urgency: str, budget: str, registered: str, expected: Rule
) -> None:
	assert match(PRICE_LIST, urgency=urgency, budget=budget, registered=registered) is expected


def test_no_rule_is_in_conflict_in_the_price_list() -> None:
	assert [conflicts(rule, PRICE_LIST) for rule in PRICE_LIST] == [[], [], [], []]


# The more specific rule wins.


def test_a_retainers_own_rule_wins_however_broad_it_is() -> None:
	own = replace(AT_ONCE, name="Own", registered="Any", retainer="RET-1")
	rules = (own, *PRICE_LIST)
	situation = {"urgency": "Urgent", "budget": "Within", "registered": "Office Hours"}
	assert match(rules, **situation, retainer="RET-1") is own
	assert match(rules, **situation, retainer="RET-2") is AT_ONCE
	assert match(rules, **situation) is AT_ONCE
	assert conflicts(own, rules) == []


def test_among_equals_the_rule_with_more_conditions_wins() -> None:
	narrow = replace(WITHIN, name="At night", registered="Out of Hours")
	rules = (WITHIN, narrow)
	assert match(rules, urgency="Normal", budget="Within", registered="Out of Hours") is narrow
	assert match(rules, urgency="Normal", budget="Within", registered="Office Hours") is WITHIN
	assert conflicts(narrow, rules) == []


def test_two_equal_matches_are_refused() -> None:
	by_budget = replace(AT_ONCE, name="By budget", budget="Within", registered="Any")
	with pytest.raises(AmbiguousRules) as refused:
		match((*PRICE_LIST, by_budget), urgency="Urgent", budget="Within", registered="Office Hours")
	assert refused.value.data == {"rules": "Urgent, office hours, By budget"}
	assert conflicts(by_budget, PRICE_LIST) == [AT_ONCE, AT_NIGHT]


def test_no_rule_is_an_error_that_says_for_what() -> None:
	with pytest.raises(NoRule, match="Urgent tickets, budget Outside") as refused:
		match((WITHIN,), urgency="Urgent", budget="Outside", registered="Office Hours", retainer="RET-1")
	assert refused.value.data["retainer"] == "RET-1"
	assert refused.value.message.format(**refused.value.data) == str(refused.value)


@pytest.mark.parametrize("field", ["urgency", "budget", "registered"])
def test_a_situation_is_definite(field: str) -> None:
	situation = {"urgency": "Normal", "budget": "Within", "registered": "Office Hours", field: "Any"}
	with pytest.raises(RuleError, match=field):
		match(PRICE_LIST, **situation)


def rules() -> st.SearchStrategy[Rule]:
	return st.builds(
		Rule,
		name=st.text(min_size=3),
		urgency=st.sampled_from(["Normal", "Urgent"]),
		budget=st.sampled_from(["Within", "Outside", "Any"]),
		registered=st.sampled_from(["Office Hours", "Out of Hours", "Any"]),
		hours_counted=st.just("Office Hours"),
		target=st.just("Immediately"),
		assign_from=st.none(),
		assign_within=st.none(),
		start_from=st.none(),
		start_within=st.none(),
		surcharge_percent=st.just(Decimal(0)),
		retainer=st.sampled_from([None, "RET-1"]),
	)


@given(st.lists(rules(), max_size=5, unique_by=lambda rule: rule.name))
def test_conflicts_foretell_ambiguity(some: list[Rule]) -> None:
	"""Rules without conflicts never match ambiguously, in any situation; a pair in conflict does in some."""
	situations = [
		{"urgency": u, "budget": b, "registered": r, "retainer": o}
		for u, b, r, o in product(
			["Normal", "Urgent"], ["Within", "Outside"], ["Office Hours", "Out of Hours"], [None, "RET-1"]
		)
	]

	def ambiguous(among: list[Rule]) -> bool:
		for situation in situations:
			try:
				match(among, **situation)
			except AmbiguousRules:
				return True
			except NoRule:
				pass
		return False

	if not any(conflicts(rule, some) for rule in some):
		assert not ambiguous(some)
	for rule in some:
		for other in conflicts(rule, some):
			assert ambiguous([rule, other])
			assert rule in conflicts(other, some)


# Promises.


def test_normal_within_budget_on_monday_at_ten() -> None:
	assert promise(WITHIN, at("2026-11-02 10:00"), OFFICE, CLOCK) == Promise(
		rule="Normal, within budget",
		queued=False,
		assign_from=at("2026-11-02 14:00"),
		assign_by=at("2026-11-03 13:00"),
		start_from=at("2026-11-04 16:00"),
		start_by=at("2026-11-09 13:00"),
	)


def test_urgent_on_saturday_at_two() -> None:
	assert promise(AT_NIGHT, at("2026-11-07 14:00"), OFFICE, CLOCK) == Promise(
		rule="Urgent, out of hours",
		queued=False,
		assign_from=at("2026-11-07 15:00"),
		assign_by=at("2026-11-07 16:00"),
		start_from=at("2026-11-07 16:00"),
		start_by=at("2026-11-07 18:00"),
	)


def test_immediately_is_now_on_the_rules_hours() -> None:
	now, night = at("2026-11-02 10:00"), at("2026-11-02 20:00")
	assert promise(AT_ONCE, now, OFFICE, CLOCK) == Promise("Urgent, office hours", False, now, now, now, now)
	assert promise(AT_ONCE, night, OFFICE, CLOCK).start_by == night
	in_office = replace(AT_ONCE, hours_counted="Office Hours", assign_within=99)
	assert promise(in_office, night, OFFICE, CLOCK).assign_by == at("2026-11-03 08:00")


def test_first_available_slot_has_a_place_and_no_time() -> None:
	expected = Promise("Normal, outside budget", True, None, None, None, None)
	assert promise(OUTSIDE, at("2026-11-02 10:00"), OFFICE, CLOCK) == expected


def test_a_pause_moves_all_times_that_come_after_it() -> None:
	# Waiting from Monday 15:00 to Tuesday 09:00: 3 h of office. The goal, 14:00, was before it.
	pause = (at("2026-11-02 15:00"), at("2026-11-03 09:00"))
	promised = promise(WITHIN, at("2026-11-02 10:00"), OFFICE, CLOCK, [pause])
	assert promised.assign_from == at("2026-11-02 14:00")
	assert promised.assign_by == at("2026-11-03 16:00")
	assert promised.start_from == at("2026-11-05 10:00")
	assert promised.start_by == at("2026-11-09 16:00")


def test_what_is_not_promised_has_no_time() -> None:
	promised = promise(
		replace(WITHIN, assign_from=None, start_within=None), at("2026-11-02 10:00"), OFFICE, CLOCK
	)
	assert promised.assign_from is None
	assert promised.assign_by == at("2026-11-03 13:00")
	assert promised.start_by is None


# Outcomes.


@pytest.mark.parametrize(
	("done", "now", "grace", "expected"),
	[
		(None, "2026-11-02 10:00:00", 0, "Pending"),
		(None, "2026-11-02 10:00:01", 0, "Breached"),
		(None, "2026-11-02 10:15:00", 900, "Pending"),
		(None, "2026-11-02 10:15:01", 900, "Breached"),
		("2026-11-02 10:00:00", "2026-11-09 10:00:00", 0, "Met"),
		("2026-11-02 10:00:01", "2026-11-02 10:00:01", 0, "Breached"),
		("2026-11-02 10:15:00", "2026-11-09 10:00:00", 900, "Met"),
		("2026-11-02 10:15:01", "2026-11-09 10:00:00", 900, "Breached"),
	],
)
def test_a_limit_at_ten_o_clock(done: str | None, now: str, grace: int, expected: str) -> None:
	assert outcome(at("2026-11-02 10:00"), done and at(done), at(now), grace) == expected


def test_without_a_promised_time_nothing_is_breached() -> None:
	now = at("2026-11-02 10:00")
	assert outcome(None, None, now) == "Pending"
	assert outcome(None, now, now) == "Met"


def test_the_repeated_hour_is_told_apart() -> None:
	by = at("2026-10-25 02:45")
	assert outcome(by, at("2026-10-25 02:15", fold=1), by) == "Breached"
	assert outcome(by, None, at("2026-10-25 02:15", fold=1)) == "Breached"
	assert outcome(at("2026-10-25 02:15", fold=1), by, by) == "Met"


# What is refused.


@pytest.mark.parametrize(
	"wrong",
	[
		{"urgency": "Any"},
		{"budget": "within"},
		{"registered": "Nights"},
		{"hours_counted": "Any"},
		{"target": "Soon"},
		{"assign_from": -1},
		{"assign_within": -1},
		{"start_from": 0.5},
		{"assign_from": 12 * HOUR + 1},
		{"start_within": 24 * HOUR - 1},
		{"surcharge_percent": Decimal("-0.01")},
	],
)
def test_rules_that_make_no_sense(wrong: dict[str, object]) -> None:
	with pytest.raises(RuleError, match="Rule Normal, within budget"):
		replace(WITHIN, **wrong)


def test_a_goal_may_be_its_limit_and_zero() -> None:
	assert (
		replace(WITHIN, assign_from=0, assign_within=0, start_from=HOUR, start_within=HOUR).assign_from == 0
	)
