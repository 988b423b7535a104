"""Invoice lines that somebody changed by hand: noticed, said, and kept in the ledger as a correction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import clock, timebank
from support_retainer.billing import stamps
from support_retainer.words import filled, html, in_language_of, money


def say(doc: Document) -> None:
	"""Tell whoever saves a draft what of its lines is not the ledger's any more, and what becomes of it."""
	if doc.docstatus or not doc.get("retainer"):
		return
	entries = settled_by(doc)
	if on_invoice(doc) != in_ledger(entries):
		text = _("{0} Submitted so, the difference of {1} is kept in the ledger as a correction.")
		difference = money(on_invoice(doc) - in_ledger(entries), doc.currency)
		_tell(filled(text, _in_words(doc, entries), difference))
	if unsettled := _unsettled(doc):
		text = _("No line bills {0} of this draft's charges. They wait for the next invoice.")
		_tell(filled(text, money(in_ledger(unsettled), doc.currency)))


def _tell(text: str) -> None:
	frappe.msgprint(html(text), title=_("Not as in the ledger"), indicator="orange")


def say_overwritten(doc: Document) -> None:
	"""Leave a comment on a draft whose changed lines are about to be written anew."""
	if words := edited_in_words(doc):
		doc.add_comment("Comment", filled(_("{0} The lines were written anew."), words))


def edited_in_words(doc: Document) -> str:
	"""Return what somebody changed on a draft's lines, empty where nothing was."""
	return _in_words(doc, _stamped(doc)) if is_edited(doc) else ""


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


def is_edited(doc: Document) -> bool:
	"""Return whether somebody changed what a draft's lines ask for: their net amounts, or that they are there."""
	amounts = {entry.name: Decimal(str(entry.amount)) for entry in _stamped(doc)}
	changed = any(
		stamps.net(row) != sum((amounts.get(name, Decimal(0)) for name in stamps.entries_on(row)), Decimal(0))
		for row in _own(doc)
	)
	return changed or bool(_unsettled(doc))


def settled_by(doc: Document) -> list[frappe._dict]:
	"""Return the live entries that an invoice's lines settle."""
	names = [name for row in _own(doc) for name in stamps.entries_on(row)]
	return timebank.entries_of(name=("in", names)) if names else []


def on_invoice(doc: Document) -> Decimal:
	"""Return what the lines that ask for charges add up to, net, in the invoice's currency."""
	return sum(map(stamps.net, _own(doc)), Decimal(0))


def in_ledger(entries: Sequence[frappe._dict]) -> Decimal:
	"""Return what entries add up to."""
	return sum((Decimal(str(entry.amount)) for entry in entries), Decimal(0))


def _own(doc: Document) -> list[Document]:
	return list(filter(stamps.is_charge, doc.items))


def _stamped(doc: Document) -> list[frappe._dict]:
	"""Return the entries that the lines were written for, also those reversed since."""
	names = [name for row in _own(doc) for name in stamps.entries_on(row)]
	return timebank.rows("Timebank Entry", {"name": ("in", names)}, ["name", "amount"], "name")


def _unsettled(doc: Document) -> list[frappe._dict]:
	"""Return the charges on a draft that none of its lines settles: somebody deleted their line."""
	on_lines = {name for row in _own(doc) for name in stamps.entries_on(row)}
	waiting = timebank.entries_of(sales_invoice=doc.name, billing_status="To Bill")
	return [entry for entry in waiting if entry.name not in on_lines]


def _in_words(doc: Document, entries: Sequence[frappe._dict]) -> str:
	return _("{0} was edited by hand: its lines of the time bank are {1}, the ledger has {2}.").format(
		doc.name, money(on_invoice(doc), doc.currency), money(in_ledger(entries), doc.currency)
	)
