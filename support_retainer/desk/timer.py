"""The running timer: one for each person, kept on the server, so that it outlives the browser it was started in."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe import _

from support_retainer import clock, tickets
from support_retainer.desk import people

DOCTYPE = "Work Timer"
# Past this many hours, or past midnight, nobody is believed to have worked on without a break.
LONG_HOURS = 8


def running(user: str) -> frappe._dict | None:
	"""Return a user's timer: `ticket_type`, `ticket`, `subject`, `started_on` (naive site time; `second_hour`: in the second of a doubled hour), `seconds` so far and a
	`question` when it ran so long that the person must say until when they worked. None when there is none."""
	fields = ["name", "ticket_type", "ticket", "started_on", "second_hour"]
	row = frappe.db.get_value(DOCTYPE, {"user": user}, fields, as_dict=True)
	subject = row and frappe.db.get_value(row.ticket_type, row.ticket, "subject")
	if subject is None:
		return None  # there is none, or its ticket was deleted
	now = clock.now()
	row.started_on = clock.in_hour(row.started_on, row.second_hour)
	row.subject = subject
	row.seconds = elapsed(row.started_on, now)
	row.question = question(row.started_on, now)
	return row


def start(user: str, ticket_type: str, ticket: str) -> bool:
	"""Start a user's timer on a ticket. Returns False, and changes nothing, while theirs runs on another ticket.

	Raises:
	        frappe.ValidationError: the user has no Employee record.
	"""
	people.employee_of(user)
	if found := running(user):
		return (found.ticket_type, found.ticket) == (ticket_type, ticket)
	stop(user)  # one that was left of a deleted ticket
	doc = frappe.new_doc(DOCTYPE)
	now = clock.now()
	doc.update({"user": user, "ticket_type": ticket_type, "ticket": ticket, "started_on": now})
	doc.second_hour = now.fold
	try:
		doc.insert(ignore_permissions=True)  # a timer is its user's own, whatever their roles
	except frappe.DuplicateEntryError:  # started in another window at the same moment
		frappe.clear_last_message()
		return start(user, ticket_type, ticket)
	tickets.follow_work(ticket_type, [ticket])
	return True


def stop(user: str) -> None:
	"""Take a user's timer away, and with it a start of work that rests on it alone. What it measured is booked by whoever
	stops it, or is meant to be forgotten."""
	for row in frappe.get_all(DOCTYPE, filters={"user": user}, fields=["name", "ticket_type", "ticket"]):
		frappe.delete_doc(DOCTYPE, row.name, ignore_permissions=True)  # a timer is its user's own
		tickets.follow_work(row.ticket_type, [row.ticket])


def until(user: str) -> datetime:
	"""Return when what a user's timer measured ended: now, and a minute after its start at the earliest, as ERPNext's
	hours have no room for a few seconds."""
	row = frappe.db.get_value(DOCTYPE, {"user": user}, ["started_on", "second_hour"], as_dict=True)
	now = clock.now()
	if not row:
		return now
	started = clock.in_hour(row.started_on, row.second_hour)
	return now if elapsed(started, now) >= 60 else started + timedelta(minutes=1)


def elapsed(start: datetime, end: datetime) -> int:
	"""Return the seconds that really passed between two naive site times, also over a change of the clocks."""
	return int(clock.to_aware(end).timestamp() - clock.to_aware(start).timestamp())


def question(started: datetime, now: datetime) -> str | None:
	"""Return what to ask of a timer nobody stopped in time; None when there is nothing to ask."""
	if started.date() != now.date():
		return _("The timer ran past midnight. Until when did you work?")
	if elapsed(started, now) > LONG_HOURS * 3600:
		return _("The timer ran for more than {0} hours. Until when did you work?").format(LONG_HOURS)
	return None
