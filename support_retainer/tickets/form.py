"""What a ticket's form shows beyond its fields: the place in the queue, and what staff should know about the calendar."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from support_retainer import clock, contracts
from support_retainer.tickets import slots
from support_retainer.tickets.ticket import TICKET_TYPES


@frappe.whitelist()
def clock_info(ticket_type: str, ticket: str) -> dict:
	"""Return `place` and `forecast` (naive site time) of a ticket in the queue, and a `warning` about the holiday list.

	Raises:
	        frappe.PermissionError: the user may not read the ticket.
	"""
	if ticket_type not in TICKET_TYPES:
		frappe.throw(_("{0} is not a kind of ticket.").format(frappe.utils.escape_html(ticket_type)))
	frappe.has_permission(ticket_type, "read", doc=ticket, throw=True)
	found = frappe.db.get_value(ticket_type, ticket, ["start_status", "start_by"], as_dict=True)
	place = slots.place_of(ticket) if found.start_status == "Queued" else None
	return {
		"place": place and place.place,
		"forecast": place and clock.to_site(place.starts),
		"warning": contracts.holiday_list_warning(found.start_by and getdate(found.start_by)),
	}
