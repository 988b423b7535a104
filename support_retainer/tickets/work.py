"""Work begins: by the button, a timer, or the first booked time that stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.model.document import Document
from frappe.utils import get_datetime

from support_retainer import clock, requests
from support_retainer.requests.kinds import Ticket
from support_retainer.selecting import select
from support_retainer.tickets import clocks, stamp, store, story
from support_retainer.tickets.assignment import set_reached
from support_retainer.tickets.ticket import TICKET_TYPES, TicketType, get_ticket
from support_retainer.words import filled


@frappe.whitelist(methods=["POST"])
@requests.checked
def start_work(ticket_type: TicketType, ticket: Ticket) -> dict:
	"""Stamp that work on a ticket begins now, taking it on if nobody has.

	Returns:
	        `started_on` (naive site time) and `start_status`.

	Raises:
	        frappe.PermissionError: the user may not write the ticket.
	        frappe.ValidationError: the ticket has no retainer or was started already.
	"""
	requests.check_right(ticket_type, "write", ticket)
	found = get_ticket(ticket_type, ticket)
	if not found.retainer:
		frappe.throw(filled(_("{0} belongs to no retainer, so no start is promised for it."), ticket))
	if found.started_on:
		frappe.throw(
			filled(_("Work on {0} was started {1}."), ticket, frappe.utils.format_datetime(found.started_on))
		)
	if not found.assigned_on:
		assign_to.add({"doctype": ticket_type, "name": ticket, "assign_to": [frappe.session.user]})
	return set_reached(
		ticket_type, ticket, "start", clock.now()
	)  # noted as said by hand: it stands by itself


def follow_work(ticket_type: str, names: Iterable[str]) -> None:
	"""Bring Assigned On and Started On of tickets in line with the work that stands.

	Work began at the earliest of: booked time (submitted, or on a draft and begun by now), a running timer, and *Start work*. Whoever works on a
	ticket has taken it on. So sheets may come in any order, and a discarded timer, a deleted draft or a cancelled sheet take back what
	rested on them alone. Three queries for all; a ticket is locked and written only where something changes.
	"""
	names = sorted({name for name in names if name})
	if not names or ticket_type not in TICKET_TYPES:
		return
	for row in _out_of_line(ticket_type, names):
		_restamp(ticket_type, row.name)


def on_timesheet_update(doc: Document, method: str | None = None) -> None:
	"""Tickets follow the time that a saved, submitted, cancelled or deleted timesheet has, or had, on them."""
	before = doc.get_doc_before_save()
	rows = [*doc.time_logs, *(before.time_logs if before else ())]
	found: dict[str, set[str]] = {}
	for row in rows:
		if row.get("ticket"):
			found.setdefault(row.get("ticket_type") or TICKET_TYPES[0], set()).add(row.ticket)
	for ticket_type, names in sorted(found.items()):
		follow_work(ticket_type, names)


def _out_of_line(ticket_type: str, names: list[str], *, locked: bool = False) -> list[frappe._dict]:
	"""Return the tickets whose stamps are not what the work that stands says, with `begun` and `taken` as it says."""
	fields = ("name", "assigned_on", "started_on", *clocks.NOTED.values())
	tickets = select(ticket_type, {"name": ("in", names), "retainer": ("is", "set")}, fields).run(
		as_dict=True
	)
	if not tickets:
		return []
	worked = _first_worked(ticket_type, [row.name for row in tickets], locked)
	found = []
	for row in tickets:
		begun = _earliest(worked.get(row.name), row[clocks.NOTED["start"]])
		taken = _earliest(begun, row[clocks.NOTED["assign"]])
		if (taken, begun) != (_plain(row.assigned_on), _plain(row.started_on)):
			found.append(frappe._dict(row, taken=taken, begun=begun))
	return found


def _first_worked(ticket_type: str, names: list[str], locked: bool) -> dict[str, datetime]:
	"""Return when each ticket was first worked on, by booked time and by timers that run."""
	log, timer = frappe.qb.DocType("Timesheet Detail"), frappe.qb.DocType("Work Timer")
	booked = (
		frappe.qb.from_(log)
		.select(log.ticket, log.from_time.as_("moment"))
		.where((log.ticket_type == ticket_type) & log.ticket.isin(names))
		.where((log.docstatus == 1) | ((log.docstatus == 0) & (log.from_time <= clock.now())))
	)
	running = (
		frappe.qb.from_(timer)
		.select(timer.ticket, timer.started_on.as_("moment"))
		.where((timer.ticket_type == ticket_type) & timer.ticket.isin(names))
	)
	if locked:  # what others have committed since this transaction began to read
		booked = booked.for_update()
	first: dict[str, datetime] = {}
	for row in (*booked.run(as_dict=True), *running.run(as_dict=True)):
		first[row.ticket] = _earliest(row.moment, first.get(row.ticket))
	return first


def _restamp(ticket_type: str, name: str) -> None:
	doc = store.locked(ticket_type, name)
	found = _out_of_line(ticket_type, [name], locked=True)
	if not found:
		return
	old = story.snapshot(doc)
	for target, moment in (("assign", found[0].taken), ("start", found[0].begun)):
		done = dict(clocks.TARGETS)[target]
		if _plain(doc.get(done)) == moment:
			continue
		known = not doc.get(done) or clocks.take_back(doc, target)
		if moment:
			clocks.reach(doc, target, moment)
		elif not known:
			stamp.stamp(doc, was=store.before(doc))
	story.note(doc, old, _("Its booked time changed"))
	store.write(doc)
	story.tell(doc)


def _earliest(*moments: datetime | str | None) -> datetime | None:
	return min((_plain(moment) for moment in moments if moment), default=None)


def _plain(moment: datetime | str | None) -> datetime | None:
	return get_datetime(moment).replace(microsecond=0) if moment else None
