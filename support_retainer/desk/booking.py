"""Booking time on a ticket: rows on the person's draft Timesheet of the week, which they submit when it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, get_first_day_of_week

from support_retainer import clock
from support_retainer.desk import overlaps, people, timer
from support_retainer.desk.overlaps import Span
from support_retainer.words import hours, html, plain

DOCTYPE = "Timesheet"


@dataclass(frozen=True, slots=True)
class Work:
	"""What a person says they did: naive site times, a note, the Activity Type, and why it is not charged, where it is not."""

	ticket_type: str
	ticket: str
	start: datetime
	end: datetime
	note: str = ""
	activity_type: str | None = None
	not_charged_because: str | None = None
	not_charged_note: str = ""


@dataclass(slots=True)
class Preview:
	"""What booking would do. `notes` are the charge's own lines, `warnings` what else saving would say; with a `problem` nothing can be
	booked as it stands."""

	worked: int = 0
	notes: list[str] = field(default_factory=list)
	warnings: list[str] = field(default_factory=list)
	problem: str = ""
	free: list[Span] = field(default_factory=list)
	offer: str = ""


def preview(user: str, work: Work) -> Preview:
	"""Return how work would be charged, against the bank as it stands, or why it cannot be booked. Writes nothing."""
	employee = people.employee_of(user)
	if timer.elapsed(work.start, work.end) <= 0:
		return Preview(problem=_("The work ends before it starts. Correct the times."))
	found = Preview(worked=timer.elapsed(work.start, work.end))
	spans = [(work.start, work.end)]
	if rows := overlaps.taken(employee.name, work.start, work.end):
		found.problem = " ".join(row.sentence() for row in rows)
		spans = found.free = overlaps.free(spans[0], rows)
		if spans:
			found.offer = _("Book the free time only: {0}").format(overlaps.in_words(spans))
	try:
		if spans:
			found.notes, found.warnings = _charges(employee, work, spans)
	except frappe.ValidationError as error:
		frappe.clear_last_message()
		found.problem, found.free, found.offer = plain(error), [], ""
	return found


def book(user: str, work: Work, *, only_free: bool = False) -> tuple[Document, list[Span]]:
	"""Write work on the draft of its week and stamp the ticket as begun; returns the Timesheet and the spans booked.

	Args:
	        user: whose work it is.
	        work: what was done.
	        only_free: leave out what is booked already.

	Raises:
	        frappe.ValidationError: no Employee record, an end before the start, or time that is booked already.
	        frappe.PermissionError: the user may not write timesheets.
	"""
	employee = people.employee_of(user)
	if timer.elapsed(work.start, work.end) <= 0:
		frappe.throw(_("The work ends before it starts. Correct the times."))
	frappe.db.get_value(
		"Employee", employee.name, "name", for_update=True
	)  # one draft, also from two windows
	spans = [(work.start, work.end)]
	if rows := overlaps.taken(employee.name, work.start, work.end):
		spans = overlaps.free(spans[0], rows)
		if not only_free or not spans:
			frappe.throw(html(" ".join(row.sentence() for row in rows)), title=_("Booked already"))
	doc = _draft(employee, work.start.date())
	_append(doc, work, spans)
	doc.save()
	return doc, spans


def summary(doc: Document, spans: Sequence[Span]) -> str:
	"""Return what was booked, in words."""
	return _("{0} booked on {1}.").format(hours(sum(timer.elapsed(*span) for span in spans)), doc.name)


def _charges(employee: frappe._dict, work: Work, spans: Sequence[Span]) -> tuple[list[str], list[str]]:
	"""Validate the timesheet as saving it would, and return what its new rows then say, and what it warns of."""
	doc = _draft(employee, work.start.date())
	_append(doc, work, spans)
	said = len(frappe.local.message_log)
	doc.run_method("before_validate")
	doc.run_method("validate")
	warnings = [_text(message) for message in frappe.local.message_log[said:]]
	del frappe.local.message_log[said:]  # the form shows them itself
	return [row.timebank_note for row in doc.time_logs[-len(spans) :] if row.timebank_note], warnings


def _text(message: dict | str) -> str:
	return plain(frappe.parse_json(message).get("message"))


def _draft(employee: frappe._dict, day: date) -> Document:
	"""Return the employee's draft of the week a day is in, or a new one. Drafts for one customer or project are left alone."""
	monday = get_first_day_of_week(day)
	filters = {
		"employee": employee.name,
		"docstatus": 0,
		"start_date": ("between", (monday, monday + timedelta(days=6))),
		"customer": ("is", "not set"),
		"parent_project": ("is", "not set"),
	}
	names = frappe.get_all(DOCTYPE, filters=filters, order_by="creation", limit=1, pluck="name")
	if names:
		return frappe.get_doc(DOCTYPE, names[0])
	doc = frappe.new_doc(DOCTYPE)
	doc.update({"employee": employee.name, "company": employee.company, "time_logs": []})
	return doc


def _append(doc: Document, work: Work, spans: Sequence[Span]) -> None:
	ticket = frappe.db.get_value(work.ticket_type, work.ticket, ["subject", "project"], as_dict=True)
	for start, end in spans:
		doc.append(
			"time_logs",
			{
				"ticket_type": work.ticket_type,
				"ticket": work.ticket,
				"activity_type": work.activity_type,
				"from_time": start,
				"from_second_hour": start.fold,
				"to_time": end,
				"to_second_hour": end.fold,
				"hours": timer.elapsed(start, end) / 3600,
				"description": work.note or ticket.subject,
				"project": ticket.project,
				"is_billable": int(not work.not_charged_because),
				"not_charged_because": work.not_charged_because,
				"not_charged_note": work.not_charged_note,
			},
		)


def as_work(
	ticket_type: str,
	ticket: str,
	from_time: str,
	to_time: str,
	note: str = "",
	activity_type: str | None = None,
	not_charged_because: str | None = None,
	not_charged_note: str = "",
	from_second: bool = False,
	to_second: bool = False,
) -> Work:
	"""Return what a form says as work, in whole seconds. `from_second` and `to_second` tell the second of a doubled hour."""
	start, end = (
		clock.in_hour(get_datetime(moment).replace(microsecond=0), second)
		for moment, second in ((from_time, from_second), (to_time, to_second))
	)
	because = not_charged_because or None
	why = (not_charged_note or "").strip() if because else ""
	return Work(ticket_type, ticket, start, end, (note or "").strip(), activity_type, because, why)
