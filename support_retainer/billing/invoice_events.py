"""A Sales Invoice's life, as far as the ledger cares: billed on submit, to bill again on cancel, and never twice."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import background, timebank
from support_retainer.billing import (
	claims,
	credit,
	exchange,
	hand_edits,
	keeping,
	refusals,
	sheets,
	stamps,
	topups,
)
from support_retainer.words import filled, html


def before_invoice_validate(doc: Document, method: str | None = None) -> None:
	"""Before ERPNext reckons: a line stays what it is, whatever was sent, and the exchange rate follows the date.

	Raises:
	        frappe.ValidationError: the lines of the time bank cannot be billed so.
	"""
	if credit.is_note(doc):
		credit.stamp(doc)
		return
	if not doc.flags.from_room:
		keeping.keep(doc)
	if doc.get("retainer"):
		exchange.follow_date(doc)


def on_invoice_validate(doc: Document, method: str | None = None) -> None:
	"""Keep time that a retainer bills off every other invoice, and say what differs from the ledger.

	Raises:
	        frappe.ValidationError: a row of time that another retainer invoice bills, or copies of the time bank's lines on submit.
	"""
	if credit.is_note(doc):
		credit.say(doc)
		if doc.docstatus:
			credit.check_not_beyond(doc)
		return
	if doc.flags.from_room:
		_drop_fetched(doc)
		return
	hand_edits.say(doc)
	topups.say(doc)
	_check_copies(doc)
	_check_time(doc)


def on_invoice_update(doc: Document, method: str | None = None) -> None:
	"""An amended invoice takes the charges it bills from the draft they went to meanwhile."""
	if doc.amended_from and not doc.flags.from_room and doc.get("retainer") and not credit.is_note(doc):
		claims.take(doc)


def on_invoice_submit(doc: Document, method: str | None = None) -> None:
	"""Stamp the entries on this invoice as billed, keep what was edited by hand, and mint the time it sells.

	A credit note takes back what it credits, in money and in time sold.
	"""
	sheets.unsay_hours(doc)
	if credit.is_note(doc):
		credit.on_submit(doc)
		return
	if not doc.get("retainer"):
		return
	timebank.lock(doc.retainer)
	entries = hand_edits.settled_by(doc)
	hand_edits.keep(doc, entries)
	timebank.set_billing([row.name for row in entries], "Billed", doc.name)
	_release(doc, "To Bill")  # what no line bills waits for the next invoice
	topups.mint(doc)
	_give_back_rows(doc)
	if doc.get("timebank_period"):
		background.solved(refusals.key_of(doc.timebank_period))


def on_invoice_cancel(doc: Document, method: str | None = None) -> None:
	"""Its charges wait to be billed again; the time it sold is taken back, unless it was used."""
	sheets.unsay_hours(doc)
	if credit.is_note(doc):
		credit.on_cancel(doc)
		return
	if doc.get("retainer"):
		timebank.lock(doc.retainer)
		topups.take_back(doc)
		hand_edits.forget(doc)
	_release(doc, "Billed")


def on_invoice_trash(doc: Document, method: str | None = None) -> None:
	"""A deleted draft lets go of its charges; the next draft takes them up."""
	_release(doc, "To Bill")


def _drop_fetched(doc: Document) -> None:
	"""ERPNext fetches all time of the project onto an invoice without any; the room's own invoices bill what the ledger says."""
	own = doc.flags.own_time or []
	if len(doc.timesheets) > len(own):
		doc.set("timesheets", [row for row in doc.timesheets if row.timesheet_detail in own])
		doc.calculate_billing_amount_for_timesheet()


def _check_copies(doc: Document) -> None:
	"""Say that copies of the time bank's lines bill nothing; they are never submitted, for the customer would pay twice."""
	copies = [row for row in doc.items if stamps.is_copy(row)]
	if not copies:
		return
	text = filled(
		_(
			"Copied lines of the time bank bill nothing: what they stand for is on the invoice they were copied from. Remove rows {0}. To bill something else, add lines of your own."
		),
		", ".join(str(row.idx) for row in copies),
	)
	if doc.docstatus:
		frappe.throw(html(text), title=_("Copied from a retainer's invoice"))
	frappe.msgprint(html(text), title=_("Copied from a retainer's invoice"), indicator="orange")


def _check_time(doc: Document) -> None:
	if not doc.get("timesheets"):
		return
	owners = _owners(doc)
	taken = [row for row in doc.timesheets if row.timesheet_detail in owners]
	if not taken:
		return
	if doc.project and doc.is_auto_fetch_timesheet_enabled():
		doc.set("timesheets", [row for row in doc.timesheets if row.timesheet_detail not in owners])
		doc.calculate_billing_amount_for_timesheet()
		return
	frappe.throw(
		filled(
			_("Time of {0} is billed by retainer {1}. Remove its rows from the table of timesheets."),
			", ".join(sorted({row.time_sheet for row in taken})),
			", ".join(sorted(set(owners.values()))),
		),
		title=_("Billed by a retainer"),
	)


def _release(doc: Document, status: str) -> None:
	if not doc.get("retainer") or credit.is_note(doc):
		return
	timebank.lock(doc.retainer)
	entries = timebank.entries_of(sales_invoice=doc.name, billing_status=status)
	timebank.set_billing([row.name for row in entries], "To Bill", None)


def _owners(doc: Document) -> dict[str, str]:
	"""Return the retainers that charge this invoice's rows of time, and on some other invoice alone, by row."""
	details = [row.timesheet_detail for row in doc.timesheets if row.timesheet_detail]
	if not details:
		return {}
	entries = timebank.entries_of(timesheet_detail=("in", details), billing_status=("!=", ""))
	own = {name for row in doc.items if stamps.is_charge(row) for name in stamps.entries_on(row)}
	billed_here = {row.timesheet_detail for row in entries if row.name in own}
	return {row.timesheet_detail: row.retainer for row in entries if row.timesheet_detail not in billed_here}


def _give_back_rows(doc: Document) -> None:
	"""Without a project on the invoice ERPNext marks every row of a timesheet as billed; only ours are."""
	ours = {row.timesheet_detail for row in doc.timesheets}
	for name in {row.time_sheet for row in doc.timesheets if row.time_sheet}:
		sheet = frappe.get_doc("Timesheet", name)
		strays = [log for log in sheet.time_logs if log.sales_invoice == doc.name and log.name not in ours]
		if not strays:
			continue
		for log in strays:
			log.sales_invoice = None
		sheets.save_totals(sheet)
