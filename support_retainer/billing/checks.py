"""What is refused, and how it is said."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, getdate

from support_retainer import clock, contracts, tickets, timebank
from support_retainer.words import bold, filled


def check_rows(doc: Document) -> dict[tuple[str, str], tickets.Ticket]:
	"""Refuse rows on tickets that cannot be charged as they stand; return the tickets, by kind and name.

	Raises:
	        frappe.ValidationError: a missing ticket, no beginning or end, an end not after its start, another customer's ticket, a day outside the
	                retainer or after the period that today is in, or time of one employee that overlaps.
	"""
	rows = [row for row in doc.time_logs if row.get("ticket")]
	for row in rows:
		if not row.ticket_type:
			row.ticket_type = tickets.TICKET_TYPES[0]
	found = {
		(doctype, name): ticket
		for doctype in {row.ticket_type for row in rows}
		for name, ticket in _tickets(doctype, rows).items()
	}
	covered = []
	for row in rows:
		ticket = found.get((row.ticket_type, row.ticket))
		if not ticket:
			_refuse(row, filled(_("there is no ticket {0}. Choose another one."), row.ticket))
		_check_times(row)
		_check_customer(doc, row, ticket)
		ticket = tickets.as_of(ticket, getdate(row.from_time))
		if ticket.retainer:
			_check_retainer(row, ticket)
			covered.append(row)
	_check_overlaps(doc, covered)
	return found


def check_not_invoiced(doc: Document) -> None:
	"""Refuse to cancel a timesheet whose time stands on a submitted invoice.

	Raises:
	        frappe.ValidationError: naming the invoice and what to do with it.
	"""
	billed = [row.sales_invoice for row in timebank.entries_of(timesheet=doc.name, billing_status="Billed")]
	if billed:
		frappe.throw(
			filled(
				_(
					"Time of {0} is on the submitted Sales Invoice {1}. Cancel that invoice first, then cancel the timesheet."
				),
				bold(doc.name),
				", ".join(sorted(set(billed))),
			),
			title=_("Already invoiced"),
		)


def _tickets(doctype: str, rows: list[Document]) -> dict[str, tickets.Ticket]:
	if doctype not in tickets.TICKET_TYPES:
		row = next(row for row in rows if row.ticket_type == doctype)
		_refuse(row, filled(_("{0} is not a kind of ticket. Choose Issue."), doctype))
	return tickets.get_tickets(doctype, {row.ticket for row in rows if row.ticket_type == doctype})


def _check_times(row: Document) -> None:
	if not row.from_time:
		_refuse(
			row,
			filled(_("it is on ticket {0} and says no From Time. Fill in when the work began."), row.ticket),
		)
	if not row.to_time:
		_refuse(
			row, filled(_("it is on ticket {0} and says neither To Time nor Hours. Fill in one."), row.ticket)
		)
	start, end = clock.worked(row)
	if end.timestamp() <= start.timestamp():  # of one zone, Python would compare the wall times
		_refuse(row, _("the work ends before it starts. Correct From Time and To Time."))
	longest = contracts.longest_entry()
	if (
		clock.to_aware(row.to_time).timestamp() - clock.to_aware(row.from_time).timestamp()
		> longest.total_seconds()
	):
		_refuse(
			row,
			_("it is longer than {0} hours. Correct From Time and To Time, or divide it.").format(
				f"{longest.total_seconds() / 3600:g}"
			),
		)


def _check_customer(doc: Document, row: Document, ticket: tickets.Ticket) -> None:
	others = {
		_("timesheet"): doc.customer,
		_("project"): row.project and frappe.get_cached_value("Project", row.project, "customer"),
	}
	for where, customer in others.items():
		if customer and ticket.customer and customer != ticket.customer:
			_refuse(
				row,
				filled(
					_("ticket {0} belongs to {1}, but the {2} to {3}. Book it on a timesheet of its own."),
					ticket.name,
					ticket.customer,
					where,
					customer,
				),
			)


def _check_retainer(row: Document, ticket: tickets.Ticket) -> None:
	retainer = frappe.get_cached_doc("Retainer", ticket.retainer)
	day = getdate(row.from_time)
	if retainer.end_date and day > getdate(retainer.end_date):
		_refuse(
			row,
			filled(
				_(
					"retainer {0} of ticket {1} ended {2}. Extend it, or open a new ticket under a new retainer."
				),
				retainer.name,
				ticket.name,
				frappe.format(retainer.end_date, "Date"),
			),
		)
	if day < getdate(retainer.start_date):
		_refuse(
			row,
			filled(
				_(
					"retainer {0} of ticket {1} starts {2}, after this work. Correct the time or the retainer."
				),
				retainer.name,
				ticket.name,
				frappe.format(retainer.start_date, "Date"),
			),
		)
	if day > (until := timebank.bookable_until(retainer)):
		_refuse(row, timebank.too_early(retainer.name, day, until))


def _check_overlaps(doc: Document, rows: list[Document]) -> None:
	"""One person's minute is charged once, also where Projects Settings lets times overlap."""
	rows = sorted(
		(row for row in rows if row.from_time and row.to_time), key=lambda row: get_datetime(row.from_time)
	)
	for earlier, later in pairwise(rows):
		if get_datetime(later.from_time) < get_datetime(earlier.to_time):
			_refuse(later, filled(_("its time overlaps row {0}. Correct one of them."), earlier.idx))
	if not doc.employee or not rows:
		return
	others = _logged_elsewhere(
		doc, get_datetime(rows[0].from_time), max(get_datetime(row.to_time) for row in rows)
	)
	for row in rows:
		for other in others:
			if get_datetime(row.from_time) < other.to_time and other.from_time < get_datetime(row.to_time):
				_refuse(
					row,
					filled(
						_("its time overlaps row {0} of {1}. Correct one of them."), other.idx, other.parent
					),
				)


def _logged_elsewhere(doc: Document, start: datetime, end: datetime) -> list[frappe._dict]:
	"""Return the employee's rows on tickets, on other timesheets, that touch a span. One query for the whole timesheet."""
	sheet, log = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timesheet Detail")
	return (
		frappe.qb.from_(log)
		.join(sheet)
		.on(log.parent == sheet.name)
		.select(log.parent, log.idx, log.from_time, log.to_time)
		.where((sheet.employee == doc.employee) & (sheet.docstatus < 2) & (sheet.name != (doc.name or "")))
		.where(log.ticket.isnotnull() & (log.ticket != ""))
		.where((log.from_time < end) & (log.to_time > start))
	).run(as_dict=True)


def _refuse(row: Document, why: str) -> None:
	frappe.throw(filled(_("Row {0}: {1}"), row.idx, why), title=_("This time cannot be charged"))
