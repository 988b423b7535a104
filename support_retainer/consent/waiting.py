"""All that waits for a customer's word, whatever it is about, as questions of one shape."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, get_datetime

from support_retainer import tickets, timebank
from support_retainer.consent import asked, texts
from support_retainer.consent.price import Quote, Task, quote
from support_retainer.consent.question import Part, Question, fingerprint, url_of
from support_retainer.contracts import hours_to_seconds
from support_retainer.words import in_language_of

HELD = "Held"
TICKET = tickets.TICKET_TYPES[0]
SUGGESTION_FIELDS = (
	"name",
	"subject",
	"description",
	"customer",
	"retainer",
	"status",
	"origin",
	"accepted_on",
	"expected_hours",
	"opening_date",
	"opening_time",
)


def waiting_for_answer(customer: str) -> list[Question]:
	"""Return what waits for a customer's word, the longest waiting first. The number of queries does not grow with it."""
	found = [
		*(of_estimate(doc) for doc in _documents("Ticket Estimate", customer)),
		*(of_sprint(doc) for doc in _documents("Support Sprint", customer)),
		*overages(timebank.entries_of(customer=customer, billing_status=HELD)),
	]
	priced = {each.ticket for each in found if each.kind == "Estimate"} | {
		part.name for each in found for part in each.parts
	}
	# a suggestion with a price on the table is accepted with that price
	found += suggestions([row for row in _suggestions({"customer": customer}) if row.name not in priced])
	return sorted(found, key=lambda each: (str(each.asked_on or ""), each.name))


def of_estimate(doc: Document) -> Question:
	"""Return the question an estimate puts."""
	with in_language_of(doc.customer):
		title = _("Estimate for {0}: {1}").format(doc.ticket, doc.subject)
	return Question(
		kind="Estimate",
		title=title,
		ticket=doc.ticket,
		**_stored(doc, "Estimate"),
	)


def of_sprint(doc: Document) -> Question:
	"""Return the question a sprint puts, with a part for each ticket."""
	figures = {each["ticket"]: each for each in json.loads(doc.figures or "{}").get("tickets", [])}
	with in_language_of(doc.customer):
		parts = tuple(
			Part(
				name=row.ticket,
				title=row.subject,
				text=texts.of_sprint_ticket(row),
				figures=figures.get(row.ticket, {}),
			)
			for row in doc.tickets
		)
	return Question(kind="Sprint", title=doc.title, ticket=None, parts=parts, **_stored(doc, "Sprint"))


def overages(entries: Iterable[frappe._dict]) -> list[Question]:
	"""Return a question for each ticket that has held time, on each retainer."""
	groups: dict[tuple[str, str, str], list[frappe._dict]] = {}
	for entry in entries:
		if entry.ticket:
			groups.setdefault((entry.retainer, entry.ticket_type, entry.ticket), []).append(entry)
	subjects = _subjects({(doctype, name) for _retainer, doctype, name in groups})
	return [_overage(*key, subjects.get(key[1:], ""), found) for key, found in groups.items()]


def overage_name(retainer: str, ticket: str) -> str:
	"""Return what a question about held time is called: its retainer and its ticket."""
	return f"{retainer}:{ticket}"


def suggestions(rows: list[frappe._dict]) -> list[Question]:
	"""Return the questions suggested tickets put; one that was opened again after an answer is another question."""
	prices: dict[str, Quote] = {}
	for retainer in {row.retainer for row in rows}:
		prices[retainer] = quote(
			retainer,
			[
				Task(row.name, hours_to_seconds(flt(row.expected_hours)))
				for row in rows
				if row.retainer == retainer
			],
		)
	names = {"kind": "Suggestion", "question": ("in", [row.name for row in rows])}
	answered = Counter(frappe.get_all("Customer Answer", names, pluck="question") if rows else ())
	return [_suggestion(row, prices[row.retainer], answered[row.name]) for row in rows]


def suggestion(name: str) -> Question | None:
	"""Return the question of one suggested ticket, None when it does not wait."""
	found = _suggestions({"name": name})
	return suggestions(found)[0] if found else None


def _documents(doctype: str, customer: str) -> list[Document]:
	status = asked.WAITING[doctype]
	rows = frappe.get_all(doctype, {"customer": customer, "status": status}, ["*"], order_by="asked_on, name")
	children: dict[str, list] = {row.name: [] for row in rows}
	if rows and doctype == "Support Sprint":
		filters = {"parent": ("in", list(children)), "parenttype": doctype}
		for child in frappe.get_all("Support Sprint Ticket", filters, ["*"], order_by="idx"):
			children[child.parent].append(child)
	for row in rows:
		row["tickets" if doctype == "Support Sprint" else "lines"] = children[row.name]
	return [row for row in rows if asked.is_open(frappe._dict(row, doctype=doctype))]


def _stored(doc: Document, kind: str) -> dict:
	return {
		"doctype": asked_doctype(kind),
		"name": doc.name,
		"customer": doc.customer,
		"retainer": doc.retainer,
		"text": doc.question,
		"figures": json.loads(doc.figures or "{}"),
		"asked_on": doc.asked_on,
		"valid_until": doc.valid_until,
		"url": url_of(kind, doc.name),
		"fingerprint": doc.fingerprint,
	}


def asked_doctype(kind: str) -> str:
	"""Return the DocType that puts questions of a kind."""
	return {"Estimate": "Ticket Estimate", "Sprint": "Support Sprint"}.get(kind, TICKET)


def _overage(
	retainer: str, ticket_type: str, ticket: str, subject: str, entries: list[frappe._dict]
) -> Question:
	customer, name = entries[0].customer, overage_name(retainer, ticket)
	with in_language_of(customer):
		text, figures = texts.of_overage(ticket, subject, entries)
		title = _("Time beyond the bank on {0}: {1}").format(ticket, subject)
	return Question(
		kind="Overage",
		doctype=ticket_type,
		name=name,
		customer=customer,
		retainer=retainer,
		ticket=ticket,
		title=title,
		text=text,
		figures=figures,
		asked_on=min(get_datetime(entry.creation) for entry in entries).replace(microsecond=0),
		valid_until=None,
		url=url_of("Overage", name),
		fingerprint=fingerprint(text, figures, name),
	)


def _suggestion(row: frappe._dict, found: Quote, answered: int) -> Question:
	with in_language_of(row.customer):
		text, figures = texts.of_suggestion(row, found.tasks.get(row.name), found.currency)
	return Question(
		kind="Suggestion",
		doctype=TICKET,
		name=row.name,
		customer=row.customer,
		retainer=row.retainer,
		ticket=row.name,
		title=row.subject,
		text=text,
		figures=figures,
		asked_on=get_datetime(f"{row.opening_date} {row.opening_time or '00:00:00'}"),
		valid_until=None,
		url=url_of("Suggestion", row.name),
		fingerprint=fingerprint(text, figures, row.name, str(answered)),
	)


def _suggestions(filters: dict) -> list[frappe._dict]:
	filters = {
		"origin": "Agency",
		"retainer": ("is", "set"),
		"status": ("not in", ("Resolved", "Closed")),
		**filters,
	}
	rows = frappe.get_all(TICKET, filters, list(SUGGESTION_FIELDS), order_by="creation")
	return [row for row in rows if tickets.pending_suggestion(row)]


def _subjects(names: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
	found = {}
	for doctype in {doctype for doctype, _name in names}:
		wanted = {name for kind, name in names if kind == doctype}
		for name, ticket in tickets.get_tickets(doctype, wanted).items():
			found[doctype, name] = ticket.subject
	return found
