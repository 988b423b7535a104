"""Who books time: the user's Employee record, and the kind of work they did last."""

from __future__ import annotations

import frappe
from frappe import _

from support_retainer.words import bold, filled


def employee_of(user: str) -> frappe._dict:
	"""Return a user's active Employee: `name`, `company`.

	Raises:
	        frappe.ValidationError: there is none, or it names no company.
	"""
	fields = ["name", "company"]
	found = frappe.db.get_value("Employee", {"user_id": user, "status": "Active"}, fields, as_dict=True)
	if not found:
		frappe.throw(
			filled(
				_(
					"You have no Employee record, so no time can be booked for you. Ask whoever keeps the employees to make one with {0} as its User ID."
				),
				bold(user),
			),
			title=_("No Employee"),
		)
	return found


def last_activity(employee: str) -> str | None:
	"""Return the Activity Type an employee booked last, else one for development; None when the site has neither."""
	sheet, log = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timesheet Detail")
	last = (
		frappe.qb.from_(log)
		.join(sheet)
		.on(log.parent == sheet.name)
		.select(log.activity_type)
		.where((sheet.employee == employee) & (sheet.docstatus < 2))
		.where(log.activity_type.isnotnull() & (log.activity_type != ""))
		.orderby(log.from_time, order=frappe.qb.desc)
		.limit(1)
	).run(pluck=True)
	return last[0] if last else frappe.db.get_value("Activity Type", {"work_category": "Development"}, "name")
