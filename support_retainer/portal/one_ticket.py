"""One ticket: what it is, its promise and pauses, the conversation, and every charge with how it came about."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import billing, clock, consent, tickets
from support_retainer.portal import files, letters, tickets_shown, wording
from support_retainer.portal.forms import answer
from support_retainer.portal.page import asked, go, open_page

CHARGED = ("Draw", "Overage", "Surcharge", "Not Charged")
LONGEST = 20_000
FIELDS = (
	"name",
	"entry_type",
	"component",
	"occurred_on",
	"worked",
	"charged",
	"drawn",
	"overage",
	"amount",
	"would_charged",
	"would_amount",
	"currency",
	"billing_status",
	"timesheet_detail",
	"sales_invoice",
)


def show_ticket(context: frappe._dict) -> None:
	"""Fill in the page of the ticket the address names."""
	seen = open_page(context, _("Ticket"), "/support/tickets")
	ticket = tickets_shown.ticket_of(seen, asked("name"))
	context.title = ticket.subject
	answer(context, seen, {"reply": lambda _seen: _reply(ticket)})
	shown = letters.conversation(ticket, seen.customer)
	context.ticket = tickets_shown.shown([frappe._dict({**ticket.as_dict(), "pauses": None})])[0]
	context.opening = "" if _is_told(ticket, shown) else letters.safe(ticket.description)
	context.letters = shown
	context.files = files.of_ticket(ticket.name, [row.name for row in shown])
	waiting = consent.waiting_for_answer(seen.customer)
	context.waiting = [question for question in waiting if _asks_about(question, ticket.name)]
	context.targets = _targets(ticket)
	# A ticket that is done waits for nobody: its last pause is how the clocks were stopped, and no news to the customer.
	context.pauses = [row for row in ticket.get("ticket_pauses") or () if row.to_time or not _is_done(ticket)]
	context.charges = _charges(ticket.name, seen.customer)
	context.typed = asked("text", LONGEST)


def _is_done(ticket: Document) -> bool:
	return ticket.status in ("Resolved", "Closed")


def _reply(ticket: Document) -> None:
	letters.reply(ticket, asked("text", LONGEST))
	go(f"/support/tickets/{ticket.name}", done="replied")


def _asks_about(question: consent.Question, ticket: str) -> bool:
	return ticket == question.ticket or ticket in [part.name for part in question.parts]


def _is_told(ticket: Document, shown: list[frappe._dict]) -> bool:
	"""Whether the first letter is the ticket's own text, as for tickets by mail and from the portal."""
	return bool(shown) and letters.safe(ticket.description) == shown[0].text


def _targets(ticket: Document) -> list[dict]:
	"""Return the two promises: goal, limit, what happened, and the word for it."""
	if not ticket.sla_rule:
		return []
	place = tickets.place_of(ticket.name) if ticket.start_status == "Queued" else None
	found = []
	for title, start, limit, reached, status in (
		(_("Assigned"), ticket.assign_from, ticket.assign_by, ticket.assigned_on, ticket.assign_status),
		(_("Work begins"), ticket.start_from, ticket.start_by, ticket.started_on, ticket.start_status),
	):
		promised = _promised(start, limit)
		if status == "Queued" and place and place.starts:
			promised = _("place {0} in the queue, probably {1}").format(
				place.place, wording.when(clock.to_site(place.starts))
			)
		found.append(
			{
				"title": title,
				"promised": promised,
				"reached": wording.when(reached) if reached else "–",
				"status": _(status) if status else "",
				"colour": {"Met": "green", "Breached": "red", "Paused": "gray"}.get(status, "blue"),
			}
		)
	return found


def _promised(start, limit) -> str:
	if not limit:
		return _("first free slot")
	if not start or start == limit:
		return wording.when(limit)
	return _("{0} to {1}").format(wording.when(start), wording.when(limit))


def _charges(ticket: str, customer: str) -> list[dict]:
	"""Return the ticket's live charges to a customer, newest first, one for each booked row.

	A ticket that staff moved here from another customer keeps what that one was charged, which is not told.
	"""
	rows = frappe.get_all(
		"Timebank Entry",
		filters={
			"ticket_type": "Issue",
			"ticket": ticket,
			"customer": customer,
			"is_reversed": 0,
			"is_internal": 0,
			"entry_type": ("in", CHARGED),
		},
		fields=list(FIELDS),
		order_by="occurred_on desc, timesheet_detail, line_no",
		limit=200,
	)
	return [
		_charge(list(group))
		for _key, group in groupby(rows, key=lambda row: row.timesheet_detail or row.name)
	]


def _charge(rows: list[frappe._dict]) -> dict:
	return {
		"occurred_on": rows[0].occurred_on,
		"worked": _sum(rows, "worked"),
		"charged": _sum(rows, "charged"),
		"drawn": _sum(rows, "drawn"),
		"overage": _sum(rows, "overage"),
		"amount": sum(float(row.amount or 0) for row in rows),
		"given": _sum(rows, "would_charged"),
		"worth": sum(float(row.would_amount or 0) for row in rows),
		"currency": rows[0].currency,
		"states": sorted({_(row.billing_status) for row in rows if row.billing_status}),
		"derivation": billing.derivation_of(rows[0].name),
	}


def _sum(rows: Iterable[frappe._dict], field: str) -> int:
	return sum(int(row[field] or 0) for row in rows)
