"""Tickets remember what people said by hand of assignment and start, apart from what booked time and timers say; and one that has
ended in time is Met, not Paused for ever."""

from __future__ import annotations

import frappe
from frappe.query_builder.functions import Min

from support_retainer.setup.install import add_fields
from support_retainer.tickets.pauses import ENDED


def execute() -> None:
	add_fields()
	_note("assigned_on", "assignment_noted_on")
	_note("started_on", "start_noted_on")
	for name in ("assign", "start"):
		_end(name)


def _note(done: str, noted: str) -> None:
	"""A stamp that no booked time explains was said by hand."""
	issue, log = frappe.qb.DocType("Issue"), frappe.qb.DocType("Timesheet Detail")
	first = (
		frappe.qb.from_(log)
		.select(log.ticket, Min(log.from_time).as_("first"))
		.where((log.ticket_type == "Issue") & (log.docstatus < 2) & log.ticket.isnotnull())
		.groupby(log.ticket)
	).run(as_dict=True)
	worked = {row.ticket: str(row.first) for row in first}
	rows = (
		frappe.qb.from_(issue)
		.select(issue.name, issue[done].as_("moment"))
		.where(issue[done].isnotnull() & issue[noted].isnull())
	).run(as_dict=True)
	assigned = set(frappe.get_all("ToDo", {"reference_type": "Issue"}, pluck="reference_name", distinct=True))
	for row in rows:
		if worked.get(row.name) == str(row.moment) and (done == "started_on" or row.name not in assigned):
			continue
		frappe.db.set_value("Issue", row.name, noted, row.moment, update_modified=False)


def _end(name: str) -> None:
	issue = frappe.qb.DocType("Issue")
	(
		frappe.qb.update(issue)
		.set(issue[f"{name}_status"], "Met")
		.where(issue.status.isin(ENDED) & (issue[f"{name}_status"] == "Paused"))
		.where(issue[f"{name}_by"].isnotnull())
	).run()
