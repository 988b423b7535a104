"""Tickets that wait outside the budget are judged again when time comes into the bank."""

from __future__ import annotations

import frappe
from frappe import _

from support_retainer.tickets import budget, stamp, store, story
from support_retainer.tickets.ticket import TICKET_TYPES


def on_time_added(retainer: str) -> None:
	"""Judge a retainer's waiting tickets again, oldest first; those the bank now covers get deadlines from this moment.

	The caller holds the retainer's lock. A ticket that is being saved at this moment is left to that save.
	"""
	if not frappe.db.exists(
		"Issue", {"retainer": retainer, "budget_state": "Outside", "status": ("in", budget.OPEN)}
	):
		return
	for name in budget.coming_within(retainer):
		if name != frappe.flags.support_retainer_stamping:
			judge_again(TICKET_TYPES[0], name, _("Time came into the bank"))


def judge_again(doctype: str, name: str, why: str) -> None:
	"""Judge one ticket against the bank, stamp it by what comes of it, and say so on its timeline."""
	doc = store.locked(doctype, name)
	old = story.snapshot(doc)
	stamp.stamp(doc, was=store.before(doc))
	story.note(doc, old, why)
	store.write(doc)
	story.tell(doc)
