"""Which contract covers a ticket, as contracts begin, resume, end and follow one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from support_retainer import background, clock, timebank
from support_retainer.changed import has_changed
from support_retainer.selecting import select
from support_retainer.tickets import clocks, stamp, store, story, work
from support_retainer.tickets.pauses import ENDED
from support_retainer.tickets.ticket import TICKET_TYPES, Ticket
from support_retainer.words import filled

CONTRACT = "Retainer"
STARTS = ("status", "start_date", "end_date", "customer", "company")
SHOWN = 20


def as_of(ticket: Ticket, day: date) -> Ticket:
	"""Return a ticket as it is for work of a day: under the contract that holds on that day, which may be another than today's.

	Where none holds on the day the ticket keeps its own.
	"""
	name = contract_on(ticket, day)
	return replace(ticket, retainer=name) if name else ticket


def contract_on(ticket: Ticket, day: date) -> str | None:
	"""Return the contract that holds for a ticket on a day: its own first, then the customer's for its company, then the only one there is."""
	if ticket.retainer and _holds(frappe.get_cached_doc(CONTRACT, ticket.retainer), day):
		return ticket.retainer
	found = [row for row in _contracts(ticket.customer) if _holds(row, day)]
	company = ticket.company
	if ticket.retainer:
		company = frappe.get_cached_value(CONTRACT, ticket.retainer, "company")
	of_company = [row for row in found if row.company == company]
	chosen = of_company[0] if of_company else found[0] if len(found) == 1 else None
	return chosen and chosen.name


def follow_retainer(doc: Document) -> None:
	"""Let the open tickets of a customer come under a retainer that became active, resumed, or has other dates; say how many."""
	if doc.status != "Active" or not any(has_changed(doc, field) for field in STARTS):
		return
	names = follow_contracts(doc.customer)
	if names:
		shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
		text = _("{0} covers {1} open tickets from now on: {2}.")
		frappe.msgprint(
			filled(text, doc.name, len(names), shown), title=_("Tickets covered"), indicator="green"
		)


def after_customer_rename(
	doc: Document, method: str | None = None, old: str = "", new: str = "", merge: bool = False
) -> None:
	"""Bring the tickets of a customer that was merged into another under the contract of that one."""
	if merge:
		follow_contracts(new)


def follow_contracts(customer: str | None = None) -> list[str]:
	"""Scheduler, and whatever changes a contract: bring open tickets without a contract, or whose contract has ended, under the one that
	runs today. Clocks of a ticket without a contract run from this moment; a successor keeps the promise that was given.

	Returns:
	        the names of the tickets that have another contract now. One that fails never stops the others.
	"""
	moved = []
	for name in _uncovered(customer):
		key = f"cover:{name}"
		frappe.db.savepoint("cover")
		try:
			if _cover(TICKET_TYPES[0], name):
				moved.append(name)
		except Exception as error:
			frappe.db.rollback(save_point="cover")
			said = filled(_("Bring {0} under the contract that runs today"), name)
			again = clock.now() + timedelta(hours=1)
			background.failed(key, said, error, about=(TICKET_TYPES[0], name), next_try=again)
		else:
			background.solved(key)
	return moved


def _cover(doctype: str, name: str) -> bool:
	row = frappe.db.get_value(doctype, name, ["customer", "company"], as_dict=True)
	found = stamp.retainer_of(row.customer, row.company, clock.today())
	if not found:
		return False
	timebank.lock(found.name)  # before the ticket's own row, as whoever books time does
	doc = store.locked(doctype, name)
	if doc.status in ENDED or doc.get("retainer") == found.name:
		return False
	old, was = story.snapshot(doc), store.before(doc)
	uncovered = not was.retainer or _gap(was.retainer, found)
	if uncovered:
		doc.covered_since = clock.now()
	stamp.stamp(doc, was=was)
	if doc.budget_state == "Within" and was.budget_state == "Outside":
		doc.within_since = clock.now()  # nothing was promised outside the budget
		stamp.repromise(doc)
	if uncovered and not doc.get("assigned_on") and frappe.parse_json(doc.get("_assign") or "[]"):
		doc.set(clocks.NOTED["assign"], doc.covered_since)
		clocks.reach(doc, "assign", doc.covered_since)
	story.note(doc, old, filled(_("{0} covers it from now on"), found.name))
	store.write(doc)
	story.tell(doc)
	work.follow_work(doctype, [name])
	return True


def _gap(before: str, after: frappe._dict) -> bool:
	"""Whether days lie between the end of one contract and the start of the next, on which nothing was promised."""
	end = frappe.get_cached_value(CONTRACT, before, "end_date")
	return bool(end) and getdate(end) + timedelta(days=1) < getdate(after.start_date)


def _uncovered(customer: str | None) -> list[str]:
	"""Return open tickets under no running contract whose customer has one today, oldest first. One query."""
	today = clock.today()
	issue, own, new = frappe.qb.DocType("Issue"), frappe.qb.DocType(CONTRACT), frappe.qb.DocType(CONTRACT)
	own, new = own.as_("own_contract"), new.as_("new_contract")
	query = (
		frappe.qb.from_(issue)
		.left_join(own)
		.on(own.name == issue.retainer)
		.join(new)
		.on((new.customer == issue.customer) & (new.status == "Active"))
		.select(issue.name)
		.distinct()
		.where(issue.status.notin(ENDED))
		.where(own.name.isnull() | (own.status == "Ended") | (own.end_date < today))
		.where((new.start_date <= today) & (new.end_date.isnull() | (new.end_date >= today)))
		.where(own.name.isnull() | (own.name != new.name))
		.orderby(issue.name)
	)
	if customer:
		query = query.where(issue.customer == customer)
	return query.run(pluck=True)


def _contracts(customer: str | None) -> Sequence[frappe._dict]:
	if not customer:
		return ()
	fields = ("name", "company", "status", "start_date", "end_date", "paused_on")
	return select(CONTRACT, {"customer": customer, "status": ("!=", "Draft")}, fields, "start_date").run(
		as_dict=True
	)


def _holds(contract: Document | frappe._dict, day: date) -> bool:
	"""Whether a contract covers work of a day. A pause that goes on covers none since it began."""
	if contract.status == "Draft" or getdate(contract.start_date) > day:
		return False
	if contract.status == "Paused" and contract.paused_on and getdate(contract.paused_on) <= day:
		return False
	return not contract.end_date or day <= getdate(contract.end_date)
