"""What a ticket's form says at its head: the promise, the customer's time, what the customer agreed to, and the timer."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from support_retainer import billing, clock, consent, contracts, requests, tickets, timebank
from support_retainer.desk import timer
from support_retainer.words import hours

COLOURS = {
	"Met": "green",
	"Pending": "green",
	"At Risk": "orange",
	"Breached": "red",
	"Queued": "blue",
	"Paused": "gray",
	"Not Promised": "gray",
}

CONSENT = {"Approved": "green", "Declined": "red", "Exceeded": "red"}


def head(ticket_type: str, name: str, user: str) -> dict:
	"""Return what the head of a ticket shows. Parts that do not apply, or the user may not see, are None.

	Keys: `promise` (see `promise`), `queue` (`place`, `forecast`), `bank` (`colour`, `text`), `consent` (see `agreed`), `held` (text), `timer` (see
	`timer.running`), `warning` (text), `waiting` (the status in which it waits for its customer), `stands_still` (it does),
	`can_book` (the user has an Employee record).
	"""
	doc = frappe.get_doc(ticket_type, name)
	is_open = doc.status not in ("Resolved", "Closed")
	place = tickets.place_of(name) if is_open and doc.get("start_status") == "Queued" else None
	return {
		"promise": promise(doc) if doc.get("retainer") else None,
		"queue": place and {"place": place.place, "forecast": clock.to_site(place.starts)},
		"bank": bank(doc) if is_open else None,
		"consent": agreed(doc) if doc.get("retainer") else None,
		"can_ask": is_open and bool(requests.has_role_right("Ticket Estimate", "create")),
		"held": held(doc),
		"timer": timer.running(user),
		"warning": contracts.holiday_list_warning(doc.get("start_by") and doc.start_by.date())
		if is_open and doc.get("retainer")
		else None,
		"waiting": waiting_status(),
		"stands_still": doc.status in contracts.pausing_statuses(),
		"can_book": bool(frappe.db.exists("Employee", {"user_id": user, "status": "Active"})),
	}


def promise(doc: Document) -> dict:
	"""Return the promise as it stands: `colour`, `state`, `text` with {0} where `by` belongs, what went `before`, and the seconds of
	`tickets.Standing` (`left`, `counted`, `risk`), which a form counts down while `runs` (`counted` only `in_office` hours)."""
	found = tickets.standing(doc)
	return {
		"state": found.state,
		"colour": COLOURS[found.state],
		"text": _sentence(found, begun=bool(doc.started_on)),
		"before": _assigned(doc) if found.target == "start" else "",
		"by": found.by,
		"left": found.left,
		"counted": found.counted,
		"risk": found.risk,
		"in_office": contracts.office_calendar().is_counted(clock.to_aware(clock.now())),
		"runs": bool(found.by) and found.state != "Paused" and doc.status == "Open",
	}


def bank(doc: Document) -> dict | None:
	"""Return what the customer has left after this ticket's expected hours; None without a time bank, or the right to see it."""
	retainer = doc.get("retainer")
	if not retainer or not requests.has_right("Retainer", "read", retainer):
		return None
	row = frappe.get_cached_doc("Retainer", retainer)
	if row.mode == "Without Timebank":
		return {"colour": "gray", "text": _("Without a time bank: all work is invoiced")}
	free = timebank.outlook(retainer, clock.today()) - tickets.reserved(retainer, but=doc.name)
	expected = round(flt(doc.expected_hours) * 3600)
	if not expected:
		text = (
			_("{0} left for this ticket in the time bank")
			if free > 0
			else _("Nothing is left in the time bank")
		)
		return {"colour": "green" if free > 0 else "orange", "text": text.format(hours(free))}
	after = free - max(0, expected - charged(doc))
	if after < 0:
		text = _("{0} short in the time bank for the expected {1}").format(hours(-after), hours(expected))
		return {"colour": "orange", "text": text}
	text = _("{0} left in the time bank after the expected {1}").format(hours(after), hours(expected))
	return {"colour": "green", "text": text}


def agreed(doc: Document) -> dict | None:
	"""Return what the customer agreed to: `colour`, `text`, whether it `blocks` work, and the `doctype` and `name` of what was
	asked, if anything was; None where no estimate is needed."""
	found = consent.ticket_state(doc.doctype, doc.name)
	if found["state"] == "Not Needed":
		return None
	colour = CONSENT.get(found["state"], "orange")
	asked = ("Ticket Estimate", "estimate") if found["estimate"] else ("Support Sprint", "sprint")
	return {
		"state": found["state"],
		"colour": "orange" if found["near_limit"] and colour == "green" else colour,
		"text": found["sentence"],
		"blocks": found["blocks"],
		"doctype": asked[0],
		"name": found[asked[1]],
	}


def held(doc: Document) -> str | None:
	"""Return how much of this ticket's time waits for the customer's approval; None when none does."""
	retainer = doc.get("retainer")
	if not retainer or not requests.has_right("Retainer", "read", retainer):
		return None
	seconds = sum(int(row.overage or 0) for row in billing.held_entries(retainer, doc.name))
	return _("{0} held until the customer approves").format(hours(seconds)) if seconds else None


def charged(doc: Document) -> int:
	"""Return the seconds charged on a ticket so far, without project management; what was given counts as done."""
	entries = timebank.entries_of(ticket_type=doc.doctype, ticket=doc.name, component="Work")
	return sum(int(row.charged or 0) + int(row.would_charged or 0) for row in entries)


def waiting_status() -> str | None:
	"""Return the status in which a ticket waits for its customer: On Hold where that pauses, else the first that does."""
	found = contracts.pausing_statuses()
	return "On Hold" if "On Hold" in found else next(iter(found), None)


def _assigned(doc: Document) -> str:
	if doc.assign_status == "Breached":
		return _("Assigned, but later than promised")
	return _("Assigned as promised") if doc.assign_status == "Met" and doc.assign_by else ""


def _sentence(found: tickets.Standing, *, begun: bool) -> str:
	if found.state == "Not Promised":
		return _("No promised time")
	if not found.target and not begun:
		return _("Done in time") if found.state == "Met" else _("Done, but later than promised")
	if not found.target:
		return _("Begun as promised") if found.state == "Met" else _("Begun, but later than promised")
	if found.state == "Queued":
		return _("To be done at the first available slot")
	if not found.by:
		return _("Paused")
	if found.target == "assign":
		return {
			"Breached": _("Should have been assigned by {0}"),
			"Paused": _("Paused; to be assigned by {0}, moved by the pause"),
		}.get(found.state, _("To be assigned by {0}"))
	return {
		"Breached": _("Should have been started by {0}"),
		"Paused": _("Paused; to be started by {0}, moved by the pause"),
	}.get(found.state, _("To be started by {0}"))
