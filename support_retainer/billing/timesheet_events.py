"""A Timesheet's life: shown what it will cost on save, charged on submit, reversed on cancel.

Rows without a ticket, and rows on tickets of customers without a retainer, are left exactly as ERPNext has them.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from support_retainer import timebank
from support_retainer.billing import anew, checks, draft, explain, not_charged, pools, posting, sheets
from support_retainer.billing.charging import RetainerCharge, booked_rows, charge, charge_pools
from support_retainer.words import in_language_of


def before_timesheet_validate(doc: Document, method: str | None = None) -> None:
	"""Read from the rows what is charged and what is not, before ERPNext adds them up."""
	not_charged.read_rows(doc)


def before_timesheet_update(doc: Document, method: str | None = None) -> None:
	"""On a submitted timesheet, ERPNext's billing figures of what the ledger has are the ledger's."""
	not_charged.refuse_by_hand(doc)


def on_timesheet_validate(doc: Document, method: str | None = None) -> None:
	"""Check the rows on tickets and show on each how it will be charged, against the bank as it stands now."""
	doc.flags.support_retainer_tickets = checks.check_rows(doc)
	_forget_notes(doc)
	if doc.docstatus == 0:
		charges = charge(booked_rows(doc), locked=False, but=doc.name)
		_write_notes(charges)
		_write_billing(doc, charges)


def before_timesheet_submit(doc: Document, method: str | None = None) -> None:
	"""Charge the rows under their retainers' locks, and tell ERPNext what is billable: covered time is not."""
	charges = charge(booked_rows(doc), locked=True, but=doc.name)
	doc.flags.support_retainer_charges = charges
	_write_notes(charges)
	_write_billing(doc, charges)


def on_timesheet_submit(doc: Document, method: str | None = None) -> None:
	"""Write the ledger, and put what is to be invoiced on the period's draft."""
	charges = doc.flags.pop("support_retainer_charges", None) or []
	for part in charges:
		with in_language_of(part.retainer.customer):
			reason = _("Charged again with Timesheet {0}, on the same ticket and day").format(doc.name)
		anew.post(part, reason)
	for part in charges:
		anew.bring_up_to_date(part)


def before_timesheet_cancel(doc: Document, method: str | None = None) -> None:
	"""Refuse when any of its time stands on a submitted invoice."""
	for retainer in sorted({row.retainer for row in timebank.entries_of(timesheet=doc.name)}):
		timebank.lock(retainer)
	checks.check_not_invoiced(doc)


def on_timesheet_cancel(doc: Document, method: str | None = None) -> None:
	"""Reverse its entries, charge what is left of their pools anew, and take its lines off the drafts."""
	entries = timebank.entries_of(timesheet=doc.name)
	for customer in sorted({row.customer for row in entries}):
		names = [row.name for row in entries if row.customer == customer]
		timebank.reverse(names, _cancelled(doc, customer))
	parts = [charge_pools(retainer, keys, doc.name) for retainer, keys in sorted(_pools_of(entries).items())]
	for part in parts:
		anew.post(part, _cancelled(doc, part.retainer.customer))
	for retainer, period in sorted({(row.retainer, row.period) for row in entries if row.amount}):
		draft.bring_up_to_date(timebank.lock(retainer), period, only_existing=True)
	for part in parts:
		anew.bring_up_to_date(part)


def _cancelled(doc: Document, customer: str) -> str:
	with in_language_of(customer):
		return _("Timesheet {0} was cancelled").format(doc.name)


def _pools_of(entries: list[frappe._dict]) -> dict[str, set[pools.Key]]:
	found: dict[str, set[pools.Key]] = {}
	for entry in entries:
		key = pools.Key(entry.ticket_type, entry.ticket, getdate(entry.occurred_on))
		found.setdefault(entry.retainer, set()).add(key)
	return found


def _forget_notes(doc: Document) -> None:
	for row in doc.time_logs:
		if row.get("timebank_note"):
			row.timebank_note = None


def _write_notes(charges: list[RetainerCharge]) -> None:
	for part in charges:
		for row in part.rows:
			row.booked.row.timebank_note = explain.note(row)


def _write_billing(doc: Document, charges: list[RetainerCharge]) -> None:
	"""Set each row's billing figures after ERPNext set its own, and add them up again.

	On a draft *Is Billable* says that the row is charged, also where the bank covers it.
	"""
	if not charges:
		return
	for part in charges:
		for row in part.rows:
			amount, seconds = posting.billable_amount(row), posting.billable_seconds(row)
			sheets.set_billing(doc, row.booked.row, seconds, amount, part.retainer.currency)
			if doc.docstatus == 0:
				row.booked.row.is_billable = int(not row.given)
	sheets.add_up(doc)
