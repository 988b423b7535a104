"""Time on a ticket that waits for its customer is refused, with what to do; time past an approved estimate too, on submit.

An empty bank refuses nothing: only consent does. What was booked lawfully may be corrected: a draft saved before keeps being a
draft, and an amended timesheet may carry again what the cancelled one had.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from support_retainer import contracts, timebank
from support_retainer.consent import usage, warnings
from support_retainer.consent.state import NOT_NEEDED, WARN_PERCENT, State, is_past, share, states
from support_retainer.selecting import select
from support_retainer.tickets import TICKET_TYPES
from support_retainer.words import bold, filled, hours, html, money

Key = tuple[str, str]


def on_validate(doc: Document, method: str | None = None) -> None:
	"""Refuse to save new time on tickets that wait; warn of time past what was approved."""
	if doc.docstatus != 0:
		return
	own = usage.of_sheet(doc)
	had = usage.of_sheet(_saved_before(doc))
	for key, found in _states(own, doc.name).items():
		if usage.worked(own[key]) <= usage.worked(had.get(key, [])):
			continue
		_refuse_waiting(doc, found)
		limit, total = found.limit, _total(found, own[key])
		worth = _worth(key, found, own[key])
		if limit is None or found.waiver:
			_mention_threshold(found, total)
		elif found.used >= limit or _is_spent(found):
			_refuse(doc, found, _past(found, total, worth))
		elif total > limit or is_past(worth, found.promised):
			text = _past(found, total, worth) + " " + _ways_out()
			frappe.msgprint(html(text), title=_("Past the estimate"), indicator="orange")
		elif share(replace(found, used=total, worth=worth)) >= WARN_PERCENT:
			frappe.msgprint(html(_close(found, total, worth)), indicator="orange", alert=True)


def before_submit(doc: Document, method: str | None = None) -> None:
	"""Refuse to submit time on tickets that wait, and time past what was approved, under the retainers' locks."""
	own = usage.of_sheet(doc)
	for retainer in sorted(_retainers(own)):
		timebank.lock(retainer)
	had = usage.of_sheet(_amended_from(doc))
	for key, found in _states(own, doc.name, submitted_only=True).items():
		if usage.worked(own[key]) <= usage.worked(had.get(key, [])):
			continue
		_refuse_waiting(doc, found)
		total = _total(found, own[key])
		if found.limit is None or found.waiver:
			continue
		worth = _worth(key, found, own[key])
		if total > found.limit or is_past(worth, found.promised):
			_refuse(doc, found, _past(found, total, worth))


def on_change(doc: Document, method: str | None = None) -> None:
	"""Look at the running totals of a timesheet's tickets whenever it was saved, submitted, cancelled or deleted."""
	but = doc.name if method == "on_trash" else None
	for ticket_type, names in _by_kind(usage.of_sheet(doc)).items():
		warnings.look(ticket_type, names, but=but, begun=doc.docstatus == 1)


def _states(own: dict[Key, list], but: str | None, submitted_only: bool = False) -> dict[Key, State]:
	"""Return the states of a timesheet's tickets that belong to a retainer, its own time left out."""
	found = {}
	for ticket_type, names in _by_kind(own).items():
		for name, state in states(ticket_type, names, but, submitted_only).items():
			if state.retainer:
				found[ticket_type, name] = state
	return found


def _retainers(own: dict[Key, list]) -> set[str]:
	"""Return the retainers of a timesheet's tickets."""
	return {
		row.retainer
		for ticket_type, names in _by_kind(own).items()
		for row in select(ticket_type, {"name": ("in", names)}, ["retainer"]).run(as_dict=True)
		if row.retainer
	}


def _by_kind(own: dict[Key, list]) -> dict[str, list[str]]:
	found: dict[str, list[str]] = {}
	for ticket_type, name in own:
		if ticket_type in TICKET_TYPES:
			found.setdefault(ticket_type, []).append(name)
	return found


def _saved_before(doc: Document) -> Document | None:
	return (None if doc.is_new() else doc.get_doc_before_save()) or _amended_from(doc)


def _amended_from(doc: Document) -> Document | None:
	return frappe.get_doc(doc.doctype, doc.amended_from) if doc.get("amended_from") else None


def _total(found: State, own: list[usage.Stretch]) -> int:
	retainer = frappe.get_cached_doc("Retainer", found.retainer)
	return usage.charged([*found.booked, *own], retainer)


def _worth(key: Key, found: State, own: list[usage.Stretch]) -> Decimal | None:
	"""Return what a ticket's time is worth with this timesheet's; None where nothing is approved, or no rule prices it."""
	if found.promised is None:
		return None
	ticket_type, name = key
	return usage.worth(ticket_type, {name: [*found.booked, *own]}).get(name)


def _is_spent(found: State) -> bool:
	"""Whether what others booked has used up the price that was approved."""
	return bool(found.worth) and found.worth >= found.promised


def _refuse_waiting(doc: Document, found: State) -> None:
	if found.blocks:
		_refuse(doc, found, found.sentence)


def _refuse(doc: Document, found: State, why: str) -> None:
	row = next(row for row in doc.time_logs if row.get("ticket") == found.ticket)
	frappe.throw(
		filled(_("Row {0}, ticket {1}: {2} {3}"), row.idx, bold(found.ticket), why, _ways_out()),
		title=_("The customer has not approved this work"),
	)


def _past(found: State, total: int, worth: Decimal | None) -> str:
	if total <= found.limit and is_past(worth, found.promised):
		return _("With this timesheet the work is worth {0}, of {1} approved in {2}.").format(
			*_sums(found, worth), found.approval.name
		)
	return _("With this timesheet {0} is used, of {1} approved in {2}.").format(
		hours(total), hours(found.limit), found.approval.name
	)


def _sums(found: State, worth: Decimal) -> tuple[str, str]:
	return money(worth, found.approval.currency), money(found.promised, found.approval.currency)


def _close(found: State, total: int, worth: Decimal | None) -> str:
	if total * 100 < found.limit * WARN_PERCENT:
		return _(
			"Ticket {0}: work for {1} of {2} approved. Past that, the customer must approve a new estimate."
		).format(found.ticket, *_sums(found, worth))
	return _(
		"Ticket {0}: {1} of {2} approved is used. Past that, the customer must approve a new estimate."
	).format(found.ticket, hours(total), hours(found.limit))


def _ways_out() -> str:
	return _(
		"Send the customer an estimate from the ticket and wait for the answer, or ask a Retainer Manager "
		"to let the work go on, with a reason."
	)


def _mention_threshold(found: State, total: int) -> None:
	"""A ticket nobody thought big may still become so: say it, and refuse nothing."""
	retainer = frappe.get_cached_doc("Retainer", found.retainer)
	threshold = contracts.hours_to_seconds(flt(retainer.estimate_threshold_hours))
	if found.state == NOT_NEEDED and threshold and total >= threshold > found.used:
		frappe.msgprint(
			filled(
				_("Ticket {0} has come to {1} without an estimate. Send the customer one for what is left."),
				found.ticket,
				hours(total),
			),
			indicator="orange",
			alert=True,
		)
