"""The clocks of a ticket: its times, and the moments at which it is at risk and breached.

A promise is worked out once, from the rules and calendars of that day, and kept: a pause that ends moves what still lies
ahead by its counted time. Only a changed ticket, or staff who ask for it, have it worked out anew. Moments are naive site times.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from frappe.model.document import Document
from frappe.utils import cint, get_datetime

from support_retainer import clock, contracts
from support_retainer.core import Calendar, Target, sla, targets
from support_retainer.tickets import pauses

TARGETS = (("assign", "assigned_on"), ("start", "started_on"))
# When a person said so, by Assign To or Start work: it stands whatever becomes of booked time and timers.
NOTED = {"assign": "assignment_noted_on", "start": "start_noted_on"}
TIMES = ("assign_from", "assign_by", "start_from", "start_by")
STATUSES = ("assign_status", "start_status")
HAPPENED = ("assign_at_risk_on", "assign_breached_on", "start_at_risk_on", "start_breached_on")
KINDS = ("at_risk", "breached")


def promise(doc: Document, rule: sla.Rule | None, at: datetime) -> None:
	"""Work out what a rule promises a ticket whose clocks run from `at`; None: nothing. Reached targets keep their word."""
	moments: dict[str, dict | str] = {}
	times, found = None, (None, None)
	if rule:
		start, breaks = clock.to_aware(at), pauses.breaks(doc)
		office, always = contracts.office_calendar(), contracts.clock_calendar()
		times = sla.promise(rule, start, office, always, breaks)
		settings = contracts.settings()
		found = targets(
			rule,
			start,
			office,
			always,
			breaks,
			grace=cint(settings.immediate_grace_minutes) * 60,
			percent=cint(settings.at_risk_percent),
		)
		moments["at"] = str(at)
		moments["by"] = rule.hours_counted
		moments["limits"] = "Clock Hours" if rule.target == "Immediately" else rule.hours_counted
	kept = _moments(doc)
	for (name, done), target in zip(TARGETS, found, strict=True):
		if doc.get(done):
			moments[name] = kept.get(name)
			continue
		for edge in ("from", "by"):
			doc.set(f"{name}_{edge}", times and clock.to_site(getattr(times, f"{name}_{edge}")))
		moments[name] = target and _as_json(target)
	doc.set("sla_rule", rule and rule.name)
	_keep(doc, moments)
	settle(doc)


def move(doc: Document, ended: Iterable[pauses.Stretch]) -> None:
	"""Move what still lay ahead when a pause began by the time the pause took, and settle."""
	ended = list(ended)
	moments = _moments(doc)
	for name, done in TARGETS:
		if not doc.get(done):
			for stretch in ended:
				_move_target(doc, moments, name, stretch)
	if ended:
		_keep(doc, moments)
	settle(doc)


def reach(doc: Document, name: str, moment: datetime) -> None:
	"""Stamp that a target ("assign" or "start") was reached at a moment, and whether that kept the promise."""
	still = pauses.since(doc)
	moments = _moments(doc)
	moments.setdefault(_before(name), _as_it_is(doc, moments, name))
	if still and moment > still:
		_move_target(doc, moments, name, (still, moment))
	_keep(doc, moments)
	limit = _moment(moments, name, "breached") or _get(doc, f"{name}_by")
	late = bool(limit and clock.to_aware(moment) > clock.to_aware(limit))
	doc.set(dict(TARGETS)[name], moment)
	doc.set(f"{name}_status", "Breached" if late else "Met")
	for kind in KINDS:
		on = _moment(moments, name, kind)
		doc.set(f"{name}_{kind}_on", on if on and on < moment else None)
	settle(doc)


def take_back(doc: Document, name: str) -> bool:
	"""Undo `reach`: the target waits again, by the limit it had, moved by the pauses there have been since.

	Returns:
	        False where that limit is not known (a new promise was made since): the caller works it out anew.
	"""
	moments = _moments(doc)
	was = moments.pop(_before(name), None)
	doc.set(dict(TARGETS)[name], None)
	if was:
		for edge in ("from", "by"):
			doc.set(f"{name}_{edge}", get_datetime(was[edge]) if was[edge] else None)
		moments[name] = was["moments"]
		for stretch in pauses.stretches(doc)[was["pauses"] :]:
			_move_target(doc, moments, name, stretch)
		_keep(doc, moments)
	settle(doc)
	return bool(was) or not doc.get("sla_rule")


def happen(doc: Document, now: datetime) -> list[tuple[str, str]]:
	"""Stamp the moments that have passed, each once; return them as ("assign" or "start", "at_risk" or "breached")."""
	moments, horizon, happened = _moments(doc), _horizon(doc, now), []
	for name, done in TARGETS:
		for kind in KINDS if not doc.get(done) else ():
			on = _moment(moments, name, kind)
			if on and on < horizon and not doc.get(f"{name}_{kind}_on"):
				doc.set(f"{name}_{kind}_on", on)
				happened.append((name, kind))
	settle(doc)
	return happened


def settle(doc: Document) -> None:
	"""Bring statuses, stamps and the next moment to look at in line with the moments and pauses there are."""
	moments, still = _moments(doc), pauses.since(doc)
	horizon, due = _horizon(doc, clock.now()), []
	for name, done in TARGETS:
		if doc.get(done):
			continue
		for kind in KINDS:
			on, field = _moment(moments, name, kind), f"{name}_{kind}_on"
			if doc.get(field):
				doc.set(field, on if on and on < horizon else None)
			if on and not doc.get(field) and (not still or on < still):
				due.append(on)
		doc.set(f"{name}_status", _waiting(doc, name, moments, still))
	doc.set("clock_due", min(due, default=None))


def moment(doc: Document, name: str, kind: str) -> datetime | None:
	"""Return when a target ("assign" or "start") is "at_risk" or "breached"; None when it never is."""
	return _moment(_moments(doc), name, kind)


def counted(doc: Document, start: datetime, end: datetime) -> int | None:
	"""Return the seconds between two moments that count for a ticket's promise; None when every second does."""
	hours = _moments(doc).get("limits")
	if hours != "Office Hours" or end <= start:
		return None
	return _calendar(hours).counted(clock.to_aware(start), clock.to_aware(end))


def _waiting(doc: Document, name: str, moments: dict, still: datetime | None) -> str | None:
	if not doc.get("sla_rule"):
		return None
	if doc.get(f"{name}_breached_on"):
		return "Breached"
	if still and doc.get("clock_status") in pauses.ENDED:
		return "Met" if moments.get("promised") else None  # done with before its limit passed
	if still:
		return "Paused"
	return "Pending" if moments.get("promised") else "Queued"


def _before(name: str) -> str:
	return f"{name}_before"


def _as_it_is(doc: Document, moments: dict, name: str) -> dict:
	"""Return a target's times, and how many pauses have moved them, to be put back should what reached it be taken back."""
	times = {edge: str(doc.get(f"{name}_{edge}") or "") for edge in ("from", "by")}
	return {**times, "moments": moments.get(name), "pauses": len(pauses.stretches(doc))}


def _horizon(doc: Document, now: datetime) -> datetime:
	"""Nothing happens while the clocks stand still."""
	still = pauses.since(doc)
	return min(now, still) if still else now


def _move_target(doc: Document, moments: dict, name: str, stretch: pauses.Stretch) -> None:
	if moments.get("at"):  # a pause may have begun before the clocks did
		stretch = (max(stretch[0], get_datetime(moments["at"])), stretch[1])
	for edge in ("from", "by"):
		field = f"{name}_{edge}"
		doc.set(field, _moved(_get(doc, field), moments.get("by"), stretch))
	if moments.get(name):
		moments[name] = {
			kind: str(_moved(_moment(moments, name, kind), moments.get("limits"), stretch)) for kind in KINDS
		}


def _moved(moment: datetime | None, hours: str | None, stretch: pauses.Stretch) -> datetime | None:
	"""Return a moment moved by the counted time of a pause that began before it (or just then)."""
	start, end = stretch
	if not moment or start > moment or end <= start:
		return moment
	calendar = _calendar(hours)
	gone = calendar.counted(clock.to_aware(start), clock.to_aware(end))
	return clock.to_site(calendar.deadline(clock.to_aware(moment), gone))


def _calendar(hours: str | None) -> Calendar:
	return contracts.clock_calendar() if hours == "Clock Hours" else contracts.office_calendar()


def _moments(doc: Document) -> dict:
	return json.loads(doc.get("clock_moments") or "{}")


def _keep(doc: Document, moments: dict) -> None:
	moments["promised"] = any(moments.get(name) for name, _ in TARGETS)
	doc.set("clock_moments", json.dumps(moments) if moments.get("by") else None)


def _moment(moments: dict, name: str, kind: str) -> datetime | None:
	found = (moments.get(name) or {}).get(kind)
	return get_datetime(found) if found else None


def _get(doc: Document, field: str) -> datetime | None:
	return get_datetime(doc.get(field)) if doc.get(field) else None


def _as_json(target: Target) -> dict[str, str]:
	return {kind: str(clock.to_site(getattr(target, kind))) for kind in KINDS}
