"""What the desk's forms ask. Each method checks who asks, then calls its room."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.desk.notifications import get_open_count
from frappe.utils import cint, escape_html

from support_retainer import billing, clock, tickets
from support_retainer.desk import booking, contract, people, retainer, ticket, timer


@frappe.whitelist()
def ticket_head(ticket_type: str, ticket_name: str) -> dict:
	"""Return what the head of a ticket's form shows (see `ticket.head`).

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	"""
	_check_ticket(ticket_type, ticket_name)
	return ticket.head(ticket_type, ticket_name, frappe.session.user)


@frappe.whitelist()
def running_timer() -> dict | None:
	"""Return the user's own running timer (see `timer.running`), or None."""
	return timer.running(frappe.session.user)


@frappe.whitelist(methods=["POST"])
def start_timer(ticket_type: str, ticket_name: str) -> dict:
	"""Start the user's timer on a ticket.

	Returns:
	        `started`, False while theirs runs on another ticket, and `timer`, the one that runs.

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	"""
	_check_ticket(ticket_type, ticket_name)
	user = frappe.session.user
	return {"started": timer.start(user, ticket_type, ticket_name), "timer": timer.running(user)}


@frappe.whitelist(methods=["POST"])
def discard_timer() -> None:
	"""Take the user's own timer away without booking anything."""
	timer.stop(frappe.session.user)


@frappe.whitelist()
def booking_form(ticket_type: str, ticket_name: str) -> dict:
	"""Return what the form for booking time begins with: `now` and `until`, when the timer's work ended (naive site
	times), `activity_type`, and the user's `timer`.

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	        frappe.ValidationError: the user has no Employee record.
	"""
	_check_ticket(ticket_type, ticket_name)
	employee = people.employee_of(frappe.session.user)
	return {
		"now": clock.now(),
		"until": timer.until(frappe.session.user),
		"activity_type": people.last_activity(employee.name),
		"timer": timer.running(frappe.session.user),
	}


@frappe.whitelist(methods=["POST"])
def preview_time(
	ticket_type: str, ticket_name: str, from_time: str, to_time: str, activity_type: str | None = None
) -> dict:
	"""Return what booking this time would charge, or why it cannot be booked (see `booking.Preview`). Writes nothing.

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	"""
	_check_ticket(ticket_type, ticket_name)
	work = booking.as_work(ticket_type, ticket_name, from_time, to_time, "", activity_type)
	found = booking.preview(frappe.session.user, work)
	return {
		"worked": found.worked,
		"notes": found.notes,
		"problem": found.problem,
		"offer": found.offer,
	}


@frappe.whitelist(methods=["POST"])
def log_time(
	ticket_type: str,
	ticket_name: str,
	from_time: str,
	to_time: str,
	note: str = "",
	activity_type: str | None = None,
	only_free: bool = False,
	of_timer: bool = False,
) -> dict:
	"""Book time on a ticket, on the user's draft Timesheet of that week.

	Args:
	        ticket_type: "Issue".
	        ticket_name: its name.
	        from_time: when the work began, naive site time.
	        to_time: when it ended.
	        note: what was done.
	        activity_type: what kind of work it was.
	        only_free: leave out what the user has booked already.
	        of_timer: this is what their timer measured; it is taken away.

	Returns:
	        `timesheet` and a `message` in words.

	Raises:
	        frappe.PermissionError: the user may not read the ticket, or not write timesheets.
	"""
	_check_ticket(ticket_type, ticket_name)
	user = frappe.session.user
	work = booking.as_work(ticket_type, ticket_name, from_time, to_time, note, activity_type)
	sheet, spans = booking.book(user, work, only_free=bool(cint(only_free)))
	if cint(of_timer):
		timer.stop(user)
	return {"timesheet": sheet.name, "message": booking.summary(sheet, spans)}


@frappe.whitelist()
def retainer_picture(name: str) -> dict:
	"""Return a retainer's bank and what is claimed of it (see `retainer.picture`).

	Raises:
	        frappe.PermissionError: the user may not read the retainer.
	"""
	frappe.has_permission("Retainer", "read", doc=name, throw=True)
	return retainer.picture(name)


@frappe.whitelist()
def retainer_links(doctype: str, name: str, items: str | list | None = None) -> dict:
	"""Return what Frappe's `get_open_count` returns for the connections of a retainer, with the timesheets the ledger knows.

	Raises:
	        frappe.PermissionError: the user may not read the retainer.
	"""
	if doctype != "Retainer":  # any document of that name would do to get at the retainer's timesheets
		frappe.throw(_("{0} is no retainer.").format(escape_html(name)), frappe.PermissionError)
	frappe.has_permission(doctype, "read", doc=name, throw=True)
	wanted = [each for each in frappe.parse_json(items or "[]") if each != "Timesheet"]
	found = get_open_count(doctype, name, wanted)
	sheets = retainer.timesheets(name)
	link = {"doctype": "Timesheet", "open_count": 0, "count": len(sheets), "names": sheets}
	found["count"]["internal_links_found"].append(link)
	return found


@frappe.whitelist()
def held_time(name: str) -> list[dict]:
	"""Return a retainer's time that waits for the customer's approval (see `retainer.held`).

	Raises:
	        frappe.PermissionError: the user may not read the retainer.
	"""
	frappe.has_permission("Retainer", "read", doc=name, throw=True)
	return retainer.held(name)


@frappe.whitelist()
def terms_in_words(doc: str | dict) -> list[str]:
	"""Return the terms on a form, saved or not, in words.

	Raises:
	        frappe.PermissionError: the user may not read retainers.
	"""
	frappe.has_permission("Retainer", "read", throw=True)
	return contract.in_words(frappe._dict(frappe.parse_json(doc)))


@frappe.whitelist()
def derivation(entry: str) -> str:
	"""Return how a ledger entry came about, one step a line.

	Raises:
	        frappe.PermissionError: the user may not read the entry.
	"""
	frappe.has_permission("Timebank Entry", "read", doc=entry, throw=True)
	return billing.derivation_of(entry)


def _check_ticket(ticket_type: str, name: str) -> None:
	if ticket_type not in tickets.TICKET_TYPES:
		frappe.throw(_("{0} is not a kind of ticket.").format(escape_html(ticket_type)))
	frappe.has_permission(ticket_type, "read", doc=name, throw=True)
