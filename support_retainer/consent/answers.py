"""The customer's word: checked, counted once, and kept for good with the exact text and figures it was given on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import billing, clock, tickets, timebank
from support_retainer.consent import asked, estimates, people, sprints, story, waiting
from support_retainer.consent.people import Answerer
from support_retainer.consent.question import KINDS, Question
from support_retainer.words import bold, filled, language_of, moment

DOCTYPE = "Customer Answer"
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Kind:
	"""How questions of a kind are found and settled.

	`customer` of a name (None: no such thing); `locked` gives the question that waits under that name, None when none does;
	`settle` carries an answer out, with the names of the parts approved.
	"""

	customer: Callable[[str], str | None]
	locked: Callable[[str], Question | None]
	settle: Callable[[Question, bool, set[str], Document], None]


def answer(
	kind: str,
	name: str,
	approve: bool,
	note: str = "",
	parts: Sequence[str] | None = None,
	*,
	fingerprint: str | None = None,
	reason: str | None = None,
	source: str | None = None,
) -> dict:
	"""Give the customer's answer to a question: a contact of the customer, or a Retainer Manager on its behalf.

	Given twice, or by two people at once, it counts once: whoever comes second is told whose answer counts.

	Args:
	        kind: Estimate, Sprint, Overage or Suggestion.
	        name: the question's name.
	        approve: yes or no.
	        note: what the customer wants to say with it.
	        parts: the tickets of a sprint that are approved; None for all.
	        fingerprint: of the text that was shown. Contacts must give it; managers answer what is there now.
	        reason: how a manager knows the customer's answer.
	        source: "Mail" when a manager keeps an answer that came by mail.

	Returns:
	        `answer` (the record's name), `counted` (False when another answer was there before), `answer_given` and `message`.

	Raises:
	        frappe.PermissionError: neither a contact of the customer nor a Retainer Manager.
	        frappe.ValidationError: what was shown is superseded or not waiting any more.
	"""
	found = _kind(kind)
	who = people.who_answers(found.customer(str(name)), reason, source)
	question = found.locked(str(name))
	if earlier := _earlier(kind, name, fingerprint or (question and question.fingerprint)):
		return _told_already(earlier)
	_check_current(question, fingerprint, who)
	approved = _approved_parts(question, approve, parts)
	record = _keep(question, who, approve, approved, _clean(note))
	found.settle(question, approve, approved, record)
	_tell(question, record)
	return {"answer": record.name, "counted": True, "answer_given": record.answer, "message": _thanks(record)}


def keep_overage_decision(entries: Sequence[str], approve: bool, reason: str) -> None:
	"""Keep what staff decide on held time for a customer, before it is carried out; that they may was checked."""
	rows = timebank.entries_of(name=("in", list(entries)), billing_status=waiting.HELD)
	for question in waiting.overages(rows):
		record = _keep(question, people.on_behalf(reason), approve, set(), "")
		_tell(question, record)


def refuse_unless_new(doc: Document) -> None:
	"""Hold that an answer is written once, by this room alone.

	Raises:
	        frappe.PermissionError: says that it stays.
	"""
	if not doc.is_new() or not doc.flags.from_room:
		refuse_to_delete(doc)


def refuse_to_delete(doc: Document) -> None:
	"""Refuse to change or delete what was said."""
	frappe.throw(
		filled(
			_("What was answered is kept as it was given: {0} can be neither changed nor deleted."),
			filled("{0} {1}", _(doc.doctype), bold(doc.name)),
		),
		frappe.PermissionError,
		title=_("Answers are kept"),
	)


def _kind(kind: str) -> Kind:
	if kind not in KINDS:
		people.refuse()
	return {
		"Estimate": Kind(_owner("Ticket Estimate"), _open_estimate, _settle_estimate),
		"Sprint": Kind(_owner("Support Sprint"), _open_sprint, _settle_sprint),
		"Overage": Kind(_retainers_customer, _open_overage, _settle_overage),
		"Suggestion": Kind(_owner(waiting.TICKET), _open_suggestion, _settle_suggestion),
	}[kind]


def _owner(doctype: str) -> Callable[[str], str | None]:
	return lambda name: frappe.db.get_value(doctype, name, "customer")


def _retainers_customer(name: str) -> str | None:
	return frappe.db.get_value("Retainer", name.partition(":")[0], "customer")


def _open_estimate(name: str) -> Question | None:
	doc = asked.lock("Ticket Estimate", name)
	return waiting.of_estimate(doc) if asked.is_open(doc) else None


def _open_sprint(name: str) -> Question | None:
	doc = asked.lock("Support Sprint", name)
	return waiting.of_sprint(doc) if asked.is_open(doc) else None


def _open_overage(name: str) -> Question | None:
	retainer, _colon, ticket = name.partition(":")
	timebank.lock(retainer)
	found = waiting.overages(billing.held_entries(retainer, ticket))
	return found[0] if found else None


def _open_suggestion(name: str) -> Question | None:
	frappe.db.get_value(waiting.TICKET, name, "name", for_update=True)
	return waiting.suggestion(name)


def _settle_estimate(question: Question, approve: bool, parts: set[str], record: Document) -> None:
	estimates.settle(asked.lock(question.doctype, question.name), approve, record)
	if approve:
		_accept_suggestions({question.ticket}, record)


def _settle_sprint(question: Question, approve: bool, parts: set[str], record: Document) -> None:
	sprints.settle(asked.lock(question.doctype, question.name), parts, record)
	_accept_suggestions(parts, record)


def _accept_suggestions(names: set[str], record: Document) -> None:
	"""Who approves the price of a suggestion accepts it."""
	for name in sorted(names):
		if waiting.suggestion(name):
			tickets.accept_suggestion(waiting.TICKET, name, record.answered_on)


def _settle_overage(question: Question, approve: bool, parts: set[str], record: Document) -> None:
	names = [entry["name"] for entry in question.figures["entries"]]
	decide = billing.approve if approve else billing.decline
	decide(names, record.note or record.reason or _("Answer {0} in the portal").format(record.name))


def _settle_suggestion(question: Question, approve: bool, parts: set[str], record: Document) -> None:
	if approve:
		tickets.accept_suggestion(question.doctype, question.name, record.answered_on)
	else:
		tickets.close_suggestion(question.doctype, question.name)


def _earlier(kind: str, name: str, fingerprint: str | None) -> frappe._dict | None:
	"""Return the answer that was given to this very text; for a manager who shows no text, to the last one there was."""
	filters = {"key": _key(kind, name, fingerprint)} if fingerprint else {"kind": kind, "question": name}
	rows = frappe.db.get_values(
		DOCTYPE,
		filters,
		["name", "answer", "full_name", "answered_on"],
		as_dict=True,
		order_by="answered_on desc",
		for_update=True,
	)
	return rows[0] if rows else None


def _check_current(question: Question | None, fingerprint: str | None, who: Answerer) -> None:
	if not question:
		frappe.throw(
			_(
				"This is not waiting for an answer any more: it was withdrawn, replaced or ran out. Reload the page."
			),
			title=_("Nothing to answer"),
		)
	if fingerprint != question.fingerprint and (fingerprint or not who.on_behalf):
		frappe.throw(
			_(
				"The text or the figures have changed since they were shown. Reload the page, read them, then answer."
			),
			title=_("Superseded"),
		)


def _approved_parts(question: Question, approve: bool, parts: Sequence[str] | None) -> set[str]:
	every = {part.name for part in question.parts}
	if not approve or not every:
		return set()
	chosen = every if parts is None else {str(part) for part in parts}
	if not chosen:
		frappe.throw(_("Choose at least one ticket to approve, or decline the whole sprint."))
	if unknown := chosen - every:
		frappe.throw(
			filled(
				_("{0} is not in this sprint. Reload the page, then choose again."),
				", ".join(sorted(unknown)),
			)
		)
	return chosen


def _keep(question: Question, who: Answerer, approve: bool, approved: set[str], note: str) -> Document:
	some = bool(approved) and len(approved) < len(question.parts)
	now = clock.now()
	doc = frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"kind": question.kind,
			"question": question.name,
			"answer": "Partly Approved" if some else "Approved" if approve else "Declined",
			"customer": question.customer,
			"retainer": question.retainer,
			"reference_doctype": question.doctype,
			"reference_name": question.ticket if question.kind == "Overage" else question.name,
			"ticket_type": waiting.TICKET if question.ticket else None,
			"ticket": question.ticket,
			**{field: value for field, value in asdict(who).items() if field != "on_behalf"},
			"on_behalf": int(who.on_behalf),
			"answered_on": now,
			"answered_at": clock.to_aware(now).isoformat(),
			"note": note,
			"parts": json.dumps(sorted(approved), ensure_ascii=False) if question.parts else None,
			"language": language_of(question.customer),
			"text_shown": question.text,
			"figures_shown": json.dumps(question.figures, indent=1, ensure_ascii=False),
			"fingerprint": question.fingerprint,
			"key": _key(question.kind, question.name, question.fingerprint),
		}
	)
	doc.flags.from_room = True
	return doc.insert(ignore_permissions=True)  # nobody has a right to write answers; who answers was checked


def _key(kind: str, name: str, fingerprint: str) -> str:
	return f"{kind}:{name}:{fingerprint}"


def _clean(note: str | None) -> str:
	return str(note or "").strip()[:LONGEST_NOTE]


def _told_already(earlier: frappe._dict) -> dict:
	text = _("This was answered already: {0} by {1} on {2}. That answer counts.")
	message = text.format(_(earlier.answer, context=DOCTYPE), earlier.full_name, moment(earlier.answered_on))
	return {"answer": earlier.name, "counted": False, "answer_given": earlier.answer, "message": message}


def _thanks(record: Document) -> str:
	if record.on_behalf:
		text = _("The customer's answer is kept: {0}.")
	else:
		text = _("Thank you. Your answer is kept: {0}.")
	return text.format(_(record.answer, context=DOCTYPE))


def _tell(question: Question, record: Document) -> None:
	text = _("{0} {1}: {2} by {3}")
	who = record.full_name
	if record.on_behalf:
		who = _("{0} on the customer's behalf ({1})").format(who, record.reason)
	about = [question.ticket] if question.ticket else [part.name for part in question.parts]
	approved = set(json.loads(record.parts or "[]"))
	for name in about:
		given = record.answer
		if question.parts:
			given = "Approved" if name in approved else "Declined"
		said = [_(question.kind), question.name, _(given, context=DOCTYPE), who]
		if record.note:
			text = _("{0} {1}: {2} by {3}: “{4}”")
			said.append(record.note)
		story.tell(waiting.TICKET, name, text, *said)
