"""Invoice lines that somebody changed by hand: noticed, said, and kept in the ledger as a correction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import clock, contracts, timebank
from support_retainer.billing.lines import lines
from support_retainer.words import filled, html, in_language_of, money


def say(doc: Document) -> None:
	"""Tell whoever saves a draft whose lines are not the ledger's any more."""
	if doc.docstatus or not doc.get("retainer") or doc.is_new():
		return
	entries = timebank.entries_of(sales_invoice=doc.name, billing_status="To Bill")
	if entries and is_edited(doc, entries):
		frappe.msgprint(html(_in_words(doc, entries)), title=_("Not as in the ledger"), indicator="orange")


def say_overwritten(doc: Document) -> None:
	"""Leave a comment on a draft whose changed lines are about to be written anew."""
	entries = timebank.entries_of(sales_invoice=doc.name, billing_status="To Bill")
	if entries and is_edited(doc, entries):
		doc.add_comment("Comment", filled(_("{0} The lines were written anew."), _in_words(doc, entries)))


def keep(doc: Document, entries: Sequence[frappe._dict]) -> None:
	"""Write what a submitted invoice differs from the ledger by as a correction, so that both add up to the same."""
	difference = on_invoice(doc) - in_ledger(entries)
	if not difference or not doc.get("timebank_period"):
		return
	with in_language_of(doc.customer):
		reason = _in_words(doc, entries)
	correct(
		doc.retainer,
		doc.timebank_period,
		difference,
		invoice=doc.name,
		key=f"EDIT:{doc.name}",
		reason=reason,
	)


def forget(doc: Document) -> None:
	"""Reverse the correction of an invoice that is cancelled."""
	entries = timebank.entries_of(sales_invoice=doc.name, entry_type="Correction")
	with in_language_of(doc.customer):
		reason = _("Invoice {0} was cancelled").format(doc.name)
	timebank.reverse([entry.name for entry in entries], reason)


def correct(retainer: str, period: str, amount: Decimal, *, invoice: str, key: str, reason: str) -> None:
	"""Write money that an invoice asks for, or gives back, beside the ledger's own charges."""
	row = timebank.lock(retainer)
	names = timebank.post(
		[
			timebank.Entry(
				retainer=row.name,
				customer=row.customer,
				period=period,
				entry_type="Correction",
				key=key,
				occurred_on=clock.now(),
				amount=amount,
				currency=row.currency,
				reason=reason,
			)
		]
	)
	timebank.set_billing(names, "Billed", invoice)


def is_edited(doc: Document, entries: Sequence[frappe._dict]) -> bool:
	"""Return whether the time bank's lines are other ones than the ledger makes."""
	settings = contracts.settings()
	expected = Counter((settings.get(line.item_field), line.amount) for line in lines(entries))
	return Counter((row.item_code, Decimal(str(row.amount))) for row in _own(doc)) != expected


def on_invoice(doc: Document) -> Decimal:
	"""Return what the time bank's lines on an invoice add up to, in its currency; the fee for post is none of them."""
	return sum((Decimal(str(row.amount)) for row in _own(doc)), Decimal(0))


def in_ledger(entries: Sequence[frappe._dict]) -> Decimal:
	"""Return what entries add up to."""
	return sum((Decimal(str(entry.amount)) for entry in entries), Decimal(0))


def _own(doc: Document) -> list[Document]:
	fee_item = contracts.settings().invoice_fee_item
	return [row for row in doc.items if row.get("timebank_line") and row.item_code != fee_item]


def _in_words(doc: Document, entries: Sequence[frappe._dict]) -> str:
	return _("{0} was edited by hand: its lines of the time bank are {1}, the ledger has {2}.").format(
		doc.name, money(on_invoice(doc), doc.currency), money(in_ledger(entries), doc.currency)
	)
