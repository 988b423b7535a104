"""Support Sprints: tickets of one customer gathered, proposed with hours and price, approved, worked and closed."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate

from support_retainer import clock, contracts, tickets
from support_retainer.consent import asked, estimates, story, texts
from support_retainer.consent.price import Price, Task, quote, surcharge_for
from support_retainer.words import bold, filled, hours, money

DOCTYPE, ROW = "Support Sprint", "Support Sprint Ticket"
ENDED = ("Declined", "Expired", "Done", "Invoiced")
WORKABLE = ("Approved", "Partly Approved", "In Progress")


def validate(doc: Document) -> None:
	"""Fill a draft sprint in from its customer's retainer and tickets, and price it by today's terms.

	Raises:
	        frappe.ValidationError: says what to change.
	"""
	if asked.keep_stamps(doc, ("approved_work", "approved_price")):
		return
	_fill_in(doc)
	_check_dates(doc)
	_check_tickets(doc)
	_set_prices(doc)


def follow_rows(doc: Document) -> None:
	"""Stamp the tickets of a saved sprint with it, and let go of those that left it."""
	before = doc.get_doc_before_save()
	had = {(row.ticket_type, row.ticket) for row in before.tickets} if before else set()
	has = {(row.ticket_type, row.ticket) for row in doc.tickets if row.answer != "Declined"}
	if doc.status in ("Declined", "Expired"):
		has = set()
	for ticket_type, ticket in sorted(had - has):
		_let_go(doc.name, ticket_type, ticket)
	for ticket_type, ticket in sorted(has):
		tickets.gather(ticket_type, ticket, doc.name)


def let_go_all(doc: Document) -> None:
	"""Let go of a deleted sprint's tickets."""
	asked.refuse_to_delete(doc)
	for row in doc.tickets:
		_let_go(doc.name, row.ticket_type, row.ticket)


def propose(name: str) -> Document:
	"""Ask the customer; unanswered estimates of the same tickets are withdrawn, as this asks for them.

	Raises:
	        frappe.ValidationError: it is no draft, or a ticket lacks hours or is closed.
	"""
	doc = asked.lock(DOCTYPE, name)
	if doc.status == "Draft":
		_fill_in(doc)
		_check_tickets(doc)
		_check_ready(doc)
		_set_prices(doc)
		_withdraw_estimates(doc)
	asked.send(doc, lambda: texts.of_sprint(doc))
	for row in doc.tickets:
		_tell(row, _("Proposed to the customer in sprint {0}: {1}, {2}."), doc.name)
	return doc


def withdraw(name: str) -> Document:
	"""Take an unanswered proposal back; it is a draft again."""
	doc = asked.lock(DOCTYPE, name)
	asked.withdraw(doc)
	for row in doc.tickets:
		_tell(row, _("The proposal of sprint {0} was withdrawn: {1}, {2}."), doc.name)
	return doc


def settle(doc: Document, approved: set[str], answer: Document) -> None:
	"""Write a customer's answer on a sprint: which of its tickets (names) are approved. The others leave it."""
	rows = [row for row in doc.tickets if row.ticket in approved]
	for row in doc.tickets:
		row.answer = "Approved" if row in rows else "Declined"
	doc.status = (
		"Declined" if not rows else "Approved" if len(rows) == len(doc.tickets) else "Partly Approved"
	)
	doc.approved_work = sum(cint(row.work) for row in rows)
	doc.approved_price = float(sum((Decimal(str(flt(row.price))) for row in rows), Decimal(0)))
	doc.answered_on, doc.customer_answer = answer.answered_on, answer.name
	asked.save(doc)


def begin(name: str) -> None:
	"""Booked time sets an approved sprint going."""
	doc = asked.lock(DOCTYPE, name)
	if doc.status in ("Approved", "Partly Approved"):
		doc.status = "In Progress"
		asked.save(doc)


def close(name: str) -> Document:
	"""Say that a sprint is worked off.

	Raises:
	        frappe.ValidationError: it was never approved, or time booked on it is not submitted yet.
	"""
	doc = asked.lock(DOCTYPE, name)
	if doc.status not in WORKABLE:
		frappe.throw(
			filled(_("{0} is {1}. Only an approved sprint can be closed."), bold(name), _(doc.status))
		)
	if drafts := _draft_timesheets(doc):
		frappe.throw(
			filled(
				_("Time on its tickets is not submitted yet: {0}. Submit or delete that first."),
				", ".join(drafts),
			),
			title=_("Time not submitted"),
		)
	doc.status = "Done"
	asked.save(doc)
	return doc


def reopen(name: str) -> Document:
	"""Go on with a sprint that was closed too early.

	Raises:
	        frappe.ValidationError: it is not closed.
	"""
	doc = asked.lock(DOCTYPE, name)
	if doc.status not in ("Done", "Invoiced"):
		frappe.throw(filled(_("{0} is not closed."), bold(name)))
	doc.status = "In Progress"
	asked.save(doc)
	return doc


def follow_ticket(doc: Document) -> None:
	"""Refuse to move a ticket of a running sprint to another customer."""
	before = doc.get_doc_before_save()
	if not before or before.customer == doc.customer or not doc.get("support_sprint"):
		return
	status = frappe.db.get_value(DOCTYPE, doc.support_sprint, "status")
	if status and status not in ENDED:
		frappe.throw(
			filled(
				_("{0} is in sprint {1} of {2}. Take it out of the sprint, then change the customer."),
				bold(doc.name),
				bold(doc.support_sprint),
				before.customer,
			),
			title=_("Ticket in a sprint"),
		)


def not_gathered(retainer: str) -> list[frappe._dict]:
	"""Return a retainer's open tickets that are in no sprint, in the customer's order, then the oldest first."""
	rows = frappe.get_all(
		tickets.TICKET_TYPES[0],
		{
			"retainer": retainer,
			"status": ("not in", ("Resolved", "Closed")),
			"support_sprint": ("is", "not set"),
		},
		[
			"name",
			"subject",
			"priority",
			"status",
			"expected_hours",
			"customer_rank",
			"opening_date",
			"origin",
			"accepted_on",
		],
		order_by="opening_date, creation",
	)
	rows = [row for row in rows if not tickets.pending_suggestion(row)]
	return sorted(rows, key=lambda row: (not row.customer_rank, row.customer_rank or 0))


def _fill_in(doc: Document) -> None:
	if not (doc.customer and doc.company):
		return
	found = tickets.retainer_of(doc.customer, doc.company, clock.today())
	if not found:
		frappe.throw(
			filled(
				_("{0} has no active retainer, so there is no price to propose. Activate one first."),
				bold(doc.customer),
			),
			title=_("No retainer"),
		)
	doc.retainer = found.name


def _check_dates(doc: Document) -> None:
	if doc.from_date and doc.to_date and getdate(doc.to_date) < getdate(doc.from_date):
		frappe.throw(_("The sprint ends before it begins. Correct one of the dates."))


def _check_tickets(doc: Document) -> None:
	seen: set[tuple[str, str]] = set()
	found = tickets.get_tickets(tickets.TICKET_TYPES[0], {row.ticket for row in doc.tickets})
	elsewhere = _other_sprints(doc)
	for row in doc.tickets:
		row.ticket_type = row.ticket_type or tickets.TICKET_TYPES[0]
		ticket = found.get(row.ticket)
		if not ticket or row.ticket_type not in tickets.TICKET_TYPES:
			_refuse(row, filled(_("there is no ticket {0}. Choose another one."), row.ticket))
		if (row.ticket_type, row.ticket) in seen:
			_refuse(row, filled(_("{0} is here twice. Remove one."), row.ticket))
		seen.add((row.ticket_type, row.ticket))
		if ticket.customer != doc.customer or ticket.retainer != doc.retainer:
			_refuse(
				row, filled(_("{0} does not belong to {1}. Choose another ticket."), row.ticket, doc.retainer)
			)
		if other := elsewhere.get(row.ticket):
			_refuse(
				row, filled(_("{0} is in sprint {1} already. Take it out there first."), row.ticket, other)
			)
		row.subject = ticket.subject
		if not cint(row.work):
			row.work = contracts.hours_to_seconds(flt(ticket.expected_hours))
		row.surcharge_percent = float(surcharge_for(ticket, row.done_in or "Office Hours"))


def _other_sprints(doc: Document) -> dict[str, str]:
	"""Return the running sprints that hold this one's tickets, by ticket."""
	sprint, row = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(ROW)
	names = [each.ticket for each in doc.tickets] or [""]
	rows = (
		frappe.qb.from_(row)
		.join(sprint)
		.on(row.parent == sprint.name)
		.select(row.ticket, sprint.name)
		.where(row.ticket.isin(names) & (sprint.name != (doc.name or "")))
		.where(sprint.status.notin(ENDED) & (row.answer.isnull() | (row.answer != "Declined")))
	).run()
	return dict(rows)


def _check_ready(doc: Document) -> None:
	if not doc.tickets:
		frappe.throw(_("There are no tickets to propose. Add at least one."))
	for row in doc.tickets:
		if cint(row.work) <= 0:
			_refuse(row, filled(_("enter how much work {0} is, above zero."), row.ticket))
		if frappe.db.get_value(row.ticket_type, row.ticket, "status") in ("Resolved", "Closed"):
			_refuse(row, filled(_("{0} is closed. Remove it, or open it again."), row.ticket))


def _set_prices(doc: Document) -> None:
	tasks = [
		Task(row.ticket, cint(row.work), Decimal(str(flt(row.surcharge_percent)))) for row in doc.tickets
	]
	found = quote(doc.retainer, tasks)
	nothing = Price(0, 0, Decimal(0), Decimal(0), 0, Decimal(0))
	for row in doc.tickets:
		each = found.tasks.get(row.ticket, nothing)
		row.charged, row.project_management, row.price = (
			each.charged,
			each.project_management,
			float(each.amount),
		)
		row.currency = found.currency
	total = found.total
	doc.update(
		{
			"currency": found.currency,
			"rate": float(found.rate),
			"project_management_percent": float(found.project_management_percent),
			"work": sum(task.work for task in tasks),
			"charged": total.charged,
			"project_management": total.project_management,
			"price": float(total.amount),
			"bank_balance": found.balance,
			"bank_covers": total.covered,
			"to_invoice": float(total.to_invoice),
		}
	)


def _withdraw_estimates(doc: Document) -> None:
	names = frappe.get_all(
		estimates.DOCTYPE,
		{
			"ticket_type": tickets.TICKET_TYPES[0],
			"ticket": ("in", [row.ticket for row in doc.tickets]),
			"status": "Waiting for Answer",
		},
		pluck="name",
	)
	for name in names:
		estimates.withdraw(name)


def _draft_timesheets(doc: Document) -> list[str]:
	names = [row.ticket for row in doc.tickets if row.answer == "Approved"]
	filters = {"ticket_type": tickets.TICKET_TYPES[0], "ticket": ("in", names), "docstatus": 0}
	return sorted(set(frappe.get_all("Timesheet Detail", filters, pluck="parent")))


def _let_go(sprint: str, ticket_type: str, ticket: str) -> None:
	if frappe.db.get_value(ticket_type, ticket, "support_sprint") == sprint:
		tickets.gather(ticket_type, ticket, None)


def _tell(row: Document, text: str, sprint: str) -> None:
	story.tell(row.ticket_type, row.ticket, text, sprint, hours(row.work), money(row.price, row.currency))


def _refuse(row: Document, why: str) -> None:
	frappe.throw(filled(_("Row {0}: {1}"), row.idx, why), title=_("This sprint cannot be saved"))
