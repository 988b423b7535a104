"""Tickets learn how urgent they were, and when: from what they were registered as, and what Frappe kept of their changes."""

from __future__ import annotations

import json

import frappe
from frappe.utils import get_datetime

from support_retainer.setup.install import add_fields
from support_retainer.tickets.history import ROW, TABLE
from support_retainer.tickets.ticket import TICKET_TYPES, urgency
from support_retainer.writing import insert_rows

BATCH = 500


def execute() -> None:
	add_fields()
	for doctype in TICKET_TYPES:
		have = set(frappe.get_all(ROW, {"parenttype": doctype}, pluck="parent", distinct=True))
		fields = ["name", "priority", "budget_state", "opening_date", "opening_time", "creation"]
		issues = frappe.get_all(doctype, {"retainer": ("is", "set")}, fields)
		issues = [row for row in issues if row.name not in have]
		for start in range(0, len(issues), BATCH):
			_write(doctype, issues[start : start + BATCH])


def _write(doctype: str, issues: list[frappe._dict]) -> None:
	changes = _changes(doctype, [row.name for row in issues])
	rows = []
	for issue in issues:
		for number, (since, priority) in enumerate(_steps(issue, changes.get(issue.name, [])), 1):
			rows.append(
				{
					"name": frappe.generate_hash(length=10),
					"parent": issue.name,
					"parenttype": doctype,
					"parentfield": TABLE,
					"idx": number,
					"since": since,
					"urgency": urgency(priority),
					"budget_state": issue.budget_state,
				}
			)
	if rows:
		insert_rows(ROW, rows)


def _changes(doctype: str, names: list[str]) -> dict[str, list[tuple]]:
	"""Return when a ticket's priority changed, from what to what, oldest first."""
	filters = {"ref_doctype": doctype, "docname": ("in", names), "data": ("like", '%"priority"%')}
	found: dict[str, list[tuple]] = {}
	for row in frappe.get_all("Version", filters, ["docname", "creation", "data"], order_by="creation"):
		for change in json.loads(row.data or "{}").get("changed") or ():
			if change[0] == "priority":
				found.setdefault(row.docname, []).append((get_datetime(row.creation), change[1], change[2]))
	return found


def _steps(issue: frappe._dict, changes: list[tuple]) -> list[tuple]:
	"""Return from when on the ticket had which priority; a change between two of one urgency is none."""
	began = get_datetime(issue.creation)
	if issue.opening_date:
		began = get_datetime(f"{issue.opening_date} {issue.opening_time or '00:00:00'}")
	steps = [(began.replace(microsecond=0), changes[0][1] if changes else issue.priority)]
	for since, _old, new in changes:
		if urgency(new) != urgency(steps[-1][1]):
			steps.append((since.replace(microsecond=0), new))
	return steps
