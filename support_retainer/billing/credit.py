"""Credit notes, and debit notes: what they move of a retainer's invoice, in money and in time sold.

A line of a note is of the kind of the invoice's line that it names, or, where it names none, of the first one of the same item.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from support_retainer import timebank
from support_retainer.billing import hand_edits, stamps, topups
from support_retainer.words import filled, in_language_of, money

INVOICE = "Sales Invoice"
LEDGER_KINDS = (*stamps.CHARGES, stamps.TOP_UP)


def is_note(doc: Document) -> bool:
	"""Return whether an invoice is a credit note, or a debit note on another invoice."""
	return bool(doc.is_return or (doc.is_debit_note and doc.return_against))


def stamp(doc: Document) -> None:
	"""Put a note under the retainer and period of the invoice it is against, and its lines under the kinds of that one's.

	Raises:
	        frappe.ValidationError: it is in another currency than the time bank's lines it is against.
	"""
	original = _original(doc)
	doc.retainer, doc.timebank_period = (
		(original.retainer, original.timebank_period) if original else (None, None)
	)
	sources = _sources(doc) if original else {}
	for row in doc.items:
		source = sources.get(row.idx)
		stamps.put(row, stamps.kind_of(source) if source else "")
	if original and doc.currency != original.currency and any(map(stamps.kind_of, doc.items)):
		frappe.throw(
			filled(
				_("{0} is in {1}. A note on it is in the same currency."),
				doc.return_against,
				original.currency,
			),
			title=_("Another currency"),
		)


def say(doc: Document) -> None:
	"""Tell whoever saves a credit note which of its lines leave the hours that were sold where they are."""
	if doc.docstatus or not doc.get("retainer"):
		return
	sources = _sources(doc)
	for row in doc.items:
		source = sources.get(row.idx)
		if stamps.kind_of(row) != stamps.TOP_UP or not source or topups.seconds_given_back(doc, row, source):
			continue
		frappe.msgprint(
			filled(
				_(
					"Row {0} credits money alone: the hours stay in the time bank. To take hours back, credit them at {1} each."
				),
				row.idx,
				money(source.rate, doc.currency),
			),
			title=_("The hours stay"),
			indicator="orange",
		)


def on_submit(doc: Document) -> None:
	"""Write what each line moves as a correction; take time sold back.

	Raises:
	        frappe.ValidationError: more of a top-up is credited than is left of it.
	"""
	original = _original(doc)
	if not original:
		return
	timebank.lock(original.retainer)
	sources = _sources(doc)
	for row in doc.items:
		source, kind = sources.get(row.idx), stamps.kind_of(row)
		if kind not in LEDGER_KINDS:
			continue
		seconds = topups.seconds_given_back(doc, row, source) if kind == stamps.TOP_UP else 0
		if seconds:
			topups.take_back_part(doc, row, source.name, seconds)
		elif stamps.net(row):
			_correct(doc, row, original.timebank_period or topups.period_of(source.name))


def on_cancel(doc: Document) -> None:
	"""What a cancelled note moved counts again as it did before."""
	if not _original(doc):
		return
	timebank.lock(doc.retainer)
	entries = timebank.entries_of(sales_invoice=doc.name)
	with in_language_of(doc.customer):
		reason = _("Credit note {0} was cancelled").format(doc.name)
	timebank.reverse([entry.name for entry in entries], reason)


def standing(invoices: Iterable[str]) -> dict[str, Decimal]:
	"""Return for each entry that credit notes took something of which share of its quantity still stands, from 0 up to 1.

	A credit of the price alone leaves the quantity, unless nothing is left to pay.
	"""
	names = sorted({name for name in invoices if name})
	filters = {"return_against": ("in", names), "is_return": 1, "docstatus": 1}
	notes = [frappe.get_doc(INVOICE, name) for name in frappe.get_all(INVOICE, filters, pluck="name")]
	if not notes:
		return {}
	lines = {name: row for invoice in names for name, row in stamps.stored(invoice).items()}
	quantity: dict[str, Decimal] = {}
	left = {name: stamps.net(row) for name, row in lines.items()}
	for note in notes:
		for idx, source in _sources(note).items():
			row = note.items[idx - 1]
			left[source.name] += stamps.net(row)
			if not is_price_alone(row, source):
				quantity[source.name] = quantity.get(source.name, Decimal(0)) + abs(Decimal(str(row.qty)))
	return {
		entry: Decimal(0)
		if left[name] <= 0
		else max(Decimal(0), 1 - quantity.get(name, Decimal(0)) / Decimal(str(row.qty or 1)))
		for name, row in lines.items()
		if left[name] != stamps.net(row)
		for entry in stamps.entries_on(row)
	}


def is_price_alone(row: Document, source: frappe._dict) -> bool:
	"""Return whether a line of a credit note gives back money and not what was sold: no quantity, or a lower price."""
	return not flt(row.qty) or flt(row.rate) < flt(source.rate)


def _correct(doc: Document, row: Document, period: str) -> None:
	with in_language_of(doc.customer):
		text = _("Asked for in addition by {0} on {1}") if doc.is_debit_note else _("Credited by {0} on {1}")
	hand_edits.correct(
		doc.retainer,
		period,
		stamps.net(row),
		invoice=doc.name,
		key=f"CREDIT:{row.name}",
		reason=text.format(doc.name, doc.return_against),
	)


def check_not_beyond(doc: Document) -> None:
	"""Refuse to credit more money than an invoice and the notes on it ask for; ERPNext counts quantities alone.

	Raises:
	        frappe.ValidationError: names what is left.
	"""
	if not doc.is_return or not doc.get("retainer"):
		return
	timebank.lock(doc.retainer)
	if frappe.db.get_value(INVOICE, doc.return_against, "is_return"):
		return
	notes = frappe.get_all(INVOICE, {"return_against": doc.return_against, "docstatus": 1}, pluck="name")
	lines = frappe.get_all(
		stamps.CHILD,
		filters={"parent": ("in", [doc.return_against, *(set(notes) - {doc.name})])},
		fields=["net_amount", *stamps.FIELDS],
	)
	stands = sum((stamps.net(row) for row in lines if stamps.kind_of(row) in LEDGER_KINDS), Decimal(0))
	credited = sum((stamps.net(row) for row in doc.items if stamps.kind_of(row) in LEDGER_KINDS), Decimal(0))
	if credited < 0 and -credited > stands:
		frappe.throw(
			filled(
				_("Of {0} only {1} is left to credit, not {2}. Credit at most {1}."),
				doc.return_against,
				money(stands, doc.currency),
				money(-credited, doc.currency),
			),
			title=_("More than was asked for"),
		)


def _original(doc: Document) -> frappe._dict | None:
	if not doc.return_against:
		return None
	fields = ["retainer", "timebank_period", "currency"]
	found = frappe.db.get_value(INVOICE, doc.return_against, fields, as_dict=True)
	return found if found and found.retainer else None


def _sources(doc: Document) -> dict[int, frappe._dict]:
	"""Return the line of the original that each line of a note is about, by the number of the note's line."""
	lines = stamps.stored(doc.return_against)
	found: dict[int, frappe._dict] = {}
	for row in doc.items:
		source = lines.get(row.sales_invoice_item)
		if not source:
			same = [line for line in lines.values() if line.item_code == row.item_code]
			named = [line for line in same if line.ticket and line.ticket == row.get("ticket")]
			source = next(iter([*named, *same]), None)
		if source:
			found[row.idx] = source
	return found
