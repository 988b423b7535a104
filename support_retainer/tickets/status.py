"""Statuses written past the document: ERPNext's own list actions, incoming mail, and whatever else writes the column."""

from __future__ import annotations

import json
from typing import Annotated

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime

from support_retainer import clock, requests
from support_retainer.requests.kinds import Ticket
from support_retainer.tickets import clocks, pauses, stamp, store, story
from support_retainer.tickets.ticket import TICKET_TYPES

Status = Annotated[str, requests.kinds.Option("Issue", "status")]
Names = Annotated[list[str], requests.kinds.Names(500, numbers=True)]


@frappe.whitelist()
@requests.checked
def set_status(name: Ticket, status: Status) -> None:
	"""Do what ERPNext's `set_status` does, then let the ticket's clocks follow. ERPNext asks nobody's permission; this does.

	Raises:
	        frappe.PermissionError: the user may not write the ticket.
	"""
	from erpnext.support.doctype.issue.issue import set_status as original

	_check_may_write([name])
	original(name, status)
	follow("Issue", name)


@frappe.whitelist()
@requests.checked
def set_multiple_status(names: Names, status: Status) -> None:
	"""Do what ERPNext's `set_multiple_status` does, then let the clocks of these tickets follow.

	Raises:
	        frappe.PermissionError: the user may not write one of the tickets.
	"""
	from erpnext.support.doctype.issue.issue import set_multiple_status as original

	_check_may_write(names)
	original(json.dumps(names), status)
	for name in names:
		follow("Issue", name)


def on_change(doc: Document, method: str | None = None) -> None:
	"""A status set by `db_set`, as incoming mail does it, comes by here; a saved one has been followed before."""
	if doc.get("clock_status") != doc.status:
		follow(doc.doctype, doc.name)


def follow(doctype: str, name: str) -> None:
	"""Let a ticket's clocks follow the status it has in the database, from the moment it was last modified."""
	doc = store.locked(doctype, name)
	if doc.get("clock_status") == doc.status:
		return
	old = story.snapshot(doc)
	was = doc.get("clock_status")
	moment = min(get_datetime(doc.modified).replace(microsecond=0), clock.now())
	ended = pauses.follow(doc, doc.status, moment)
	if doc.get("retainer"):
		if was in pauses.ENDED and doc.status not in pauses.ENDED and stamp.is_another(doc):
			stamp.stamp(doc, was=store.before(doc))
		else:
			clocks.move(doc, ended)
		story.note(doc, old, story.after_pauses(ended))
	store.write(doc)
	story.tell(doc)


def catch_up() -> int:
	"""Follow every ticket whose status was written by something nobody told us of; return how many there were."""
	count = 0
	for doctype in TICKET_TYPES:
		table = frappe.qb.DocType(doctype)
		names = (
			frappe.qb.from_(table)
			.select(table.name)
			.where(table.retainer.isnotnull() & (table.retainer != "") & (table.clock_status != table.status))
		).run(pluck=True)
		for name in names:
			follow(doctype, name)
		count += len(names)
	return count


def _check_may_write(names: list[str]) -> None:
	for name in names:
		requests.check_right("Issue", "write", name)
