"""Registration and change: what a ticket is promised, stamped in the transaction that saves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import frappe
from frappe.model.document import Document
from frappe.utils import flt, get_datetime, to_timedelta

from support_retainer import clock
from support_retainer.core import sla
from support_retainer.tickets import bounds, budget, clocks, history, pauses, story
from support_retainer.tickets.pauses import ENDED
from support_retainer.tickets.rules import rule_for
from support_retainer.tickets.ticket import urgency
from support_retainer.words import bold, filled

REACHED = ("assigned_on", "started_on")
PROMISE = (
	"retainer",
	"sla_rule",
	"budget_state",
	"within_since",
	"covered_since",
	*clocks.TIMES,
	*REACHED,
	*clocks.STATUSES,
	*clocks.HAPPENED,
	*clocks.NOTED.values(),
	"clock_due",
	"clock_moments",
)
STAMPS = (*PROMISE, "clock_status", "accepted_on", "support_sprint", "customer_rank", "first_registered_on")
INPUTS = ("customer", "company", "priority", "expected_hours", "opening_date", "opening_time", "origin")
# What moves a promise without anything having happened at the customer: told of always, and the first is kept.
MOVED_BY_HAND = ("opening_date", "opening_time", "origin")
AGENCY = "Agency"
# What makes the bank be asked again about a ticket that was within budget.
ASKS_THE_BANK = frozenset(("customer", "company", "expected_hours", "origin"))


def on_validate(doc: Document, method: str | None = None) -> None:
	"""Stamp a ticket, and keep what it is from now on for the price of the work."""
	_stamp_saved(doc)
	if doc.get("retainer"):
		history.follow(doc, registered_on(doc))


def _stamp_saved(doc: Document) -> None:
	"""Stamp a new ticket, or one whose customer, urgency, expected hours or opening time changed; follow its pauses.

	Nobody writes the stamps from outside: whatever a form, an import or the API put there is replaced by what the ticket had.
	"""
	before = None if doc.is_new() else doc.get_doc_before_save()
	bounds.check_inputs(doc, before)
	_keep_own_stamps(doc, before)
	if not before:
		_register(doc)
		return
	changed = [field for field in INPUTS if _plain(field, doc) != _plain(field, before)]
	if doc.get("clock_status") == doc.status and not changed:
		return
	moved = [field for field in changed if field in MOVED_BY_HAND]
	if moved and before.get("retainer") and not doc.get("first_registered_on"):
		doc.first_registered_on = registered_on(before)
	old = story.snapshot(doc)
	ended = _follow(doc, before)
	reopened = before.status in ENDED and doc.status not in ENDED
	if (changed and doc.status not in ENDED) or (reopened and is_another(doc)):
		stamp(doc, changed, was=before)
		story.note(doc, old, story.because_of(doc, before, changed))
	elif doc.get("retainer"):
		clocks.move(doc, ended)
		story.note(doc, old, story.after_pauses(ended))
	if moved:
		story.add(doc, story.because_of(doc, before, moved))


def on_update(doc: Document, method: str | None = None) -> None:
	"""Tell on the ticket's timeline what a save has changed in its promise."""
	story.tell(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
	"""Refuse to delete a ticket that time was charged on; the ledger would lose its story."""
	if frappe.db.exists(
		"Timesheet Detail", {"ticket_type": doc.doctype, "ticket": doc.name, "docstatus": ("<", 2)}
	):
		frappe.throw(
			filled(frappe._("Time is booked on {0}. Close it instead of deleting it."), bold(doc.name)),
			title=frappe._("Ticket with time"),
		)
	if doc.get("retainer") and frappe.db.exists(
		"Timebank Entry", {"ticket_type": doc.doctype, "ticket": doc.name}
	):
		frappe.throw(
			filled(
				frappe._("Time has been charged on {0}. Close it instead of deleting it."), bold(doc.name)
			),
			title=frappe._("Ticket in the ledger"),
		)


def stamp(doc: Document, changed: Sequence[str] = (), was: Document | frappe._dict | None = None) -> None:
	"""Set the retainer, rule, budget state, times and statuses of a ticket document (not saved here).

	Targets already reached keep their word: only waiting ones get a new time.

	Args:
	        changed: which of INPUTS changed, for a ticket that was stamped before.
	        was: that ticket as it was.
	"""
	retainer = retainer_of(doc.customer, doc.company, clock.today())
	if not retainer:
		_clear(doc)
		return
	doc.retainer = retainer.name
	if not pending_suggestion(doc):
		_judge_budget(doc, retainer, changed, was)
	repromise(doc)


def repromise(doc: Document, known: list[sla.Rule] | None = None) -> None:
	"""Work the promise of a ticket out anew from its retainer and budget state, by today's rules (or those known)."""
	registered = registered_on(doc)
	for later in ("accepted_on", "covered_since"):
		if doc.get(later):
			registered = max(registered, get_datetime(doc.get(later)))
	if pending_suggestion(doc):  # no clock runs until the customer accepts
		clocks.promise(doc, None, registered)
		return
	how_urgent = urgency(doc.priority)
	try:
		rule = rule_for(how_urgent, doc.budget_state, clock.to_aware(registered), doc.retainer, known)
	except sla.NoRule:
		_say_no_rule(doc, how_urgent)
		rule = None
	clocks.promise(doc, rule, runs_from(doc, rule, registered))


def pending_suggestion(doc: Document | frappe._dict) -> bool:
	"""Whether a ticket is the agency's own idea, and the customer has not accepted it."""
	return doc.get("origin") == AGENCY and not doc.get("accepted_on")


def runs_from(doc: Document, rule: sla.Rule | None, registered: datetime) -> datetime:
	"""Return the moment a ticket's clocks run from: when it was registered, or came within the budget its rule asks for."""
	if rule and rule.budget == "Within" and doc.get("within_since"):
		return max(registered, get_datetime(doc.within_since))
	return registered


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


def _register(doc: Document) -> None:
	"""Stamp a new ticket. One that was split off another has the pauses, and the place in time, of that one."""
	source = doc.get("issue_split_from")
	if source and frappe.db.exists(doc.doctype, source):
		was = frappe.get_doc(doc.doctype, source)
		pauses.copy(doc, was)
		doc.within_since = was.get("within_since")
	# a ticket that is put in already waiting has waited since it came in
	waiting = pauses.stands_still(doc.status) and doc.get("opening_time")
	pauses.follow(doc, doc.status, registered_on(doc) if waiting else clock.now())
	stamp(doc)


def _follow(doc: Document, before: Document) -> list[pauses.Stretch]:
	"""Follow the status the ticket has in the database, which may have been written past the document, then the new one."""
	moment = get_datetime(before.modified).replace(microsecond=0)
	return [*pauses.follow(doc, before.status, moment), *pauses.follow(doc, doc.status, clock.now())]


def _judge_budget(
	doc: Document, retainer: frappe._dict, changed: Sequence[str], was: Document | frappe._dict | None
) -> None:
	"""Ask the bank whether it covers the ticket. What was promised as within budget stays so until the ticket itself changes."""
	same = bool(was) and was.get("retainer") == retainer.name
	if same and was.get("budget_state") == "Within" and not ASKS_THE_BANK.intersection(changed):
		return
	frappe.flags.support_retainer_stamping = (
		doc.name
	)  # asking the bank may open a period, which judges the waiting
	doc.budget_state = budget.state(retainer, doc.get("expected_hours"), but=doc.name)
	frappe.flags.support_retainer_stamping = None
	if doc.budget_state == "Outside" or (was and not same):
		doc.within_since = None
	elif same and was.get("budget_state") == "Outside" and not ASKS_THE_BANK.intersection(changed):
		doc.within_since = clock.now()  # the bank has changed since, not the ticket


def is_another(doc: Document) -> bool:
	"""Whether a ticket that is reopened was given another customer or urgency while it was closed."""
	retainer = retainer_of(doc.customer, doc.company, clock.today())
	if (retainer and retainer.name) != doc.get("retainer"):
		return True
	rule = doc.get("sla_rule")
	return bool(rule) and frappe.get_cached_value("SLA Rule", rule, "urgency") != urgency(doc.priority)


def _plain(field: str, doc: Document) -> str:
	"""Return an input as a form and the database both have it: a form says 08:05:00 where the database has 8:05:00.25."""
	value = doc.get(field)
	if field == "opening_time" and value:
		return str(int(to_timedelta(value).total_seconds()))
	if field == "expected_hours":
		return str(flt(value))
	return str(value or "")


def _keep_own_stamps(doc: Document, before: Document | None) -> None:
	for field in STAMPS:
		doc.set(field, before.get(field) if before else None)
	pauses.restore(doc, before)
	history.restore(doc, before)


def _clear(doc: Document) -> None:
	for field in PROMISE:
		doc.set(field, None)


def _say_no_rule(doc: Document, how_urgent: str) -> None:
	"""A ticket is never refused for want of a rule, but staff are told."""
	frappe.msgprint(
		filled(
			frappe._(
				"No SLA Rule covers {0} tickets {1} budget, so this ticket has no promised times. Add or enable one."
			),
			frappe._(how_urgent),
			frappe._(doc.budget_state),
		),
		indicator="orange",
		alert=True,
	)
