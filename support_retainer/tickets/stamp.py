"""Registration: what a ticket is promised, stamped in the transaction that saves it."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime

from support_retainer import clock, contracts
from support_retainer.core import sla
from support_retainer.tickets import budget
from support_retainer.tickets.rules import rule_for
from support_retainer.tickets.ticket import urgency

TIMES = ("assign_from", "assign_by", "start_from", "start_by")
STAMPS = (
	"retainer",
	"sla_rule",
	"budget_state",
	*TIMES,
	"assigned_on",
	"started_on",
	"assign_status",
	"start_status",
)
INPUTS = ("customer", "company", "priority", "expected_hours", "opening_date", "opening_time", "origin")
ENDED = ("Resolved", "Closed")


def on_validate(doc: Document, method: str | None = None) -> None:
	"""Stamp a new ticket, or one whose customer, urgency, expected hours or opening time changed.

	Nobody writes the stamps from outside: whatever a form, an import or the API put there is replaced by what the ticket had.
	"""
	before = doc.get_doc_before_save()
	_keep_own_stamps(doc, before)
	if before and not _inputs_changed(doc, before):
		return
	if before and doc.status in ENDED:
		return
	stamp(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
	"""Refuse to delete a ticket that time was charged on; the ledger would lose its story."""
	if doc.get("retainer") and frappe.db.exists(
		"Timebank Entry", {"ticket_type": doc.doctype, "ticket": doc.name}
	):
		frappe.throw(
			frappe._("Time has been charged on {0}. Close it instead of deleting it.").format(
				frappe.bold(doc.name)
			),
			title=frappe._("Ticket in the ledger"),
		)


def stamp(doc: Document) -> None:
	"""Set the retainer, rule, budget state, times and statuses of a ticket document (not saved here).

	Targets already met or breached keep their word: only pending ones get a new time.
	"""
	retainer = retainer_of(doc.customer, doc.company, clock.today())
	if not retainer:
		_clear(doc)
		return
	registered = registered_on(doc)
	doc.retainer = retainer.name
	if doc.get("origin") == "Agency":  # the agency's own idea: no clock runs until the customer accepts
		_set_promise(doc, None)
		return
	how_urgent = urgency(doc.priority)
	doc.budget_state = budget.state(retainer, doc.get("expected_hours"), but=doc.name)
	try:
		rule = rule_for(how_urgent, doc.budget_state, clock.to_aware(registered), retainer.name)
	except sla.NoRule:
		_say_no_rule(doc, how_urgent)
		_set_promise(doc, None)
		return
	promise = sla.promise(
		rule, clock.to_aware(registered), contracts.office_calendar(), contracts.clock_calendar()
	)
	_set_promise(doc, promise)


def retainer_of(customer: str | None, company: str | None, on) -> frappe._dict | None:
	"""Return the customer's active retainer on a date: the company's own first, else the only one there is.

	A ticket by e-mail gets the site's default company whoever it is meant for, so another company's retainer still holds
	when it is the only one.
	"""
	if not customer:
		return None
	found = frappe.get_all(
		"Retainer",
		filters={"customer": customer, "status": "Active", "start_date": ("<=", on)},
		fields=["name", "company", "mode", "start_date", "end_date"],
	)
	found = [row for row in found if not row.end_date or row.end_date >= on]
	of_company = [row for row in found if row.company == company]
	if of_company:
		return of_company[0]
	return found[0] if len(found) == 1 else None


def registered_on(doc: Document) -> datetime:
	"""Return when the ticket was registered (naive site time), writing the time of day down where ERPNext left it out."""
	if not doc.get("opening_time"):
		created = get_datetime(doc.creation) if doc.creation else clock.now()
		if not doc.get("opening_date") or get_datetime(doc.opening_date).date() == created.date():
			doc.opening_date, doc.opening_time = created.date(), created.replace(microsecond=0).time()
		else:
			doc.opening_time = "00:00:00"
	return get_datetime(f"{doc.opening_date} {doc.opening_time}").replace(microsecond=0)


def _keep_own_stamps(doc: Document, before: Document | None) -> None:
	for field in STAMPS:
		doc.set(field, before.get(field) if before else None)


def _inputs_changed(doc: Document, before: Document) -> bool:
	return any(str(doc.get(field) or "") != str(before.get(field) or "") for field in INPUTS)


def _clear(doc: Document) -> None:
	for field in STAMPS:
		doc.set(field, None)


def _set_promise(doc: Document, promise: sla.Promise | None) -> None:
	doc.sla_rule = promise and promise.rule
	for field in TIMES:
		doc.set(field, clock.to_site(getattr(promise, field)) if promise else None)
	waiting = ("Queued" if promise.queued else "Pending") if promise else None
	for field, done in (("assign_status", doc.assigned_on), ("start_status", doc.started_on)):
		if not done:
			doc.set(field, waiting)


def _say_no_rule(doc: Document, how_urgent: str) -> None:
	"""A ticket is never refused for want of a rule, but staff are told."""
	frappe.msgprint(
		frappe._(
			"No SLA Rule covers {0} tickets {1} budget, so this ticket has no promised times. Add or enable one."
		).format(frappe._(how_urgent), frappe._(doc.budget_state)),
		indicator="orange",
		alert=True,
	)
