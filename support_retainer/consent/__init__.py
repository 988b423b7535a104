"""Consent: what the customer is asked, what they answer, and which work waits for it."""

from __future__ import annotations

from frappe.model.document import Document

from support_retainer.consent import estimates, sprints
from support_retainer.consent.answers import answer, keep_overage_decision
from support_retainer.consent.asked import expire_due
from support_retainer.consent.brief import Brief, waiting_titles
from support_retainer.consent.guard import before_submit as before_timesheet_submit
from support_retainer.consent.guard import on_change as on_timesheet_change
from support_retainer.consent.guard import on_validate as on_timesheet_validate
from support_retainer.consent.orders import make_order, on_invoice_change, on_invoice_validate
from support_retainer.consent.orders import progress as sprint_progress
from support_retainer.consent.question import Part, Question
from support_retainer.consent.state import ticket_state, ticket_states
from support_retainer.consent.waiting import waiting_for_answer
from support_retainer.consent.waivers import go_on

__all__ = [
	"Brief",
	"Part",
	"Question",
	"answer",
	"ask",
	"before_timesheet_submit",
	"expire_due",
	"go_on",
	"keep_overage_decision",
	"make_order",
	"on_invoice_change",
	"on_invoice_validate",
	"on_ticket_update",
	"on_timesheet_change",
	"on_timesheet_validate",
	"sprint_progress",
	"ticket_state",
	"ticket_states",
	"waiting_for_answer",
	"waiting_titles",
]


def ask(ticket_type: str, ticket: str, **values) -> Document:
	"""Draft an estimate of a ticket and send it to the customer: `work`, `work_from` (seconds), `note`, `valid_until` …

	Raises:
	        frappe.ValidationError: says what is missing.
	"""
	return estimates.send(estimates.make(ticket_type, ticket, **values).name)


def on_ticket_update(doc: Document, method: str | None = None) -> None:
	"""A ticket that moves to another customer leaves estimates behind, and must have left its sprint."""
	sprints.follow_ticket(doc)
	estimates.follow_ticket(doc)
