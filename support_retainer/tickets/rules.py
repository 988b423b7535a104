"""Which SLA Rule holds: for a ticket when it is registered, for work when each quarter of it starts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from functools import cache

from support_retainer import contracts
from support_retainer.core import sla
from support_retainer.core.calendar import Calendar
from support_retainer.selecting import select


def rules() -> list[sla.Rule]:
	"""Return every SLA Rule in force."""
	fields = [
		"name",
		"urgency",
		"budget",
		"registered",
		"hours_counted",
		"target",
		"assign_from_hours",
		"assign_within_hours",
		"start_from_hours",
		"start_within_hours",
		"surcharge_percent",
		"retainer",
	]
	rows = select("SLA Rule", {"disabled": 0}, fields, "name").run(as_dict=True)
	return [contracts.as_rule(row) for row in rows]


def registered(moment: datetime) -> str:
	"""Return whether an aware moment falls in "Office Hours" or "Out of Hours"."""
	return _registered(contracts.office_calendar(), moment)


def rule_for(
	urgency: str, budget: str, moment: datetime, retainer: str | None, known: list[sla.Rule] | None = None
) -> sla.Rule:
	"""Return the rule for a ticket of that urgency and budget state at an aware moment, among all rules (or those known).

	Raises:
	        core NoRule: no rule matches.
	"""
	return sla.match(
		known or rules(), urgency=urgency, budget=budget, registered=registered(moment), retainer=retainer
	)


def rule_when(urgency: str, budget: str, registered: str, retainer: str | None) -> sla.Rule:
	"""Return the rule for work of that urgency and budget state in "Office Hours" or "Out of Hours", whenever that is.

	Raises:
	        core NoRule: no rule matches.
	"""
	return sla.match(rules(), urgency=urgency, budget=budget, registered=registered, retainer=retainer)


def rule_at(urgency: str, budget: str, retainer: str | None) -> Callable[[datetime], sla.Rule]:
	"""Return a function from an aware moment to the rule that prices work begun then."""
	known, office = rules(), contracts.office_calendar()

	@cache
	def during(hours: str) -> sla.Rule:
		return sla.match(known, urgency=urgency, budget=budget, registered=hours, retainer=retainer)

	def at(moment: datetime) -> sla.Rule:
		return during(_registered(office, moment))

	return at


def surcharges(urgency: str, retainer: str | None) -> dict[str, Decimal]:
	"""Return what work of an urgency costs more, in percent, in "Office Hours" and "Out of Hours"; no rule, no key.

	The budget is taken as Within: a site may have rules that ask more of a ticket outside it.
	"""
	found = {}
	for when in ("Office Hours", "Out of Hours"):
		with suppress(sla.NoRule):
			rule = sla.match(rules(), urgency=urgency, budget="Within", registered=when, retainer=retainer)
			found[when] = rule.surcharge_percent
	return found


def _registered(office: Calendar, moment: datetime) -> str:
	return "Office Hours" if office.is_counted(moment) else "Out of Hours"
