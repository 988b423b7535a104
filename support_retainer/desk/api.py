"""What the desk's forms ask. Each method checks who asks, then calls its room."""

from __future__ import annotations

from typing import Annotated

import frappe
from frappe import _
from frappe.desk.notifications import get_open_count

from support_retainer import billing, clock, requests, timebank
from support_retainer.desk import booking, contract, people, retainer, ticket, timer
from support_retainer.requests.kinds import (
	AnyName,
	ListOfNames,
	NearMoment,
	Note,
	ShortText,
	Ticket,
	Values,
	Yes,
)
from support_retainer.tickets import TicketType

ActivityType = Annotated[str, requests.kinds.Name("Activity Type", exists=True)]
ReasonName = Annotated[str, requests.kinds.Name("Not Charged Reason", exists=True)]


@frappe.whitelist()
@requests.checked
def ticket_head(ticket_type: TicketType, ticket_name: Ticket) -> dict:
	"""Return what the head of a ticket's form shows (see `ticket.head`).

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	"""
	requests.check_right(ticket_type, "read", ticket_name)
	return ticket.head(ticket_type, ticket_name, frappe.session.user)


@frappe.whitelist()
@requests.checked
def running_timer() -> dict | None:
	"""Return the user's own running timer (see `timer.running`), or None."""
	return timer.running(frappe.session.user)


@frappe.whitelist(methods=["POST"])
@requests.checked
def start_timer(ticket_type: TicketType, ticket_name: Ticket) -> dict:
	"""Start the user's timer on a ticket.

	Returns:
	        `started`, False while theirs runs on another ticket, and `timer`, the one that runs.

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	"""
	requests.check_right(ticket_type, "read", ticket_name)
	user = frappe.session.user
	return {"started": timer.start(user, ticket_type, ticket_name), "timer": timer.running(user)}


@frappe.whitelist(methods=["POST"])
@requests.checked
def discard_timer() -> None:
	"""Take the user's own timer away without booking anything."""
	timer.stop(frappe.session.user)


@frappe.whitelist()
@requests.checked
def booking_form(ticket_type: TicketType, ticket_name: Ticket) -> dict:
	"""Return what the form for booking time begins with: `now` and `until`, when the timer's work ended (naive site
	times; `until_second`: in the second of a doubled hour), `activity_type`, and the user's `timer`.

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	        frappe.ValidationError: the user has no Employee record.
	"""
	requests.check_right(ticket_type, "read", ticket_name)
	employee = people.employee_of(frappe.session.user)
	until = timer.until(frappe.session.user)
	return {
		"now": clock.now(),
		"until": until,
		"until_second": until.fold,
		"activity_type": people.last_activity(employee.name),
		"timer": timer.running(frappe.session.user),
	}


@frappe.whitelist(methods=["POST"])
@requests.checked
def preview_time(
	ticket_type: TicketType,
	ticket_name: Ticket,
	from_time: NearMoment,
	to_time: NearMoment,
	activity_type: ActivityType | None = None,
	not_charged_because: ReasonName | None = None,
	from_second: Yes = False,
	to_second: Yes = False,
) -> dict:
	"""Return what booking this time would charge, or why it cannot be booked (see `booking.Preview`). Writes nothing.

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	"""
	requests.check_right(ticket_type, "read", ticket_name)
	work = booking.as_work(
		ticket_type,
		ticket_name,
		from_time,
		to_time,
		"",
		activity_type,
		not_charged_because,
		from_second=from_second,
		to_second=to_second,
	)
	found = booking.preview(frappe.session.user, work)
	return {
		"worked": found.worked,
		"notes": found.notes,
		"warnings": found.warnings,
		"problem": found.problem,
		"offer": found.offer,
	}


@frappe.whitelist(methods=["POST"])
@requests.checked
def log_time(
	ticket_type: TicketType,
	ticket_name: Ticket,
	from_time: NearMoment,
	to_time: NearMoment,
	note: Note = "",
	activity_type: ActivityType | None = None,
	only_free: Yes = False,
	of_timer: Yes = False,
	not_charged_because: ReasonName | None = None,
	not_charged_note: Note = "",
	from_second: Yes = False,
	to_second: Yes = False,
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
	        not_charged_because: a Not Charged Reason, for time that is given away.
	        not_charged_note: more about that.
	        from_second: `from_time` is in the second of an hour that happens twice, as the clocks go back.
	        to_second: so is `to_time`.

	Returns:
	        `timesheet` and a `message` in words.

	Raises:
	        frappe.PermissionError: the user may not read the ticket, or not write timesheets.
	"""
	requests.check_right(ticket_type, "read", ticket_name)
	user = frappe.session.user
	work = booking.as_work(
		ticket_type,
		ticket_name,
		from_time,
		to_time,
		note,
		activity_type,
		not_charged_because,
		not_charged_note,
		from_second,
		to_second,
	)
	sheet, spans = booking.book(user, work, only_free=only_free)
	if of_timer:
		timer.stop(user)
	return {"timesheet": sheet.name, "message": booking.summary(sheet, spans)}


@frappe.whitelist()
@requests.checked
def retainer_picture(name: AnyName) -> dict:
	"""Return a retainer's bank and what is claimed of it (see `retainer.picture`).

	Raises:
	        frappe.PermissionError: the user may not read the retainer.
	"""
	requests.check_right("Retainer", "read", name)
	return retainer.picture(name)


@frappe.whitelist()
@requests.checked
def retainer_links(doctype: ShortText, name: AnyName, items: ListOfNames | None = None) -> dict:
	"""Return what Frappe's `get_open_count` returns for the connections of a retainer, with the timesheets the ledger knows.

	Raises:
	        frappe.PermissionError: the user may not read the retainer.
	"""
	if doctype != "Retainer":  # any document of that name would do to get at the retainer's timesheets
		frappe.throw(_("Ask for a retainer here."), frappe.PermissionError)
	requests.check_right(doctype, "read", name)
	wanted = [each for each in items or () if each != "Timesheet"]
	found = get_open_count(doctype, name, wanted)
	sheets = retainer.timesheets(name)
	link = {"doctype": "Timesheet", "open_count": 0, "count": len(sheets), "names": sheets}
	found["count"]["internal_links_found"].append(link)
	return found


@frappe.whitelist()
@requests.checked
def held_time(name: AnyName) -> list[dict]:
	"""Return a retainer's time that waits for the customer's approval (see `retainer.held`).

	Raises:
	        frappe.PermissionError: the user may not read the retainer.
	"""
	requests.check_right("Retainer", "read", name)
	return retainer.held(name)


@frappe.whitelist()
@requests.checked
def terms_in_words(doc: Values) -> list[str]:
	"""Return the terms on a form, saved or not, in words.

	Raises:
	        frappe.PermissionError: the user may not read retainers.
	"""
	requests.check_role_right("Retainer", "read")
	return contract.in_words(frappe._dict(doc))


@frappe.whitelist()
@requests.checked
def derivation(entry: AnyName) -> str:
	"""Return how a ledger entry came about, one step a line.

	Raises:
	        frappe.PermissionError: the user may not read the entry.
	"""
	requests.check_right("Timebank Entry", "read", entry)
	return billing.derivation_of(entry)


@frappe.whitelist(methods=["GET"])
@requests.checked
def period_export(period: AnyName) -> None:
	"""Send a period's statement as JSON, with all its entries, to be checked without the site (`core/chain.py`).

	Raises:
	        frappe.PermissionError: the user may not read the period, or no ledger.
	"""
	requests.check_right("Timebank Period", "read", period)
	requests.check_role_right("Timebank Entry", "read")
	frappe.local.response.filename = f"{period}.json"
	frappe.local.response.filecontent = frappe.as_json(timebank.export(period)).encode()
	frappe.local.response.type = "download"
	frappe.local.response.display_content_as = "attachment"
