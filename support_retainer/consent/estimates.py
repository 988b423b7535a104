"""Ticket Estimates: what a ticket would take and cost, and the customer's word on it."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from support_retainer import contracts, requests, tickets
from support_retainer.consent import asked, story, texts, usage
from support_retainer.consent.price import Task, quote, surcharge_for
from support_retainer.words import bold, filled, hours, html, money

DOCTYPE = "Ticket Estimate"
LIVE = ("Draft", "Waiting for Answer", "Approved", "Declined")


def validate(doc: Document) -> None:
	"""Fill an estimate in from its ticket and price it by today's terms, while it is a draft.

	Raises:
	        frappe.ValidationError: says what to change.
	"""
	if asked.keep_stamps(doc, ("superseded_by", "warned_on")):
		return
	if not doc.flags.ignore_permissions and frappe.db.exists(doc.ticket_type, doc.ticket):
		requests.check_right(doc.ticket_type, "read", doc.ticket)  # it tells of the ticket
	_fill_in(doc)
	_add_up(doc)
	_check_work(doc)
	_set_price(doc)


def make(ticket_type: str, ticket: str, **values) -> Document:
	"""Return a new draft for a ticket, of `work` and `work_from` (seconds), `note`, `valid_until`, `done_in` or `lines`."""
	doc = frappe.get_doc({"doctype": DOCTYPE, "ticket_type": ticket_type, "ticket": ticket, **values})
	return doc.insert()


def send(name: str) -> Document:
	"""Ask the customer: an earlier question on the same ticket that is unanswered is superseded by this one.

	Raises:
	        frappe.ValidationError: it is not a draft, its day has passed, or a sprint asks about the ticket.
	"""
	doc = asked.lock(DOCTYPE, name)
	if doc.status == "Draft":
		_fill_in(doc)
		_check_not_in_proposal(doc)
		_set_price(doc)
	asked.send(doc, lambda: texts.of_estimate(doc, used_on(doc)))
	_supersede(doc, ("Waiting for Answer",))
	tell(doc, _("Estimate {0} sent to the customer: {1}, {2}."))
	return doc


def withdraw(name: str) -> Document:
	"""Take an unanswered estimate back; it is a draft again."""
	doc = asked.lock(DOCTYPE, name)
	asked.withdraw(doc)
	tell(doc, _("Estimate {0} withdrawn: {1}, {2}."))
	return doc


def settle(doc: Document, approved: bool, answer: Document) -> None:
	"""Write a customer's answer on an estimate; the one approved before it is superseded."""
	doc.status = "Approved" if approved else "Declined"
	doc.answered_on, doc.customer_answer = answer.answered_on, answer.name
	asked.save(doc)
	if approved:
		_supersede(doc, ("Approved",))


def follow_ticket(doc: Document) -> None:
	"""A ticket that moves to another customer leaves the old one's estimates behind."""
	before = doc.get_doc_before_save()
	if not before or before.customer == doc.customer:
		return
	filters = {"ticket_type": doc.doctype, "ticket": doc.name, "status": ("in", LIVE)}
	names = frappe.get_all(DOCTYPE, filters, pluck="name")
	for name in names:
		estimate = asked.lock(DOCTYPE, name)
		estimate.status = "Superseded"
		asked.save(estimate)
	if names:
		text = _("The ticket went from {0} to {1}, so these estimates hold no longer: {2}.")
		story.tell(doc.doctype, doc.name, text, before.customer, doc.customer, ", ".join(names))


def used_on(doc: Document) -> int:
	"""Return the seconds charged so far on an estimate's ticket."""
	retainer = frappe.get_cached_doc("Retainer", doc.retainer)
	return usage.charged(usage.of_tickets(doc.ticket_type, [doc.ticket])[doc.ticket], retainer)


def tell(doc: Document, text: str) -> None:
	"""Write on the ticket's timeline what became of an estimate: its name, work and price."""
	story.tell(doc.ticket_type, doc.ticket, text, doc.name, hours(doc.work), money(doc.price, doc.currency))


def _fill_in(doc: Document) -> None:
	ticket = tickets.get_ticket(doc.ticket_type or tickets.TICKET_TYPES[0], doc.ticket)
	if not ticket.retainer:
		frappe.throw(
			filled(
				_(
					"{0} belongs to no retainer, so there is no price to estimate by. Give its customer one first."
				),
				bold(doc.ticket),
			),
			title=_("No retainer"),
		)
	doc.subject, doc.customer, doc.retainer = ticket.subject, ticket.customer, ticket.retainer
	if not doc.work and not doc.lines:
		doc.work = contracts.hours_to_seconds(flt(ticket.expected_hours))
	doc.surcharge_percent = float(surcharge_for(ticket, doc.done_in or "Office Hours"))


def _add_up(doc: Document) -> None:
	if doc.lines:
		doc.work = sum(cint(line.work) for line in doc.lines)
		given = any(cint(line.work_from) for line in doc.lines)
		doc.work_from = sum(cint(line.work_from) or cint(line.work) for line in doc.lines) if given else 0


def _check_work(doc: Document) -> None:
	for line in (*doc.lines, doc):
		wrong = None
		if cint(line.work) <= 0:
			wrong = _("Enter how much work it is at most, above zero.")
		elif not 0 <= cint(line.work_from) <= cint(line.work):
			wrong = _("The estimate ends below where it begins. Correct From or At Most.")
		if wrong:
			frappe.throw(html(wrong) if line is doc else filled(_("Row {0}: {1}"), line.idx, wrong))


def _set_price(doc: Document) -> None:
	percent = Decimal(str(flt(doc.surcharge_percent)))
	found = quote(doc.retainer, [Task("", cint(doc.work), percent)])
	low = quote(doc.retainer, [Task("", cint(doc.work_from), percent)]) if cint(doc.work_from) else None
	total = found.total
	doc.update(
		{
			"currency": found.currency,
			"rate": float(found.rate),
			"project_management_percent": float(found.project_management_percent),
			"charged": total.charged,
			"project_management": total.project_management,
			"surcharge_amount": float(total.surcharge),
			"price_from": float(low.total.amount) if low else 0,
			"price": float(total.amount),
			"bank_balance": found.balance,
			"bank_covers": total.covered,
			"to_invoice": float(total.to_invoice),
		}
	)


def _check_not_in_proposal(doc: Document) -> None:
	sprint = frappe.get_all(
		"Support Sprint Ticket",
		{"ticket_type": doc.ticket_type, "ticket": doc.ticket, "parenttype": "Support Sprint"},
		pluck="parent",
	)
	proposed = sprint and frappe.db.get_value(
		"Support Sprint", {"name": ("in", sprint), "status": "Proposed"}
	)
	if proposed:
		frappe.throw(
			filled(
				_("The customer is asked about {0} in sprint {1}. Withdraw that one first."),
				bold(doc.ticket),
				bold(proposed),
			)
		)


def _supersede(doc: Document, statuses: tuple[str, ...]) -> None:
	filters = {
		"ticket_type": doc.ticket_type,
		"ticket": doc.ticket,
		"status": ("in", statuses),
		"name": ("!=", doc.name),
	}
	for name in frappe.get_all(DOCTYPE, filters, pluck="name"):
		older = asked.lock(DOCTYPE, name)
		older.status, older.superseded_by = "Superseded", doc.name
		asked.save(older)
