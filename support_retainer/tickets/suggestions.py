"""The agency's own suggestions: tickets whose clock starts when the customer accepts them."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _

from support_retainer import contracts
from support_retainer.tickets import stamp, store, story


def accept(doctype: str, name: str, moment: datetime) -> None:
	"""Start a suggested ticket's clock at the moment the customer accepted it (naive site time).

	Who accepts is checked by whoever calls.
	"""
	if frappe.db.get_value(doctype, name, "status") in contracts.pausing_statuses():
		_set_status(doctype, name, "Open")  # it waited for the customer, who has answered
	doc = store.locked(doctype, name)
	old = story.snapshot(doc)
	doc.accepted_on = moment
	stamp.stamp(doc, was=store.before(doc))
	story.note(doc, old, _("The customer accepted our suggestion"))
	store.write(doc)
	story.tell(doc)


def close(doctype: str, name: str) -> None:
	"""Close a suggested ticket that the customer declined."""
	_set_status(doctype, name, "Closed")


def gather(doctype: str, name: str, sprint: str | None) -> None:
	"""Write down which sprint a ticket is gathered in, or that it is in none."""
	if (frappe.db.get_value(doctype, name, "support_sprint") or None) != sprint:
		frappe.db.set_value(doctype, name, "support_sprint", sprint, update_modified=False)


def _set_status(doctype: str, name: str, status: str) -> None:
	doc = frappe.get_doc(doctype, name)
	doc.status = status
	doc.save(
		ignore_permissions=True
	)  # a contact's answer sets it, and contacts may not write the ticket's status
