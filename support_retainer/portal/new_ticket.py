"""A new ticket: the promise and the price are read before it is sent, and what was read is what holds."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html

from support_retainer.portal import access, files, offers, tickets_shown
from support_retainer.portal.forms import answer
from support_retainer.portal.page import asked, go, open_page

LONGEST = 20_000
MOST_HOURS = 1000


class OfferChanged(frappe.ValidationError):
	"""The promise or price is another than the one that was read."""


def show_new(context: frappe._dict) -> None:
	"""Fill in the form; after a refusal, with what was typed."""
	seen = open_page(context, _("New ticket"), "/support/tickets")
	answer(context, seen, {"send": _send, "look": _look})
	typed = _typed()
	context.typed = typed
	context.cards = offers.cards(seen.customer, hours_of(typed["expected_hours"]))


def _look(seen: access.Visitor) -> None:
	"""Show the form again, with what the hours typed in make of promise and price."""


def _send(seen: access.Visitor) -> None:
	typed = _typed()
	if not typed["subject"]:
		frappe.throw(_("Write what it is about."))
	hours = _hours(typed["expected_hours"])
	_check_offer(seen.customer, typed["urgency"], hours)
	ticket = frappe.get_doc(
		{
			"doctype": "Issue",
			"subject": typed["subject"],
			"description": as_html(typed["description"]),
			"customer": seen.customer,
			"raised_by": frappe.db.get_value("User", seen.user, "email"),
			"contact": frappe.db.get_value("Contact", {"user": seen.user}),
			"priority": tickets_shown.urgent_priority() if typed["urgency"] == "Urgent" else None,
			"expected_hours": hours,
			"estimate_requested": int(typed["estimate"]),
			"via_customer_portal": 1,
		}
	)
	ticket.flags.price_read = True  # no request can set it
	ticket.insert(
		ignore_permissions=True
	)  # contacts have no right on Issue; who acts for the customer was checked
	files.attach(ticket)
	go(f"/support/tickets/{ticket.name}", done="sent")


def as_html(text: str) -> str:
	"""Return typed text as the HTML that Frappe keeps texts in; markup in it stays text."""
	paragraphs = escape_html(text.replace("\r\n", "\n")).split("\n\n")
	return "".join(f"<p>{part.strip().replace(chr(10), '<br>')}</p>" for part in paragraphs if part.strip())


def _typed() -> dict:
	return {
		"subject": asked("subject"),
		"description": asked("description", LONGEST),
		"urgency": "Urgent" if asked("urgency") == "Urgent" else "Normal",
		"expected_hours": asked("expected_hours", 10),
		"estimate": asked("estimate", 1) == "1",
	}


def _check_offer(customer: str, urgency: str, hours: float | None) -> None:
	"""Whoever sends has read a promise and a price: when they have changed since, they are shown anew first."""
	if asked(f"offer_{urgency}", 300) != offers.card(customer, urgency, hours).token:
		frappe.throw(
			_(
				"The promise or the price has changed since you opened the page. Read it again, then send the ticket."
			),
			OfferChanged,
		)


def _hours(text: str) -> float | None:
	if not text:
		return None
	hours = hours_of(text)
	if hours is None:
		frappe.throw(_("Write the expected hours as a number, like 2 or 1.5."))
	return hours


def hours_of(text: str | None) -> float | None:
	"""Return typed hours as a number, with a point or a comma; None for what is no sensible number."""
	try:
		hours = float((text or "").replace(",", "."))
	except ValueError:
		return None
	return hours if 0 < hours <= MOST_HOURS else None
