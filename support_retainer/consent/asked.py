"""What estimates and sprints have in common: they are drafted, sent, withdrawn, answered, and run out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate

from support_retainer import background, clock
from support_retainer.consent.question import fingerprint
from support_retainer.words import bold, filled, in_language_of

STAMPS = (
	"status",
	"asked_on",
	"asked_by",
	"answered_on",
	"customer_answer",
	"question",
	"figures",
	"fingerprint",
)
WAITING = {"Ticket Estimate": "Waiting for Answer", "Support Sprint": "Proposed"}


def keep_stamps(doc: Document, more: Sequence[str] = ()) -> bool:
	"""Refuse a change by hand of what was sent; put back what only this room writes. Return whether this room writes now.

	Raises:
	        frappe.ValidationError: it was sent; says what to do instead.
	"""
	if doc.flags.from_room:
		return True
	before = None if doc.is_new() else doc.get_doc_before_save()
	if before and before.status != "Draft":
		frappe.throw(
			filled(
				_(
					"{0} has been sent to the customer and stays as it was asked. Withdraw it first, or make a new one."
				),
				bold(doc.name),
			),
			title=_("Asked already"),
		)
	for field in (*STAMPS, *more):
		doc.set(field, before.get(field) if before else None)
	doc.status = "Draft"
	return False


def refuse_to_delete(doc: Document) -> None:
	"""Refuse to delete what a customer was asked."""
	if doc.status != "Draft" or frappe.db.exists("Customer Answer", {"reference_name": doc.name}):
		frappe.throw(
			filled(_("{0} was sent to the customer and is kept."), bold(doc.name)),
			title=_("Asked already"),
		)


def lock(doctype: str, name: str) -> Document:
	"""Return an estimate or a sprint, its row locked until the transaction ends."""
	return frappe.get_doc(doctype, name, for_update=True)


def send(doc: Document, write: Callable[[], tuple[str, dict]]) -> None:
	"""Put the question to the customer: from here on text and figures stand still.

	Args:
	        doc: a draft, priced by today's terms.
	        write: gives text and figures; asked for in the customer's language.
	"""
	_check_may_send(doc)
	doc.asked_on, doc.asked_by = clock.now(), frappe.session.user
	doc.answered_on = doc.customer_answer = None
	with in_language_of(doc.customer):
		doc.question, figures = write()
	doc.figures = json.dumps(figures, indent=1, ensure_ascii=False)
	# the moment alone is whole seconds: what is withdrawn and sent again at once is another question all the same
	doc.fingerprint = fingerprint(
		doc.question, figures, doc.doctype, doc.name, frappe.generate_hash(length=10)
	)
	doc.status = WAITING[doc.doctype]
	save(doc)


def withdraw(doc: Document) -> None:
	"""Take a question back that nobody has answered: it is a draft again, and answers to it are refused.

	Raises:
	        frappe.ValidationError: it is not waiting.
	"""
	if doc.status not in (WAITING[doc.doctype], "Expired"):
		frappe.throw(
			filled(
				_("{0} is not waiting for an answer ({1}), so there is nothing to withdraw."),
				bold(doc.name),
				_(doc.status),
			)
		)
	for field in STAMPS:
		doc.set(field, None)
	doc.status = "Draft"
	save(doc)


def expire_due() -> None:
	"""Scheduler: questions whose last day has passed run out."""
	for doctype, status in WAITING.items():
		late = {"status": status, "valid_until": ("<", clock.today())}
		for name in frappe.get_all(doctype, late, pluck="name"):
			_expire(doctype, name, status)


def _expire(doctype: str, name: str, status: str) -> None:
	"""One that fails never stops the others."""
	key = f"expire:{doctype}:{name}"
	frappe.db.savepoint("expire")
	try:
		doc = lock(doctype, name)
		if doc.status == status:
			doc.status = "Expired"
			save(doc)
	except Exception as error:
		frappe.db.rollback(save_point="expire")
		said = _("Let {0} run out, whose last day has passed").format(name)
		again = clock.now() + timedelta(days=1)
		background.failed(key, said, error, about=(doctype, name), next_try=again)
	else:
		background.solved(key)


def is_open(doc: Document) -> bool:
	"""Whether the customer may answer."""
	return doc.status == WAITING[doc.doctype] and not is_late(doc.valid_until)


def is_late(valid_until) -> bool:
	"""Whether the last day to answer (a date, or None for ever) is over."""
	return bool(valid_until) and getdate(valid_until) < clock.today()


def save(doc: Document) -> None:
	"""Save as this room: who may act has been checked, and contacts have no rights to the document itself."""
	doc.flags.from_room = True
	doc.save(ignore_permissions=True)
	doc.flags.from_room = False


def _check_may_send(doc: Document) -> None:
	if doc.status != "Draft":
		frappe.throw(
			filled(
				_("{0} has been sent already ({1}). Withdraw it to change it."), bold(doc.name), _(doc.status)
			)
		)
	if doc.valid_until and getdate(doc.valid_until) < clock.today():
		frappe.throw(
			filled(
				_("{0} is valid until {1}, which has passed. Give it a later day."),
				bold(doc.name),
				format_date(doc.valid_until),
			)
		)
