"""Work Queue: what to do now, in order, with the reason for the place."""

from __future__ import annotations

import frappe
from frappe import _

from support_retainer import contracts, tickets
from support_retainer.paper import tables

FIELDS = ("customer", "subject", "expected_hours", "assign_status", "start_status")


def execute(filters: dict | None = None) -> tuple:
	"""Return columns, rows and a warning when the holiday list ends before a promise, or soon."""
	filters = tables.asked(filters)
	tasks = tickets.worklist(filters.customer, filters.assigned_to)
	last = max((task.when.date() for task in tasks if task.when), default=None)
	return _columns(), [_row(task) for task in tasks], contracts.holiday_list_warning(last)


def _columns() -> list[dict]:
	def column(fieldname: str, label: str, fieldtype: str, width: int, **more) -> dict:
		return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}

	return [
		column("place", _("Place"), "Int", 65),
		column("ticket", _("Ticket"), "Link", 140, options="Issue"),
		column("subject", _("Subject"), "Data", 240),
		column("customer", _("Customer", context="Retainer"), "Link", 160, options="Customer"),
		column("urgency", _("Urgency"), "Data", 90),
		column("reason", _("Why Here"), "Data", 340),
		column("when", _("Limit or Forecast"), "Datetime", 185),
		column("assigned_to", _("Assigned To"), "Data", 160),
		column("expected_hours", _("Expected Hours"), "Float", 140),
		column("assign_status", _("Assignment"), "Data", 100),
		column("start_status", _("Start of Work"), "Data", 110),
	]


def _row(task: tickets.Task) -> dict:
	return {
		"place": task.place,
		"ticket": task.ticket.name,
		"urgency": _(task.urgency),
		"reason": task.reason,
		"when": task.when,
		"assigned_to": ", ".join(frappe.parse_json(task.ticket._assign or "[]")),
		**{field: task.ticket.get(field) for field in FIELDS},
	}
