"""Tickets as lists show them: the customer's own rows, with their promise in words. One or two queries a list."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.query_builder import Order
from frappe.query_builder.functions import Coalesce
from pypika.analytics import Count as CountOver
from pypika.functions import NullIf

from support_retainer import clock, tickets
from support_retainer.portal import access, wording
from support_retainer.portal.page import address, asked, open_page, page_number

PAGE_LENGTH = 20
UNRANKED = 1_000_000  # after everything that has a rank
OPEN = ("Open", "Replied", "On Hold")
FIELDS = (
	"name",
	"subject",
	"status",
	"priority",
	"opening_date",
	"origin",
	"accepted_on",
	"sla_rule",
	"customer_rank",
	"expected_hours",
	"assign_by",
	"assigned_on",
	"assign_status",
	"start_by",
	"started_on",
	"start_status",
)
STATES = {
	"open": OPEN,
	"waiting": ("Replied", "On Hold"),
	"done": ("Resolved", "Closed"),
	"all": (),
}


def show_tickets(context: frappe._dict) -> None:
	"""Fill in the list: searched, filtered, a page at a time."""
	seen = open_page(context, _("Tickets"), "/support/tickets")
	state = asked("state", 10) if asked("state", 10) in STATES else "open"
	text, urgency = asked("q"), asked("urgency", 10)
	number = page_number()
	query = _of(seen.customer, STATES[state])
	if text:
		query = _searched(query, text)
	if urgency in ("Normal", "Urgent"):
		is_urgent = Coalesce(frappe.qb.DocType("Issue Priority").is_urgent, 0)
		query = query.where(is_urgent == (1 if urgency == "Urgent" else 0))
	rows = query.limit(PAGE_LENGTH + 1).offset((number - 1) * PAGE_LENGTH).run(as_dict=True)
	context.tickets = shown(rows[:PAGE_LENGTH])
	context.update(state=state, text=text, urgency=urgency, states=_states(), number=number)
	here = {"state": state, "q": text, "urgency": urgency}
	context.earlier = address("/support/tickets", **here, page=number - 1) if number > 1 else None
	context.later = address("/support/tickets", **here, page=number + 1) if len(rows) > PAGE_LENGTH else None


def newest_open(customer: str, limit: int) -> tuple[int, list[frappe._dict]]:
	"""Return how many tickets are open, and the first of them in the order they are worked. One query, and one for forecasts."""
	rows = _of(customer, OPEN).select(CountOver("*").over().as_("of_all")).limit(limit).run(as_dict=True)
	return (rows[0].of_all if rows else 0), shown(rows)


def open_tickets(customer: str) -> list[frappe._dict]:
	"""Return all open tickets in the order they are worked."""
	return shown(_of(customer, OPEN).run(as_dict=True))


def shown(rows: list[frappe._dict]) -> list[frappe._dict]:
	"""Add to rows what people read: the promise, whether urgent, the address, the status as a customer says it."""
	forecasts = _forecasts(rows)
	for row in rows:
		row.urgent = tickets.urgency(row.priority) == "Urgent"
		row.promise = wording.promise(row, forecasts.get(row.name))
		row.url = f"/support/tickets/{row.name}"
		row.state, row.colour = state_of(row)
	return rows


def state_of(row: frappe._dict) -> tuple[str, str]:
	"""Return a ticket's status as the customer sees it, and the colour of its indicator."""
	if row.status in STATES["done"]:
		return (_("Solved") if row.status == "Resolved" else _("Closed")), "green"
	if row.status == "Replied":
		return _("Waits for you"), "orange"
	if row.status == "On Hold":
		return _("On hold"), "gray"
	if tickets.pending_suggestion(row):
		return _("Suggested by us"), "purple"
	return (_("In progress"), "blue") if row.started_on else (_("Open", context="ticket"), "yellow")


def ticket_of(seen: access.Visitor, name: str) -> frappe.model.document.Document:
	"""Return one of the customer's tickets.

	Raises:
	        frappe.PermissionError: there is none of that name, or it is somebody else's: the answer is the same.
	"""
	if not name or frappe.db.get_value("Issue", name, "customer") != seen.customer or not seen.customer:
		access.refuse()
	return frappe.get_doc("Issue", name)


def urgent_priority() -> str | None:
	"""Return the priority that makes a new ticket urgent."""
	return frappe.db.get_value("Issue Priority", {"is_urgent": 1}, "name", order_by="creation")


def _issue():
	return frappe.qb.DocType("Issue")


def _of(customer: str, statuses: tuple[str, ...]):
	issue, priority = _issue(), frappe.qb.DocType("Issue Priority")
	query = (
		frappe.qb.from_(issue)
		.left_join(priority)
		.on(priority.name == issue.priority)
		.select(*(issue[field] for field in FIELDS))
		.where(issue.customer == customer)
	)
	if not statuses:
		return query.orderby(issue.creation, order=Order.desc)
	query = query.where(issue.status.isin(statuses))
	if "Open" not in statuses:
		return query.orderby(issue.modified, order=Order.desc)
	ranked = Coalesce(NullIf(issue.customer_rank, 0), UNRANKED)
	urgent = Coalesce(priority.is_urgent, 0)
	return query.orderby(urgent, order=Order.desc).orderby(ranked).orderby(issue.creation)


def _searched(query, text: str):
	issue = _issue()
	like = (
		f"%{text.replace('%', '_')}%"  # a text is searched for; many patterns in one cost the database dearly
	)
	return query.where(issue.subject.like(like) | issue.name.like(like) | issue.description.like(like))


def _states() -> list[tuple[str, str]]:
	return [
		("open", _("Open", context="tickets")),
		("waiting", _("Waiting for somebody")),
		("done", _("Done", context="tickets")),
		("all", _("All", context="tickets")),
	]


def _forecasts(rows: list[frappe._dict]) -> dict[str, datetime]:
	"""Return when work may begin on tickets in the queue; asked only when one of the rows is there."""
	if not any(row.start_status == "Queued" and not row.started_on and row.status == "Open" for row in rows):
		return {}
	return {place.name: clock.to_site(place.starts) for place in tickets.queue() if place.starts}
