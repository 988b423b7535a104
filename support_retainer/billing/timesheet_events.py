"""A Timesheet's life: shown what it will cost on save, charged on submit, reversed on cancel.

Rows without a ticket, and rows on tickets of customers without a retainer, are left exactly as ERPNext has them.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from support_retainer import tickets, timebank
from support_retainer.billing import checks, draft, explain, posting
from support_retainer.billing.charging import RetainerCharge, RowCharge, booked_rows, charge, started_at


def on_timesheet_validate(doc: Document, method: str | None = None) -> None:
	"""Check the rows on tickets and show on each how it will be charged, against the bank as it stands now."""
	checks.check_rows(doc)
	_forget_notes(doc)
	if doc.docstatus == 0:
		_write_notes(charge(booked_rows(doc), locked=False))


def before_timesheet_submit(doc: Document, method: str | None = None) -> None:
	"""Charge the rows under their retainers' locks, and tell ERPNext what is billable: covered time is not."""
	charges = charge(booked_rows(doc), locked=True)
	doc.flags.support_retainer_charges = charges
	_write_notes(charges)
	if charges:
		_write_billing(doc, charges)


def on_timesheet_submit(doc: Document, method: str | None = None) -> None:
	"""Write the ledger, stamp the tickets, and put what is to be invoiced on the period's draft."""
	charges = doc.flags.pop("support_retainer_charges", None) or []
	for part in charges:
		timebank.post(posting.entries_for(doc, part))
	for (doctype, name), moment in started_at(charges).items():
		tickets.mark_started(doctype, name, moment)
	for part in charges:
		if part.retainer.invoice_cadence == "On Submit":
			for period in sorted({row.period for row in part.rows}):
				draft.bring_up_to_date(part.retainer, period)


def before_timesheet_cancel(doc: Document, method: str | None = None) -> None:
	"""Refuse when any of its time stands on a submitted invoice."""
	for retainer in sorted({row.retainer for row in timebank.entries_of(timesheet=doc.name)}):
		timebank.lock(retainer)
	checks.check_not_invoiced(doc)


def on_timesheet_cancel(doc: Document, method: str | None = None) -> None:
	"""Reverse its entries and take its lines off the drafts."""
	entries = timebank.entries_of(timesheet=doc.name)
	timebank.reverse([row.name for row in entries], _("Timesheet {0} was cancelled").format(doc.name))
	for retainer, period in sorted({(row.retainer, row.period) for row in entries if row.amount}):
		draft.bring_up_to_date(timebank.lock(retainer), period, only_existing=True)
	for row in doc.time_logs:
		if row.get("ticket"):
			tickets.reconsider_started(row.ticket_type, row.ticket, row.from_time)


def _forget_notes(doc: Document) -> None:
	for row in doc.time_logs:
		if row.get("timebank_note"):
			row.timebank_note = None


def _write_notes(charges: list[RetainerCharge]) -> None:
	for part in charges:
		for row in part.rows:
			row.booked.row.timebank_note = explain.note(part, row)


def _write_billing(doc: Document, charges: list[RetainerCharge]) -> None:
	"""Set each row's billing figures after ERPNext set its own, and have it add them up again."""
	for part in charges:
		for row in part.rows:
			_bill_row(doc, part, row)
	doc.calculate_total_amounts()
	doc.calculate_percentage_billed()


def _bill_row(doc: Document, part: RetainerCharge, row: RowCharge) -> None:
	log, amount = row.booked.row, _billable_now(part, row)
	log.is_billable = int(amount > 0)
	log.billing_hours = flt(row.billable_seconds / 3600, log.precision("billing_hours")) if amount else 0
	log.billing_amount = _in_currency_of(doc, amount, part.retainer.currency)
	log.billing_rate = log.billing_amount / log.billing_hours if log.billing_hours else 0
	rate = flt(doc.exchange_rate) or 1
	log.base_billing_amount, log.base_billing_rate = log.billing_amount * rate, log.billing_rate * rate


def _billable_now(part: RetainerCharge, row: RowCharge) -> float:
	now = (piece.amount for piece in row.pieces if posting.billing_status(part.retainer, piece) == "To Bill")
	return float(sum(now))


def _in_currency_of(doc: Document, amount: float, currency: str) -> float:
	"""Return an amount in the timesheet's own currency, which is the company's where it says none."""
	own = doc.currency or frappe.get_cached_value("Company", doc.company, "default_currency")
	if not amount or own == currency:
		return amount
	from erpnext.setup.utils import get_exchange_rate

	return flt(amount * flt(get_exchange_rate(currency, own, doc.start_date)))
