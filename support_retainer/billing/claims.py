"""An amended invoice and the charges it bills: they come with it, wherever they went after the cancellation."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import timebank
from support_retainer.billing import draft, hand_edits
from support_retainer.words import filled


def take(doc: Document) -> None:
	"""Have the charges on an amended invoice's lines wait on it, and on no other draft; those of deleted lines wait for the next one."""
	retainer = timebank.lock(doc.retainer)
	waiting = [row for row in hand_edits.settled_by(doc) if row.billing_status == "To Bill"]
	names = {row.name for row in waiting}
	others = sorted({row.sales_invoice for row in waiting} - {None, "", doc.name})
	dropped = timebank.entries_of(sales_invoice=doc.name, billing_status="To Bill")
	timebank.set_billing([row.name for row in dropped if row.name not in names], "To Bill", None)
	timebank.set_billing(sorted(names), "To Bill", doc.name)
	for other in others:
		_leave(doc, retainer, other)


def _leave(doc: Document, retainer: frappe._dict, other: str) -> None:
	"""Write a draft anew that lost charges; say so, and what people had changed on it."""
	left = frappe.get_doc("Sales Invoice", other)
	edited = hand_edits.edited_in_words(left)
	draft.bring_up_to_date(retainer, left.timebank_period, only_existing=True)
	text = _("Its charges came back from draft {0}.")
	if not frappe.db.exists("Sales Invoice", other):
		text = _("Its charges came back from draft {0}, which was deleted as nothing was left on it.")
	frappe.msgprint(filled(text, other), title=_("Charges follow the amended invoice"), indicator="blue")
	doc.add_comment("Comment", filled("{0} {1}", filled(text, other), edited))
