"""Telling those who work on a ticket, once, that most of what the customer approved is used."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.utils import cint

from support_retainer import clock
from support_retainer.consent import sprints, story
from support_retainer.consent.state import State, Word, approved_among, is_near, share, states
from support_retainer.words import hours, money

ROWS = {"Ticket Estimate": "Ticket Estimate", "Support Sprint": "Support Sprint Ticket"}


def look(ticket_type: str, tickets: Iterable[str], but: str | None = None, begun: bool = False) -> None:
	"""Bring the warnings of tickets' approvals in line with their running totals; booked time sets their sprints going.

	Where nothing is approved this asks two questions, whatever the number of tickets.

	Args:
	        tickets: names, of one kind of ticket.
	        but: a timesheet that is about to be deleted.
	        begun: time was submitted.
	"""
	for found in states(ticket_type, approved_among(ticket_type, tickets), but).values():
		if begun and found.approval.doctype == "Support Sprint":
			sprints.begin(found.approval.name)
		near = is_near(found)
		if near != bool(found.approval.warned_on):
			_stamp(found.approval, near)
			if near:
				_tell(found)


def _stamp(word: Word, near: bool) -> None:
	moment = clock.now() if near else None
	frappe.db.set_value(ROWS[word.doctype], word.row or word.name, "warned_on", moment, update_modified=False)


def _figures(found: State) -> tuple[str, str]:
	"""Return what is used and what was approved: in hours, or in money where more of that is used."""
	if found.used * 100 // cint(found.limit) < share(found):
		currency = found.approval.currency
		return money(found.worth, currency), money(found.promised, currency)
	return hours(found.used), hours(found.limit)


def _tell(found: State) -> None:
	text = _(
		"{0} of {1} approved in {2} is used ({3} %). Past that, the customer must approve a new estimate."
	).format(*_figures(found), found.approval.name, share(found))
	story.tell(found.ticket_type, found.ticket, "{0}", text)
	assigned = frappe.parse_json(frappe.db.get_value(found.ticket_type, found.ticket, "_assign") or "[]")
	if assigned:
		enqueue_create_notification(
			assigned,
			{
				"type": "Alert",
				"document_type": found.ticket_type,
				"document_name": found.ticket,
				"subject": _("{0}: {1}").format(found.ticket, text),
				"from_user": frappe.session.user,
			},
		)
