"""The Invoice Specification: every charge on an invoice with how it came about, adding up to the invoice's lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.model.document import Document

from support_retainer import billing, timebank
from support_retainer.paper.charges import TicketPart, by_ticket, charges_of


@dataclass(frozen=True, slots=True)
class Reckoned:
	"""One line of the invoice beside the ledger: `ledger` is None for a line that is not the time bank's."""

	number: int
	name: str
	description: str
	invoiced: Decimal
	ledger: Decimal | None


@dataclass(frozen=True, slots=True)
class Specification:
	"""What the print format shows. Money is excluding VAT, in the invoice's currency. `lines_of` names each entry's line."""

	tickets: tuple[TicketPart, ...]
	others: tuple[frappe._dict, ...]
	lines: tuple[Reckoned, ...]
	lines_of: dict[str, int]
	charged: Decimal
	corrections: tuple[frappe._dict, ...]
	given: tuple[TicketPart, ...]
	given_away: int
	given_worth: Decimal
	total: Decimal


def specification(doc: Document) -> Specification:
	"""Return how a retainer's invoice (or credit note) came about. A fixed number of queries, however long it is."""
	entries = timebank.entries_of(sales_invoice=doc.name)
	corrections = [entry for entry in entries if entry.entry_type == "Correction"]
	charged = [entry for entry in entries if entry.entry_type != "Correction"]
	numbers, sums = _placed(doc, charged)
	reckoned = [
		Reckoned(
			row.idx,
			row.item_name or row.item_code,
			row.description,
			_money(row.net_amount),
			sums.get(row.idx),
		)
		for row in doc.items
	]
	given = _given(doc)
	return Specification(
		tickets=tuple(by_ticket(charges_of(charged))),
		others=tuple(entry for entry in charged if not entry.timesheet_detail),
		lines=tuple(reckoned),
		lines_of=numbers,
		charged=_sum(charged),
		corrections=tuple(corrections),
		given=tuple(given),
		given_away=sum(part.total("given") for part in given),
		given_worth=sum((part.total("worth") for part in given), Decimal(0)),
		total=sum((line.invoiced for line in reckoned), Decimal(0)),
	)


def _given(doc: Document) -> list[TicketPart]:
	"""Return what was given in the invoice's period, what is internal left out; a credit note gives nothing of its own."""
	if doc.is_return or not doc.get("timebank_period"):
		return []
	filters = {"retainer": doc.retainer, "period": doc.timebank_period, "entry_type": "Not Charged"}
	return by_ticket(charges_of(timebank.entries_of(**filters, is_internal=0)))


def has_specification(invoice: str) -> bool:
	"""Return whether there is anything to specify on an invoice."""
	return bool(frappe.db.exists("Timebank Entry", {"sales_invoice": invoice, "is_reversed": 0}))


def _placed(doc: Document, entries: Sequence[frappe._dict]) -> tuple[dict[str, int], dict[int, Decimal]]:
	"""Return on which line of the invoice each entry stands, and what the ledger has for each of those lines."""
	amounts = {entry.name: _money(entry.amount) for entry in entries}
	sold = {entry.key: entry.name for entry in entries if entry.entry_type == "Top-up"}
	numbers: dict[str, int] = {}
	sums: dict[int, Decimal] = {}
	for row in doc.items:
		keys = (f"TOPUP:{row.name}", f"CREDIT:{row.name}")
		names = billing.entries_on(row) or [sold[key] for key in keys if key in sold]
		own = [name for name in names if name in amounts]
		if own:
			numbers |= dict.fromkeys(own, row.idx)
			sums[row.idx] = sum((amounts[name] for name in own), Decimal(0))
	return numbers, sums


def _sum(entries: Sequence[frappe._dict]) -> Decimal:
	return sum((_money(entry.amount) for entry in entries), Decimal(0))


def _money(value) -> Decimal:
	return Decimal(str(value or 0))
