"""A Sales Invoice's life, as far as the ledger cares: billed on submit, to bill again on cancel, and never twice."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import timebank
from support_retainer.billing import credit, hand_edits, sheets, topups
from support_retainer.words import filled


def on_invoice_validate(doc: Document, method: str | None = None) -> None:
	"""Keep time that a retainer bills off every other invoice.

	Raises:
	        frappe.ValidationError: a row of time that another retainer invoice bills.
	"""
	if doc.is_return:
		credit.on_validate(doc)
		return
	if doc.flags.from_room:
		_drop_fetched(doc)
		return
	hand_edits.say(doc)
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


def on_invoice_submit(doc: Document, method: str | None = None) -> None:
	"""Stamp the entries on this invoice as billed, keep what was edited by hand, and mint the time it sells.

	A credit note takes back what it credits, in money and in time sold.
	"""
	sheets.unsay_hours(doc)
	if doc.is_return:
		credit.on_submit(doc)
		return
	if not doc.get("retainer"):
		return
	timebank.lock(doc.retainer)
	entries = timebank.entries_of(sales_invoice=doc.name, billing_status="To Bill")
	hand_edits.keep(doc, entries)
	timebank.set_billing([row.name for row in entries], "Billed", doc.name)
	topups.mint(doc)
	_give_back_rows(doc)


def on_invoice_cancel(doc: Document, method: str | None = None) -> None:
	"""Its charges wait to be billed again; the time it sold is taken back, unless it was used."""
	sheets.unsay_hours(doc)
	if doc.is_return:
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


def _release(doc: Document, status: str) -> None:
	if not doc.get("retainer") or doc.is_return:
		return
	timebank.lock(doc.retainer)
	entries = timebank.entries_of(sales_invoice=doc.name, billing_status=status)
	timebank.set_billing([row.name for row in entries], "To Bill", None)


def _owners(doc: Document) -> dict[str, str]:
	"""Return the retainers that charge this invoice's rows of time on some other invoice, by row."""
	details = [row.timesheet_detail for row in doc.timesheets if row.timesheet_detail]
	if not details:
		return {}
	entries = timebank.entries_of(timesheet_detail=("in", details), billing_status=("!=", ""))
	return {row.timesheet_detail: row.retainer for row in entries if row.sales_invoice != doc.name}


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
