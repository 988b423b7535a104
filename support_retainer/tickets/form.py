"""What a ticket's form shows beyond its fields: the place in the queue, and what staff should know about the calendar."""

from __future__ import annotations

import frappe
from frappe.utils import getdate

from support_retainer import clock, contracts, requests
from support_retainer.requests.kinds import Ticket
from support_retainer.tickets import slots
from support_retainer.tickets.ticket import TicketType


@frappe.whitelist()
@requests.checked
def clock_info(ticket_type: TicketType, ticket: Ticket) -> dict:
	"""Return `place` and `forecast` (naive site time) of a ticket in the queue, and a `warning` about the holiday list.

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	"""
	requests.check_right(ticket_type, "read", ticket)
	found = frappe.db.get_value(ticket_type, ticket, ["start_status", "start_by"], as_dict=True)
	place = slots.place_of(ticket) if found.start_status == "Queued" else None
	return {
		"place": place and place.place,
		"forecast": place and clock.to_site(place.starts),
		"warning": contracts.holiday_list_warning(found.start_by and getdate(found.start_by)),
	}
