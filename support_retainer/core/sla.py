"""Which rule a ticket falls under, and what that rule promises. Source: price list, section 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from support_retainer.core.calendar import Calendar, Interval, epoch_seconds
from support_retainer.core.errors import AmbiguousRules, NoRule, RuleError

ANY = "Any"
URGENCIES = ("Normal", "Urgent")
BUDGETS = ("Within", "Outside")
REGISTERED = ("Office Hours", "Out of Hours")
HOURS_COUNTED = ("Office Hours", "Clock Hours")
TARGETS = ("Hours", "Immediately", "First Available Slot")


@dataclass(frozen=True, slots=True)
class Rule:
	"""One row of the price list.

	The four targets are counted seconds from registration, or None where nothing is promised; a range has a goal
	(`from`) and a limit (`within`). `surcharge_percent` is on top of the standard price. `retainer` None is everyone.
	Raises RuleError for an unknown choice, a target or surcharge below zero, or a goal after its limit.
	"""

	name: str
	urgency: str
	budget: str
	registered: str
	hours_counted: str
	target: str
	assign_from: int | None
	assign_within: int | None
	start_from: int | None
	start_within: int | None
	surcharge_percent: Decimal
	retainer: str | None = None

	def __post_init__(self) -> None:
		_check_choice(self.name, "urgency", self.urgency, URGENCIES)
		_check_choice(self.name, "budget", self.budget, (*BUDGETS, ANY))
		_check_choice(self.name, "registered", self.registered, (*REGISTERED, ANY))
		_check_choice(self.name, "hours_counted", self.hours_counted, HOURS_COUNTED)
		_check_choice(self.name, "target", self.target, TARGETS)
		_check_range(self.name, "assign", self.assign_from, self.assign_within)
		_check_range(self.name, "start", self.start_from, self.start_within)
		if self.surcharge_percent < 0:
			raise RuleError("Rule {rule} has a surcharge below zero. Give zero or more.", rule=self.name)

	@property
	def specificity(self) -> tuple[bool, int]:
		"""How narrow the rule is: a retainer's own first, then how many of budget and registered are given."""
		return bool(self.retainer), (self.budget != ANY) + (self.registered != ANY)


@dataclass(frozen=True, slots=True)
class Promise:
	"""What a ticket was promised: goal and limit for assignment and start, or a place in the queue without times."""

	rule: str
	queued: bool
	assign_from: datetime | None
	assign_by: datetime | None
	start_from: datetime | None
	start_by: datetime | None


def match(
	rules: Iterable[Rule], *, urgency: str, budget: str, registered: str, retainer: str | None = None
) -> Rule:
	"""The most specific rule for a situation. Raises NoRule, or AmbiguousRules when two fit equally well."""
	_check_choice("asked for", "urgency", urgency, URGENCIES)
	_check_choice("asked for", "budget", budget, BUDGETS)
	_check_choice("asked for", "registered", registered, REGISTERED)
	fitting = [rule for rule in rules if _fits(rule, urgency, budget, registered, retainer)]
	if not fitting:
		raise NoRule(
			"No SLA rule is for {urgency} tickets, budget {budget}, registered {registered}. Add one.",
			urgency=urgency,
			budget=budget,
			registered=registered,
			retainer=retainer,
		)
	narrowest = max(rule.specificity for rule in fitting)
	best = [rule for rule in fitting if rule.specificity == narrowest]
	if len(best) > 1:
		raise AmbiguousRules(
			"These SLA rules fit equally well: {rules}. Make one narrower, or disable it.",
			rules=", ".join(rule.name for rule in best),
		)
	return best[0]


def conflicts(rule: Rule, others: Iterable[Rule]) -> list[Rule]:
	"""The other rules that would fit some same situation equally well, for the same retainer (or everyone)."""
	return [
		other
		for other in others
		if other.name != rule.name
		and other.urgency == rule.urgency
		and (other.retainer or None) == (rule.retainer or None)
		and other.specificity == rule.specificity
		and _meet(other.budget, rule.budget)
		and _meet(other.registered, rule.registered)
	]


def promise(
	rule: Rule, at: datetime, office: Calendar, clock: Calendar, breaks: Sequence[Interval] = ()
) -> Promise:
	"""What the rule promises a ticket registered at `at`, with its pauses taken out of the calendar."""
	if rule.target == "First Available Slot":
		return Promise(rule.name, True, None, None, None, None)
	calendar = office if rule.hours_counted == "Office Hours" else clock

	def by(seconds: int | None) -> datetime | None:
		if rule.target == "Immediately":
			seconds = 0
		return None if seconds is None else calendar.deadline(at, seconds, breaks)

	return Promise(
		rule.name,
		False,
		by(rule.assign_from),
		by(rule.assign_within),
		by(rule.start_from),
		by(rule.start_within),
	)


def outcome(by: datetime | None, done: datetime | None, now: datetime, grace: int = 0) -> str:
	"""How a limit `by` (None: no time was promised) turned out: "Met", "Breached" or "Pending". `grace` in seconds."""
	# As epoch seconds: within one zone Python compares wall clocks, which repeat an hour in autumn.
	if done is None:
		late = by is not None and epoch_seconds(now) > epoch_seconds(by) + grace
		return "Breached" if late else "Pending"
	late = by is not None and epoch_seconds(done) > epoch_seconds(by) + grace
	return "Breached" if late else "Met"


def _fits(rule: Rule, urgency: str, budget: str, registered: str, retainer: str | None) -> bool:
	return (
		rule.urgency == urgency
		and rule.budget in (budget, ANY)
		and rule.registered in (registered, ANY)
		and (not rule.retainer or rule.retainer == retainer)
	)


def _meet(one: str, other: str) -> bool:
	return ANY in (one, other) or one == other


def _check_choice(rule: str, field: str, value: str, choices: Sequence[str]) -> None:
	if value not in choices:
		raise RuleError(
			"Rule {rule}: {field} cannot be {value}. Choose one of {choices}.",
			rule=rule,
			field=field,
			value=value,
			choices=", ".join(choices),
		)


def _check_range(rule: str, what: str, goal: int | None, limit: int | None) -> None:
	for target in (goal, limit):
		if target is not None and (type(target) is not int or target < 0):
			raise RuleError(
				"Rule {rule}: the {what} target {target} is not a number of whole seconds from zero.",
				rule=rule,
				what=what,
				target=target,
			)
	if goal is not None and limit is not None and goal > limit:
		raise RuleError("Rule {rule}: the {what} goal is after its limit. Swap them.", rule=rule, what=what)
