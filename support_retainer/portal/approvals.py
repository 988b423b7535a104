"""What waits for the customer's word, and what was answered: estimates, sprints, held time and the agency's suggestions."""

from __future__ import annotations

import frappe
from frappe import _

from support_retainer import consent
from support_retainer.portal.access import Visitor
from support_retainer.portal.forms import answer
from support_retainer.portal.page import asked, go, open_page
from support_retainer.words import html

HERE = "/support/approvals"
ANSWERS_SHOWN = 50
PAPERS_SHOWN = 50
LONGEST_NOTE = 2000
COLOURS = {
	"Approved": "green",
	"Partly Approved": "green",
	"In Progress": "blue",
	"Done": "green",
	"Invoiced": "green",
	"Declined": "red",
	"Proposed": "orange",
	"Waiting for Answer": "orange",
}


def show_approvals(context: frappe._dict) -> None:
	"""Fill in the page; the question that the address names stands first."""
	seen = open_page(context, _("Approvals"), HERE)
	answer(context, seen, {"approve": _approve, "decline": _decline})
	wanted = asked("kind", 20), asked("name")
	waiting = consent.waiting_for_answer(seen.customer)
	context.waiting = sorted(waiting, key=lambda question: (question.kind, question.name) != wanted)
	context.gone = all(wanted) and wanted not in [(each.kind, each.name) for each in waiting]
	context.kinds = {
		"Estimate": _("Estimate"),
		"Sprint": _("Support sprint"),
		"Overage": _("Time beyond the bank"),
		"Suggestion": _("Our suggestion"),
	}
	context.sprints = _papers(
		"Support Sprint", seen.customer, ["title", "from_date", "to_date", "approved_work"]
	)
	context.estimates = _papers("Ticket Estimate", seen.customer, ["subject", "ticket"])
	context.answers = _answers(seen.customer)


def _approve(seen: Visitor) -> None:
	_answer(seen, True)


def _decline(seen: Visitor) -> None:
	_answer(seen, False)


def _answer(seen: Visitor, approve: bool) -> None:
	"""Give the answer that the form holds; the room of consent checks that this very text was shown."""
	kind, name = asked("kind", 20), asked("name")
	parts = frappe.request.form.getlist("parts") if kind == "Sprint" and approve else None
	given = consent.answer(
		kind, name, approve, asked("note", LONGEST_NOTE), parts, fingerprint=asked("fingerprint")
	)
	if not given["counted"]:
		frappe.throw(html(given["message"]))
	go(HERE, done="approved" if approve else "declined")


def _papers(doctype: str, customer: str, fields: list[str]) -> list[frappe._dict]:
	"""Return sprints or estimates that were sent to the customer, newest first."""
	rows = frappe.get_all(
		doctype,
		filters={"customer": customer, "status": ("not in", ("Draft", "Superseded", "Withdrawn"))},
		fields=["name", "status", "work", "price", "currency", "valid_until", *fields],
		order_by="creation desc",
		limit=PAPERS_SHOWN,
	)
	for row in rows:
		row.colour = COLOURS.get(row.status, "gray")
	return rows


def _answers(customer: str) -> list[frappe._dict]:
	rows = frappe.get_all(
		"Customer Answer",
		filters={"customer": customer},
		fields=["name", "kind", "answer", "full_name", "answered_on", "note", "text_shown", "on_behalf"],
		order_by="answered_on desc, name",
		limit=ANSWERS_SHOWN,
	)
	for row in rows:
		row.colour = COLOURS.get(row.answer, "gray")
	return rows
