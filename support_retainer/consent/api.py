"""What forms and pages ask of consent. Each checks who asks, then calls its room."""

from __future__ import annotations

from dataclasses import asdict

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint, sbool

from support_retainer import contracts, portal, tickets
from support_retainer.consent import answers, estimates, orders, people, sprints, story, waiting, waivers
from support_retainer.consent.state import ticket_state

ROOMS = {"Ticket Estimate": estimates.send, "Support Sprint": sprints.propose}
BACK = {"Ticket Estimate": estimates.withdraw, "Support Sprint": sprints.withdraw}


@frappe.whitelist(methods=["POST"])
@rate_limit(limit=60, seconds=60 * 10)
def answer(
	kind: str,
	name: str,
	approve: bool | str | int,
	note: str = "",
	parts: str | list | None = None,
	fingerprint: str | None = None,
	reason: str | None = None,
	source: str | None = None,
) -> dict:
	"""Give the customer's answer; see `consent.answer`, which checks who asks."""
	chosen = frappe.parse_json(parts) if isinstance(parts, str) and parts else parts or None
	return answers.answer(
		kind, name, bool(sbool(approve)), note, chosen, fingerprint=fingerprint, reason=reason, source=source
	)


@frappe.whitelist()
def state(ticket_type: str, ticket: str) -> dict:
	"""Return `ticket_state` for those who may read the ticket.

	Raises:
	        frappe.PermissionError: the user may not.
	"""
	_check(ticket_type, "read", ticket)
	return ticket_state(ticket_type, ticket)


@frappe.whitelist()
def waiting_for(customer: str) -> list[dict]:
	"""Return what waits for a customer's word, for its contacts and for staff who may read the customer.

	Raises:
	        frappe.PermissionError: the user is neither.
	"""
	if not (portal.is_staff() and frappe.has_permission("Customer", "read", doc=customer)):
		portal.check_customer(customer)
	return [asdict(each) for each in waiting.waiting_for_answer(customer)]


@frappe.whitelist(methods=["POST"])
def make_estimate(
	ticket_type: str,
	ticket: str,
	hours: float | None = None,
	hours_from: float | None = None,
	note: str | None = None,
	valid_until: str | None = None,
	send: bool = False,
) -> str:
	"""Draft an estimate of a ticket (hours of work; none: the expected ones), and send it at once if asked; return its name.

	Raises:
	        frappe.PermissionError: the user may not make estimates, or not read the ticket.
	"""
	_check(ticket_type, "read", ticket)
	frappe.has_permission("Ticket Estimate", "create", throw=True)
	doc = estimates.make(
		ticket_type,
		ticket,
		work=contracts.hours_to_seconds(float(hours or 0)),
		work_from=contracts.hours_to_seconds(float(hours_from or 0)),
		note=note,
		valid_until=valid_until or None,
	)
	if cint(send):
		estimates.send(doc.name)
	return doc.name


@frappe.whitelist(methods=["POST"])
def send(doctype: str, name: str) -> None:
	"""Send an estimate or a sprint to its customer.

	Raises:
	        frappe.PermissionError: the user may not write it.
	"""
	_check(doctype, "write", name, ROOMS)
	ROOMS[doctype](name)


@frappe.whitelist(methods=["POST"])
def withdraw(doctype: str, name: str) -> None:
	"""Take an unanswered estimate or sprint back.

	Raises:
	        frappe.PermissionError: the user may not write it.
	"""
	_check(doctype, "write", name, BACK)
	BACK[doctype](name)


@frappe.whitelist(methods=["POST"])
def go_on(ticket_type: str, ticket: str, reason: str) -> str:
	"""Let work on a ticket go on without the customer's approval; return the record of it.

	Raises:
	        frappe.PermissionError: the user is no Retainer Manager, or may not write the ticket.
	"""
	_check(ticket_type, "write", ticket)
	return waivers.go_on(ticket_type, ticket, reason)


@frappe.whitelist(methods=["POST"])
def note_request(ticket_type: str, ticket: str, message: str) -> None:
	"""Note that the customer asked in writing for an estimate, with the words it was asked in.

	Raises:
	        frappe.PermissionError: the user may not write the ticket.
	        frappe.ValidationError: no message.
	"""
	_check(ticket_type, "write", ticket)
	if not (message or "").strip():
		frappe.throw(_("Write down how the customer asked: their words, and when."))
	doc = frappe.get_doc(ticket_type, ticket)
	doc.estimate_requested = 1
	doc.save()
	story.tell(ticket_type, ticket, _("The customer asked for an estimate: “{0}”"), message.strip())


@frappe.whitelist()
def tickets_without_sprint(customer: str, company: str) -> list[dict]:
	"""Return a customer's open tickets that are in no sprint.

	Raises:
	        frappe.PermissionError: the user may not make sprints, or not read the customer.
	"""
	frappe.has_permission("Support Sprint", "create", throw=True)
	frappe.has_permission("Customer", "read", doc=customer, throw=True)
	found = tickets.retainer_of(customer, company, frappe.utils.getdate())
	return sprints.not_gathered(found.name) if found else []


@frappe.whitelist()
def sprint_progress(sprint: str) -> dict:
	"""Return how a sprint goes; see `consent.sprint_progress`.

	Raises:
	        frappe.PermissionError: the user may not read it.
	"""
	_check("Support Sprint", "read", sprint, ROOMS)
	return orders.progress(sprint)


@frappe.whitelist(methods=["POST"])
def make_order(sprint: str, doctype: str) -> str:
	"""Make a draft Quotation or Sales Order of an approved sprint; return its name.

	Raises:
	        frappe.PermissionError: the user may not write the sprint, or not create the order.
	"""
	_check("Support Sprint", "write", sprint, ROOMS)
	return orders.make_order(sprint, doctype)


@frappe.whitelist(methods=["POST"])
def close_sprint(sprint: str) -> None:
	"""Say that a sprint is worked off.

	Raises:
	        frappe.PermissionError: the user may not write it.
	"""
	_check("Support Sprint", "write", sprint, ROOMS)
	sprints.close(sprint)
	orders.settle_if_done(sprint)


@frappe.whitelist(methods=["POST"])
def reopen_sprint(sprint: str) -> None:
	"""Go on with a sprint that was closed too early.

	Raises:
	        frappe.PermissionError: the user may not write it.
	"""
	_check("Support Sprint", "write", sprint, ROOMS)
	sprints.reopen(sprint)


def _check(doctype: str, right: str, name: str, among=tickets.TICKET_TYPES) -> None:
	if doctype not in among:
		people.refuse()
	frappe.has_permission(doctype, right, doc=name, throw=True)
