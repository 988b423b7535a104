"""A manager's word on what work was: a ticket that was registered as urgent by mistake, say."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime

from support_retainer import tickets, timebank
from support_retainer.billing import anew
from support_retainer.words import filled, in_language_of


def reprice(
	ticket_type: str, ticket: str, urgency: str, since: datetime, until: datetime | None, reason: str
) -> int:
	"""Price work on a ticket in a span of time as of another urgency: what was submitted is reversed and charged anew.

	Drafts follow when they are saved or submitted.

	Returns:
	        how many rows of submitted timesheets were charged anew.

	Raises:
	        frappe.ValidationError: no reason, an end before the start, or some of the work is on a submitted invoice.
	"""
	reason = (reason or "").strip()
	if not reason:
		frappe.throw(_("Write why the work is priced otherwise."))
	if until and until <= since:
		frappe.throw(_("The span ends before it begins. Correct the times."))
	rows = _rows(ticket_type, ticket, since, until)
	for retainer in sorted({row.retainer for row in rows.values()}):
		timebank.lock(retainer)
	rows = _rows(ticket_type, ticket, since, until)
	_refuse_billed(list(rows))
	tickets.correct_urgency(ticket_type, ticket, urgency, since, until, reason)
	who = frappe.utils.get_fullname(frappe.session.user)
	for detail, row in rows.items():
		with in_language_of(row.customer):
			said = _("Priced as {0} by {1}: {2}").format(_(urgency), who, reason)
		# asked for anew each time: what shares a pool with the one before was written anew with it
		anew.charge_row(detail, timebank.entries_of(timesheet_detail=detail), said, said)
	return len(rows)


def _rows(ticket_type: str, ticket: str, since: datetime, until: datetime | None) -> dict[str, frappe._dict]:
	"""Return an entry of each submitted row of time that lies in the span, or partly so, oldest first."""
	entries = timebank.entries_of(ticket_type=ticket_type, ticket=ticket)
	ends = dict(
		frappe.get_all(
			"Timesheet Detail",
			{"name": ("in", [entry.timesheet_detail for entry in entries if entry.timesheet_detail])},
			["name", "to_time"],
			as_list=True,
		)
	)
	found: dict[str, frappe._dict] = {}
	for entry in entries:
		end = ends.get(entry.timesheet_detail)
		last = until or datetime.max
		if end and get_datetime(end) > since and get_datetime(entry.occurred_on) < last:
			found.setdefault(entry.timesheet_detail, entry)
	return found


def _refuse_billed(details: list[str]) -> None:
	billed = timebank.entries_of(timesheet_detail=("in", details), billing_status="Billed")
	if not billed:
		return
	after = max(get_datetime(entry.occurred_on) for entry in billed) + timedelta(days=1)
	frappe.throw(
		filled(
			_(
				"Work in this span is on the submitted Sales Invoice {0}. Cancel that invoice first, or choose a span from {1} on; "
				"what was invoiced too dearly can also be credited there."
			),
			", ".join(sorted({entry.sales_invoice for entry in billed})),
			frappe.utils.format_date(after),
		),
		title=_("Already invoiced"),
	)
