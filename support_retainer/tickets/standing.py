"""Where a ticket's promise stands at this moment: what comes next, until when, and how long is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from frappe.model.document import Document
from frappe.utils import get_datetime

from support_retainer import clock
from support_retainer.tickets import clocks, pauses


@dataclass(frozen=True, slots=True)
class Standing:
	"""The next target of a ticket, or how the last one was kept.

	`target` is "assign", "start", or None when both are reached or the ticket has ended. `state` is one of Pending, At Risk, Breached, Paused, Queued, Met,
	Not Promised. `by` is the promised limit (naive site time); `left` the seconds until it counts as breached, below zero past it;
	`counted` those of them that count (office hours); `risk` the seconds until it is at risk. In a pause they stand still.
	"""

	target: str | None
	state: str
	by: datetime | None = None
	left: int | None = None
	counted: int | None = None
	risk: int | None = None


def standing(doc: Document) -> Standing:
	"""Return where a ticket's promise stands now."""
	if not doc.get("sla_rule"):
		return Standing(None, "Not Promised")
	if doc.get("clock_status") in pauses.ENDED and doc.get("start_by"):
		return Standing(None, _outcome(doc))  # done with: nothing is ahead
	for name, done in clocks.TARGETS:
		if not doc.get(done):
			return _ahead(doc, name)
	return Standing(None, _outcome(doc))


def _outcome(doc: Document) -> str:
	broken = any(doc.get(f"{name}_status") == "Breached" for name, _done in clocks.TARGETS)
	return "Breached" if broken else "Met"


def _ahead(doc: Document, name: str) -> Standing:
	by, still = doc.get(f"{name}_by"), pauses.since(doc)
	if not by:
		return Standing(name, "Paused" if still else "Queued")
	at = still or clock.now()
	limit, risk = (clocks.moment(doc, name, kind) for kind in ("breached", "at_risk"))
	limit = limit or get_datetime(by)
	left, counted = _seconds(at, limit), clocks.counted(doc, at, limit)
	if left < 0 or doc.get(f"{name}_breached_on"):
		state = "Breached"
	elif still:
		state = "Paused"
	else:
		state = "At Risk" if risk and risk <= at else "Pending"
	return Standing(name, state, get_datetime(by), left, counted, _seconds(at, risk) if risk else None)


def _seconds(start: datetime, end: datetime) -> int:
	return int(clock.to_aware(end).timestamp() - clock.to_aware(start).timestamp())
