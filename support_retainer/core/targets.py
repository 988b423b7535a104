"""One target of a ticket: its limit, and the moments at which it is at risk and breached.

All moments are counted with the ticket's pauses taken out of the calendar. Source: price list, section 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from support_retainer.core.calendar import Calendar, Interval
from support_retainer.core.errors import RuleError
from support_retainer.core.sla import Rule


@dataclass(frozen=True, slots=True)
class Target:
	"""A limit, when so much of the way to it was used that it is at risk, and after which moment it is breached."""

	by: datetime
	at_risk: datetime
	breached: datetime


def targets(
	rule: Rule,
	at: datetime,
	office: Calendar,
	clock: Calendar,
	breaks: Sequence[Interval] = (),
	*,
	grace: int = 0,
	percent: int = 75,
) -> tuple[Target | None, Target | None]:
	"""The targets (assignment, start) of a ticket whose clocks run from `at`; None where no time is promised.

	`grace` (seconds) is what a target of zero has before it counts as breached; its way to the limit is that grace.
	A target is at risk when `percent` of the counted time to its limit is used. Raises RuleError for a percentage
	outside 0 to 100, or a grace below zero.
	"""
	if not 0 <= percent <= 100 or grace < 0:
		raise RuleError(
			"{percent} % of the way, {grace} s of grace: give 0 to 100 %, and no grace below zero.",
			percent=percent,
			grace=grace,
		)
	if rule.target == "First Available Slot":
		return None, None
	calendar = office if rule.hours_counted == "Office Hours" else clock
	if rule.target == "Immediately":
		now = _immediately(calendar, at, clock, breaks, grace, percent)
		return now, now

	def reached(seconds: int | None) -> Target | None:
		if seconds is None:
			return None
		by = calendar.deadline(at, seconds, breaks)
		return Target(by, calendar.deadline(at, _share(seconds, percent), breaks), by)

	return reached(rule.assign_within), reached(rule.start_within)


def _immediately(
	calendar: Calendar, at: datetime, clock: Calendar, breaks: Sequence[Interval], grace: int, percent: int
) -> Target:
	by = calendar.deadline(at, 0, breaks)
	at_risk = clock.deadline(by, _share(grace, percent), breaks)
	return Target(by, at_risk, clock.deadline(by, grace, breaks))


def _share(seconds: int, percent: int) -> int:
	return -(-seconds * percent // 100)
