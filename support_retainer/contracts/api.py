"""What people do to a contract by a button: new terms from a day on, and its end. Whoever may change the retainer may."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate

from support_retainer import clock, requests
from support_retainer.contracts.versions import VERSIONED
from support_retainer.requests.kinds import AnyName, ContractDay, Note, Values
from support_retainer.words import bold, filled


@frappe.whitelist(methods=["POST"])
@requests.checked
def change_terms(retainer: AnyName, from_date: ContractDay, terms: Values) -> None:
	"""Let other terms apply from a day on; the days before keep theirs.

	Args:
	        retainer: its name.
	        from_date: the first day of the new terms.
	        terms: the new values by field; those left out stay as they are.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	        frappe.ValidationError: no terms, a field that is none, or a day in a closed period.
	"""
	doc = _for_change(retainer)
	if not terms:
		frappe.throw(_("Give at least one term to change."))
	if strange := sorted(set(terms) - set(VERSIONED)):
		frappe.throw(
			filled(
				_("{0} cannot change from a day on. End this retainer and make a new one."),
				", ".join(_(doc.meta.get_label(field)) for field in strange),
			)
		)
	doc.update(terms)
	doc.terms_from = from_date
	doc.save()


@frappe.whitelist(methods=["POST"])
@requests.checked
def end_retainer(retainer: AnyName, on: ContractDay, reason: Note) -> None:
	"""Let a retainer end with a day, for a reason that stays on its timeline. Its last period is cut there.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	        frappe.ValidationError: no reason, a retainer that is no longer running, or time booked after the end.
	"""
	doc, last = _for_change(retainer), on
	if doc.status == "Draft":
		frappe.throw(filled(_("{0} has not begun. Delete it instead."), bold(doc.name)))
	doc.end_date = last
	if last < clock.today():
		doc.status = "Ended"
	doc.save()
	doc.add_comment("Comment", filled(_("Ends {0}: {1}"), format_date(last), reason))


def mark_ended(retainer: str) -> None:
	"""Set a retainer whose last day has passed to Ended; said on its timeline. Others are left alone."""
	doc = frappe.get_doc("Retainer", retainer)
	if doc.status in ("Active", "Paused") and doc.end_date and getdate(doc.end_date) < clock.today():
		doc.db_set("status", "Ended")
		doc.add_comment("Info", filled(_("ended: the last day was {0}"), format_date(doc.end_date)))


def _for_change(retainer: str) -> Document:
	requests.check_right("Retainer", "write", retainer)
	return frappe.get_doc("Retainer", retainer)
