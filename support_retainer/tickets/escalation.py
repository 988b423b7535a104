"""Every five minutes: what is due becomes at risk or breached, each once, stamped with the moment it truly happened."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _

from support_retainer import background, clock
from support_retainer.tickets import clocks, notify, status, store
from support_retainer.tickets.ticket import TICKET_TYPES

# A run after an outage may find thousands: each batch is kept, so that one ticket's error or a lost worker costs little.
BATCH = 100


def escalate() -> dict[str, int]:
	"""Scheduler: follow statuses written past documents, then stamp and tell what is due.

	Running it again, or two at once, changes nothing more: each ticket is locked and looked at anew.

	Returns:
	        how many tickets were caught up with, looked at, and had something happen.
	"""
	found = {"caught_up": status.catch_up(), "due": 0, "happened": 0}
	for doctype in TICKET_TYPES:
		for number, name in enumerate(due(doctype), 1):
			found["due"] += 1
			found["happened"] += _escalate(doctype, name)
			if number % BATCH == 0 and not frappe.flags.in_test:
				frappe.db.commit()  # a background job, not a request; see BATCH
	return found


def due(doctype: str) -> list[str]:
	"""Return the tickets on which something has happened by now, the longest due first. One indexed query."""
	table = frappe.qb.DocType(
		doctype
	)  # get_all would put a function around the column, and take the empty ones too
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where(table.clock_due < clock.now())
		.orderby(table.clock_due, table.name)
	).run(pluck=True)


def _escalate(doctype: str, name: str) -> bool:
	frappe.db.savepoint("escalate")
	try:
		doc = store.locked(doctype, name)
		happened = clocks.happen(doc, clock.now())
		store.write(doc)
	except Exception as error:
		frappe.db.rollback(save_point="escalate")
		said = _("Stamp what is due on {0}").format(name)
		again = clock.now() + timedelta(minutes=5)
		background.failed(f"escalate:{doctype}:{name}", said, error, about=(doctype, name), next_try=again)
		return False
	background.solved(f"escalate:{doctype}:{name}")
	notify.tell(doc, happened)
	return bool(happened)
