"""What keeps hands off the ledger: its records come and go by the time bank alone."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer.words import bold, filled


def refuse_unless_from_room(doc: Document) -> None:
	"""Refuse to write or delete a ledger record unless the time bank does it (`doc.flags.from_room`).

	Raises:
	        frappe.PermissionError: says where to make the change instead.
	"""
	if not doc.flags.from_room:
		frappe.throw(
			filled(
				_(
					"{0} is kept by the time bank and cannot be changed by hand. Change what it comes from instead: "
					"the timesheet, the invoice or the retainer."
				),
				filled("{0} {1}", _(doc.doctype), bold(doc.name)),
			),
			frappe.PermissionError,
			title=_("The ledger is not edited"),
		)


def has_history(retainer: str) -> bool:
	"""Return whether periods or entries exist for a retainer."""
	return bool(
		frappe.db.exists("Timebank Period", {"retainer": retainer})
		or frappe.db.exists("Timebank Entry", {"retainer": retainer})
	)


def refuse_to_delete_used(doc: Document) -> None:
	"""Refuse to delete a retainer that periods or entries were written for.

	Raises:
	        frappe.ValidationError: says to end it instead.
	"""
	if has_history(doc.name):
		frappe.throw(
			filled(
				_("{0} has a ledger and cannot be deleted. Give it an end date and set it to Ended."),
				bold(doc.name),
			),
			title=_("Retainer in use"),
		)
