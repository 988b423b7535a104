"""What waits for a customer's word, by title alone: for a first page that must be quick. Four queries, whatever waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.query_builder.functions import Min
from frappe.utils import get_datetime

from support_retainer import tickets
from support_retainer.consent import asked
from support_retainer.consent.question import url_of

TICKET = tickets.TICKET_TYPES[0]


@dataclass(frozen=True, slots=True)
class Brief:
	"""A question's kind, name and title, since when it waits (naive site time), and where it is answered."""

	kind: str
	name: str
	title: str
	asked_on: datetime | None
	url: str


def waiting_titles(customer: str) -> list[Brief]:
	"""Return what `waiting_for_answer` asks, without texts and figures; the longest waiting first."""
	estimates = _open("Ticket Estimate", customer, "ticket", "subject")
	sprints = _open("Support Sprint", customer, "title")
	asked_about = {row.ticket for row in estimates}, {row.name for row in sprints}
	found = [
		*_estimates(estimates),
		*_sprints(sprints),
		*_overages(customer),
		*_suggestions(customer, *asked_about),
	]
	return sorted(found, key=lambda each: (str(each.asked_on or ""), each.name))


def _brief(kind: str, name: str, title: str, asked_on) -> Brief:
	return Brief(kind, name, title, asked_on and get_datetime(asked_on), url_of(kind, name))


def _open(doctype: str, customer: str, *fields: str) -> list[frappe._dict]:
	rows = frappe.get_all(
		doctype,
		filters={"customer": customer, "status": asked.WAITING[doctype]},
		fields=["name", "status", "valid_until", "asked_on", *fields],
	)
	return [row for row in rows if asked.is_open(frappe._dict(row, doctype=doctype))]


def _estimates(rows: list[frappe._dict]) -> list[Brief]:
	return [
		_brief("Estimate", row.name, _("Estimate for {0}: {1}").format(row.ticket, row.subject), row.asked_on)
		for row in rows
	]


def _sprints(rows: list[frappe._dict]) -> list[Brief]:
	return [_brief("Sprint", row.name, row.title, row.asked_on) for row in rows]


def _overages(customer: str) -> list[Brief]:
	entry, issue = frappe.qb.DocType("Timebank Entry"), frappe.qb.DocType(TICKET)
	rows = (
		frappe.qb.from_(entry)
		.left_join(issue)
		.on(issue.name == entry.ticket)
		.select(entry.retainer, entry.ticket, issue.subject, Min(entry.creation).as_("since"))
		.where((entry.customer == customer) & (entry.billing_status == "Held") & (entry.is_reversed == 0))
		.where(entry.ticket.isnotnull() & (entry.ticket != ""))
		.groupby(entry.retainer, entry.ticket, issue.subject)
	).run(as_dict=True)
	return [
		_brief(
			"Overage",
			f"{row.retainer}:{row.ticket}",
			_("Time beyond the bank on {0}: {1}").format(row.ticket, row.subject or ""),
			row.since,
		)
		for row in rows
	]


def _suggestions(customer: str, tickets_asked: set[str], sprints_asked: set[str]) -> list[Brief]:
	"""Return the suggestions that are not asked about by a price: an estimate, or the sprint they are in."""
	rows = frappe.get_all(
		TICKET,
		filters={
			"customer": customer,
			"origin": "Agency",
			"retainer": ("is", "set"),
			"status": ("not in", ("Resolved", "Closed")),
		},
		fields=["name", "subject", "origin", "accepted_on", "support_sprint", "opening_date", "opening_time"],
	)
	return [
		_brief("Suggestion", row.name, row.subject, f"{row.opening_date} {row.opening_time or '00:00:00'}")
		for row in rows
		if tickets.pending_suggestion(row)
		and row.name not in tickets_asked
		and row.support_sprint not in sprints_asked
	]
