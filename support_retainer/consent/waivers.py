"""Work that goes on without the customer's word: a manager says so, with a reason that is kept."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import clock
from support_retainer.consent import people, story
from support_retainer.consent.state import EXCEEDED, states
from support_retainer.words import bold, filled

DOCTYPE = "Consent Waiver"


def go_on(ticket_type: str, ticket: str, reason: str) -> str:
	"""Let time be booked on a ticket that waits, until the customer's next answer; return the record's name.

	Raises:
	        frappe.PermissionError: the user is no Retainer Manager.
	        frappe.ValidationError: no reason, or nothing stands in the way.
	"""
	people.check_manager()
	if not (reason or "").strip():
		frappe.throw(_("Write why work goes on without the customer's approval."))
	found = states(ticket_type, [ticket]).get(ticket)
	if not found or found.waiver or not (found.blocks or found.state == EXCEEDED or found.approval):
		frappe.throw(filled(_("Nothing stands in the way of work on {0}."), bold(ticket)))
	doc = frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"ticket_type": ticket_type,
			"ticket": ticket,
			"customer": found.customer,
			"retainer": found.retainer,
			"user": frappe.session.user,
			"given_on": clock.now(),
			"state": found.state,
			"situation": found.sentence,
			"reason": reason.strip(),
		}
	)
	doc.flags.from_room = True
	doc.insert(ignore_permissions=True)  # nobody has a right to write these; who may was checked
	who = frappe.utils.get_fullname(doc.user)
	text = _("{0} lets work go on without the customer's approval: {1}. ({2})")
	story.tell(ticket_type, ticket, text, who, doc.reason, found.sentence)
	return doc.name


def validate(doc: Document) -> None:
	"""Refuse every hand but this room's.

	Raises:
	        frappe.PermissionError: says how it is done.
	"""
	if not doc.is_new() or not doc.flags.from_room:
		refuse_to_delete(doc)


def refuse_to_delete(doc: Document) -> None:
	"""Refuse to change or delete a decision."""
	frappe.throw(
		_("Who let work go on, and why, is kept as it was written. Decide again on the ticket itself."),
		frappe.PermissionError,
	)
