"""ERPNext's own billing figures on timesheet rows, kept in line with the ledger."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt

from support_retainer import timebank

ABOVE = "Warning - Row {0}: Billing Hours are more than Actual Hours"  # ERPNext's own words
ASKED = ("To Bill", "Billed")
# A timesheet's totals and what of its rows they add up
COSTS = {"total_costing_amount": "costing_amount", "base_total_costing_amount": "base_costing_amount"}
BILLING = {
	"total_{0}_hours": "billing_hours",
	"total_{0}_amount": "billing_amount",
	"base_total_{0}_amount": "base_billing_amount",
}


def set_billing(doc: Document, log: Document, seconds: int, amount: float, currency: str) -> None:
	"""Set a row's billing figures: hours from seconds, and money in the timesheet's own currency."""
	log.is_billable = int(amount > 0)
	log.billing_hours = flt(seconds / 3600, log.precision("billing_hours")) if amount else 0
	log.billing_amount = _in_currency_of(doc, amount, currency)
	log.billing_rate = log.billing_amount / log.billing_hours if log.billing_hours else 0
	rate = flt(doc.exchange_rate) or 1
	log.base_billing_amount, log.base_billing_rate = log.billing_amount * rate, log.billing_rate * rate


def follow_ledger(details: Iterable[str], notes: dict[str, str] | None = None) -> None:
	"""Bring rows of submitted timesheets in line with their live entries, and their timesheets' totals with them.

	Args:
	        details: names of the rows.
	        notes: the line that says how a row is charged, where it changed.
	"""
	details, notes = sorted(set(details)), notes or {}
	if not details:
		return
	entries = timebank.entries_of(timesheet_detail=("in", details))
	filters = {"name": ("in", details), "docstatus": 1}
	rows = timebank.rows("Timesheet Detail", filters, ["parent", "name"], "name")
	for name in sorted({row.parent for row in rows}):
		sheet = frappe.get_doc("Timesheet", name, for_update=True)
		for log in sheet.time_logs:
			if log.name in details:
				_follow(sheet, log, [entry for entry in entries if entry.timesheet_detail == log.name])
				log.timebank_note = notes.get(log.name, log.timebank_note)
		save_totals(sheet)


def add_up(sheet: Document) -> None:
	"""Set a timesheet's totals from its rows, as ERPNext does, but leave the rows alone.

	ERPNext's own way warns of every row that bills more than was worked, as each started quarter with project management does.
	"""
	rows, billable = sheet.time_logs, [log for log in sheet.time_logs if log.is_billable]
	billed = [log for log in billable if log.sales_invoice]
	sheet.total_hours = _sum(rows, "hours")
	for total, field in COSTS.items():
		sheet.set(total, _sum(rows, field))
	for name, field in BILLING.items():
		sheet.set(name.format("billable"), _sum(billable, field))
		sheet.set(name.format("billed"), _sum(billed, field))
	sheet.calculate_percentage_billed()


def _sum(rows: Iterable[Document], field: str) -> float:
	return sum((flt(row.get(field)) for row in rows), 0.0)


def save_totals(sheet: Document) -> None:
	"""Have a submitted timesheet add up its rows anew, the way ERPNext does it when an invoice takes them."""
	add_up(sheet)
	sheet.set_status()
	sheet.db_update_all()


def unsay_hours(invoice: Document) -> None:
	"""Take back ERPNext 15's warning, as an invoice is submitted or cancelled, of our own rows that bill more than was worked.

	It is right as it is: a started quarter is charged whole, and project management is added. Other rows' warnings stay.
	"""
	names = {row.time_sheet for row in invoice.get("timesheets") or () if row.time_sheet}
	if not names or not frappe.local.message_log:
		return
	fields = ["idx", "hours", "billing_hours", "timebank_note"]
	rows = timebank.rows("Timesheet Detail", {"parent": ("in", names)}, fields, "name")
	above = [row for row in rows if flt(row.billing_hours) > flt(row.hours)]
	others = {row.idx for row in above if not row.timebank_note}
	texts = {frappe._(ABOVE).format(row.idx) for row in above if row.timebank_note and row.idx not in others}
	frappe.local.message_log = [
		said for said in frappe.local.message_log if frappe.parse_json(said).get("message") not in texts
	]


def _follow(sheet: Document, log: Document, entries: list[frappe._dict]) -> None:
	asked = [entry for entry in entries if entry.billing_status in ASKED]
	seconds = sum(cint(entry.overage) for entry in asked) or sum(cint(entry.base) for entry in asked)
	currency = entries[0].currency if entries else None
	set_billing(sheet, log, seconds, float(sum(flt(entry.amount) for entry in asked)), currency)


def _in_currency_of(doc: Document, amount: float, currency: str | None) -> float:
	"""Return an amount in the timesheet's own currency, which is the company's where it says none."""
	own = doc.currency or frappe.get_cached_value("Company", doc.company, "default_currency")
	if not amount or own == currency:
		return amount
	from erpnext.setup.utils import get_exchange_rate

	return flt(amount * flt(get_exchange_rate(currency, own, doc.start_date)))
