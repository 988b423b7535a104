"""Telling those who work on a ticket, once, that most of what the customer approved is used."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.utils import cint

from support_retainer import clock
from support_retainer.consent import sprints, story
from support_retainer.consent.state import State, Word, is_near, states
from support_retainer.words import hours

ROWS = {"Ticket Estimate": "Ticket Estimate", "Support Sprint": "Support Sprint Ticket"}


def look(ticket_type: str, ticket: str, but: str | None = None, begun: bool = False) -> None:
	"""Bring the warning of a ticket's approval in line with its running total; booked time sets its sprint going.

	Args:
	        but: a timesheet that is about to be deleted.
	        begun: time was submitted.
	"""
	found = states(ticket_type, [ticket], but).get(ticket)
	if not found or not found.approval:
		return
	word = found.approval
	if begun and word.doctype == "Support Sprint":
		sprints.begin(word.name)
	near = is_near(found)
	if near == bool(word.warned_on):
		return
	_stamp(word, near)
	if near:
		_tell(found)


def _stamp(word: Word, near: bool) -> None:
	moment = clock.now() if near else None
	frappe.db.set_value(ROWS[word.doctype], word.row or word.name, "warned_on", moment, update_modified=False)


def _tell(found: State) -> None:
	text = _(
		"{0} of {1} approved in {2} is used ({3} %). Past that, the customer must approve a new estimate."
	).format(
		hours(found.used), hours(found.limit), found.approval.name, found.used * 100 // cint(found.limit)
	)
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
