"""What forms and pages ask of consent. Each checks who asks, then calls its room."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import frappe
from frappe import _

from support_retainer import contracts, people, portal, requests, tickets
from support_retainer.consent import answers, estimates, orders, sprints, story, waiting, waivers
from support_retainer.consent.state import ticket_state
from support_retainer.requests.kinds import (
	AnyName,
	ContractDay,
	Hours,
	ListOfNames,
	Note,
	ShortText,
	Ticket,
	Yes,
)
from support_retainer.tickets import TicketType

ROOMS = {"Ticket Estimate": estimates.send, "Support Sprint": sprints.propose}
BACK = {"Ticket Estimate": estimates.withdraw, "Support Sprint": sprints.withdraw}

Paper = Annotated[str, requests.kinds.Choice(tuple(ROOMS))]
# a retainer and a ticket, with a colon between them, for time beyond the bank
Question = Annotated[str, requests.kinds.Text(300)]
Company = Annotated[str, requests.kinds.Name("Company", exists=True)]
OrderType = Annotated[str, requests.kinds.Choice(("Quotation", "Sales Order"))]


@frappe.whitelist(methods=["POST"])
@requests.checked
@requests.limited(60, seconds=60 * 10)
def answer(
	kind: ShortText,
	name: Question,
	approve: Yes,
	note: Note = "",
	parts: ListOfNames | None = None,
	fingerprint: ShortText | None = None,
	reason: Note | None = None,
	source: ShortText | None = None,
) -> dict:
	"""Give the customer's answer; see `consent.answer`, which checks who asks."""
	return answers.answer(
		kind, name, approve, note, parts, fingerprint=fingerprint, reason=reason, source=source
	)


@frappe.whitelist()
@requests.checked
def state(ticket_type: TicketType, ticket: Ticket) -> dict:
	"""Return `ticket_state` for those who may read the ticket.

	Raises:
	        frappe.PermissionError: the user may not.
	"""
	requests.check_right(ticket_type, "read", ticket)
	return ticket_state(ticket_type, ticket)


@frappe.whitelist()
@requests.checked
def waiting_for(customer: AnyName) -> list[dict]:
	"""Return what waits for a customer's word, for its contacts and for staff who may read the customer.

	Raises:
	        frappe.PermissionError: the user is neither.
	"""
	staff = people.is_staff() and requests.has_right("Customer", "read", customer)
	if not staff:
		portal.check_customer(customer)
	return [
		asdict(each)
		for each in waiting.waiting_for_answer(customer)
		# a customer may have contracts with several companies, and staff may be one's
		if not staff or not each.retainer or requests.has_right("Retainer", "read", each.retainer)
	]


@frappe.whitelist(methods=["POST"])
@requests.checked
def make_estimate(
	ticket_type: TicketType,
	ticket: Ticket,
	hours: Hours | None = None,
	hours_from: Hours | None = None,
	note: Note | None = None,
	valid_until: ContractDay | None = None,
	send: Yes = False,
) -> str:
	"""Draft an estimate of a ticket (hours of work; none: the expected ones), and send it at once if asked; return its name.

	Raises:
	        frappe.PermissionError: the user may not make estimates, or not read the ticket.
	"""
	requests.check_right(ticket_type, "read", ticket)
	requests.check_role_right("Ticket Estimate", "create")
	doc = estimates.make(
		ticket_type,
		ticket,
		work=contracts.hours_to_seconds(hours),
		work_from=contracts.hours_to_seconds(hours_from),
		note=note,
		valid_until=valid_until,
	)
	if send:
		estimates.send(doc.name)
	return doc.name


@frappe.whitelist(methods=["POST"])
@requests.checked
def send(doctype: Paper, name: AnyName) -> None:
	"""Send an estimate or a sprint to its customer.

	Raises:
	        frappe.PermissionError: the user may not write it.
	"""
	requests.check_right(doctype, "write", name)
	ROOMS[doctype](name)


@frappe.whitelist(methods=["POST"])
@requests.checked
def withdraw(doctype: Paper, name: AnyName) -> None:
	"""Take an unanswered estimate or sprint back.

	Raises:
	        frappe.PermissionError: the user may not write it.
	"""
	requests.check_right(doctype, "write", name)
	BACK[doctype](name)


@frappe.whitelist(methods=["POST"])
@requests.checked
def go_on(ticket_type: TicketType, ticket: Ticket, reason: Note) -> str:
	"""Let work on a ticket go on without the customer's approval; return the record of it.

	Raises:
	        frappe.PermissionError: the user is no Retainer Manager, or may not write the ticket.
	"""
	requests.check_right(ticket_type, "write", ticket)
	return waivers.go_on(ticket_type, ticket, reason)


@frappe.whitelist(methods=["POST"])
@requests.checked
def note_request(ticket_type: TicketType, ticket: Ticket, message: Note) -> None:
	"""Note that the customer asked in writing for an estimate, with the words it was asked in.

	Raises:
	        frappe.PermissionError: the user may not write the ticket.
	        frappe.ValidationError: no message.
	"""
	requests.check_right(ticket_type, "write", ticket)
	doc = frappe.get_doc(ticket_type, ticket)
	doc.estimate_requested = 1
	doc.save()
	story.tell(ticket_type, ticket, _("The customer asked for an estimate: “{0}”"), message.strip())


@frappe.whitelist()
@requests.checked
def tickets_without_sprint(customer: AnyName, company: Company) -> list[dict]:
	"""Return a customer's open tickets that are in no sprint.

	Raises:
	        frappe.PermissionError: the user may not make sprints, or not read the customer.
	"""
	requests.check_role_right("Support Sprint", "create")
	requests.check_right("Customer", "read", customer)
	found = tickets.retainer_of(customer, company, frappe.utils.getdate())
	if not found:
		return []
	requests.check_right("Retainer", "read", found.name)
	return sprints.not_gathered(found.name)


@frappe.whitelist()
@requests.checked
def sprint_progress(sprint: AnyName) -> dict:
	"""Return how a sprint goes; see `consent.sprint_progress`.

	Raises:
	        frappe.PermissionError: the user may not read it.
	"""
	requests.check_right("Support Sprint", "read", sprint)
	return orders.progress(sprint)


@frappe.whitelist(methods=["POST"])
@requests.checked
def make_order(sprint: AnyName, doctype: OrderType) -> str:
	"""Make a draft Quotation or Sales Order of an approved sprint; return its name.

	Raises:
	        frappe.PermissionError: the user may not write the sprint, or not create the order.
	"""
	requests.check_right("Support Sprint", "write", sprint)
	return orders.make_order(sprint, doctype)


@frappe.whitelist(methods=["POST"])
@requests.checked
def close_sprint(sprint: AnyName) -> None:
	"""Say that a sprint is worked off.

	Raises:
	        frappe.PermissionError: the user may not write it.
	"""
	requests.check_right("Support Sprint", "write", sprint)
	sprints.close(sprint)
	orders.settle_if_done(sprint)


@frappe.whitelist(methods=["POST"])
@requests.checked
def reopen_sprint(sprint: AnyName) -> None:
	"""Go on with a sprint that was closed too early.

	Raises:
	        frappe.PermissionError: the user may not write it.
	"""
	requests.check_right("Support Sprint", "write", sprint)
	sprints.reopen(sprint)
