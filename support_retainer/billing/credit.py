"""Credit notes: what they give back of a retainer's invoice, in money and in time sold."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import contracts, timebank
from support_retainer.billing import hand_edits, topups
from support_retainer.words import in_language_of


def on_validate(doc: Document) -> None:
	"""Put a credit note under the retainer and period of the invoice it credits."""
	original = _original(doc)
	if original:
		doc.retainer, doc.timebank_period = original.retainer, original.timebank_period


def on_submit(doc: Document) -> None:
	"""Write each credited line as a correction; take time sold back.

	Raises:
	        frappe.ValidationError: more of a top-up is credited than is left of it.
	"""
	original = _original(doc)
	if not original:
		return
	timebank.lock(original.retainer)
	credited = {
		row.name: row
		for row in frappe.get_all(
			"Sales Invoice Item", filters={"parent": doc.return_against}, fields=["name", "timebank_line"]
		)
	}
	with in_language_of(doc.customer):
		reason = _("Credited by {0} on {1}").format(doc.name, doc.return_against)
	for row in doc.items:
		source = credited.get(row.sales_invoice_item)
		if topups.is_sold(row):
			topups.take_back_part(doc, row)
		elif source and source.timebank_line and original.timebank_period and not _is_post_fee(row):
			hand_edits.correct(
				original.retainer,
				original.timebank_period,
				Decimal(str(row.amount)),
				invoice=doc.name,
				key=f"CREDIT:{row.name}",
				reason=reason,
			)


def on_cancel(doc: Document) -> None:
	"""What a cancelled credit note gave back counts again."""
	if not _original(doc):
		return
	timebank.lock(doc.retainer)
	entries = timebank.entries_of(sales_invoice=doc.name)
	with in_language_of(doc.customer):
		reason = _("Credit note {0} was cancelled").format(doc.name)
	timebank.reverse([entry.name for entry in entries], reason)


def _original(doc: Document) -> frappe._dict | None:
	if not doc.return_against:
		return None
	fields = ["retainer", "timebank_period", "posting_date"]
	found = frappe.db.get_value("Sales Invoice", doc.return_against, fields, as_dict=True)
	return found if found and found.retainer else None


def _is_post_fee(row: Document) -> bool:
	return row.item_code == contracts.settings().invoice_fee_item
