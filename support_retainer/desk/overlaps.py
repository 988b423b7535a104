"""Time that is booked already: ERPNext refuses a person's minute twice, so what is still free is offered instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import cint, format_time, get_datetime

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Taken:
	"""A row of a timesheet in the way. Naive site times."""

	timesheet: str
	ticket: str | None
	start: datetime
	end: datetime

	def sentence(self) -> str:
		"""Return it in words."""
		return _("{0}–{1} is booked already, on {2}.").format(
			_clock(self.start), _clock(self.end), self.ticket or self.timesheet
		)


def taken(employee: str, start: datetime, end: datetime) -> list[Taken]:
	"""Return an employee's booked rows that touch a span, in order of time. Where the site lets times overlap, only
	those on tickets count: a customer's minute is charged once."""
	sheet, log = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timesheet Detail")
	query = (
		frappe.qb.from_(log)
		.join(sheet)
		.on(log.parent == sheet.name)
		.select(sheet.name, log.ticket, log.from_time, log.to_time)
		.where((sheet.employee == employee) & (sheet.docstatus < 2))
		.where((log.from_time < end) & (log.to_time > start))
		.orderby(log.from_time)
	)
	if cint(frappe.db.get_single_value("Projects Settings", "ignore_employee_time_overlap")):
		query = query.where(log.ticket.isnotnull() & (log.ticket != ""))
	return [
		Taken(row.name, row.ticket, get_datetime(row.from_time), get_datetime(row.to_time))
		for row in query.run(as_dict=True)
	]


def free(span: Span, rows: Iterable[Taken]) -> list[Span]:
	"""Return the parts of a span that no row takes, in order of time."""
	start, end = span
	found = []
	for row in sorted(rows, key=lambda row: row.start):
		if row.start > start:
			found.append((start, min(row.start, end)))
		start = max(start, row.end)
		if start >= end:
			return found
	return [*found, (start, end)]


def in_words(spans: Iterable[Span]) -> str:
	"""Return spans as people read them: "09:00–09:30, 10:00–11:00"."""
	return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans)


def _clock(moment: datetime) -> str:
	return format_time(moment, "HH:mm")
