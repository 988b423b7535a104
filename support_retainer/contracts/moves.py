"""A retainer's status as a small machine: which moves there are, and what each asks for."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate

from support_retainer import clock
from support_retainer.contracts.ledger import has_history
from support_retainer.words import bold, filled, html

# What each status may become. Whoever may write the retainer may move it; the scheduler ends one whose last day has passed.
MOVES = {
	"Draft": ("Active",),
	"Active": ("Paused", "Ended", "Draft"),
	"Paused": ("Active", "Ended"),
	"Ended": ("Active",),
}


def check_move(doc: Document) -> None:
	"""Refuse a status that does not follow from the one before.

	Raises:
	        frappe.ValidationError: says what to do instead.
	"""
	before = doc.get_doc_before_save()
	if not before or before.status == doc.status:
		_check_end(doc, before)
		return
	if doc.status not in MOVES.get(before.status, ()):
		frappe.throw(html(_sentence(doc, before.status)), title=_("This status does not follow"))
	if doc.status == "Draft" and has_history(doc.name):
		frappe.throw(
			filled(_("{0} has a ledger, so it is a draft no more. Pause it, or end it."), bold(doc.name)),
			title=_("This status does not follow"),
		)
	_check_end(doc, before)


def _sentence(doc: Document, status: str) -> str:
	name = bold(doc.name)
	if status == "Draft":
		return filled(_("{0} is a draft and has not begun. Activate it first, or delete it."), name)
	if status == "Ended":
		return filled(
			_("{0} has ended. To go on with it, give it a later end date or none, and set it to Active."),
			name,
		)
	return filled(_("{0} is {1} and cannot become {2}. Activate it first."), name, _(status), _(doc.status))


def _check_end(doc: Document, before: Document | None) -> None:
	"""Ended and its last day go together: no end without a day, none that lies ahead, and nothing active after it."""
	end = getdate(doc.end_date) if doc.end_date else None
	if doc.status == "Ended" and not end:
		frappe.throw(_("An ended retainer has an end date. Enter the last day of support."))
	if not before:
		return
	if doc.status == "Ended" and before.status != "Ended" and end > clock.today():
		frappe.throw(
			filled(
				_(
					"{0} lasts until {1}, and becomes Ended by itself the day after. Leave its status as it is."
				),
				bold(doc.name),
				format_date(end),
			),
			title=_("This status does not follow"),
		)
	if before.status == "Ended" and doc.status == "Active" and end and end < clock.today():
		frappe.throw(
			filled(
				_("{0} ended {1}. To go on with it, give it a later end date or none."),
				bold(doc.name),
				format_date(end),
			),
			title=_("This status does not follow"),
		)
