"""Met or breached: what a target's status becomes when it is reached."""

from __future__ import annotations

from datetime import datetime

import frappe

from support_retainer import clock, contracts
from support_retainer.core import sla


def grace(rule: str | None) -> int:
	"""Return the seconds of grace a rule gives: a target of zero has the settings' minutes, any other none."""
	if rule and frappe.get_cached_value("SLA Rule", rule, "target") == "Immediately":
		return int(contracts.settings().immediate_grace_minutes or 0) * 60
	return 0


def reached(by: datetime | None, done: datetime, rule: str | None) -> str:
	"""Return "Met" or "Breached" for a target reached at `done` (naive site times). No promised time cannot be breached."""
	if not by:
		return "Met"
	when = clock.to_aware(done)
	return sla.outcome(clock.to_aware(by), when, when, grace(rule))
