"""The Period Statement: a customer's month (or quarter) as the ledger has it, ready to be printed.

A statement counts every entry of its period, so that it adds up to the balance the period shows. Of what was written and
taken back within the period nothing is shown; what was taken back in a later one stays, and is taken back in that one's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import frappe

from support_retainer import timebank
from support_retainer.core import chain
from support_retainer.paper.categories import Share, seconds_by_category, shares
from support_retainer.paper.charges import ASKED, TicketPart, by_ticket, charges_of

GIVEN = ("Carry In", "Allotment", "Top-up", "Adjustment")
GONE = ("Expiry", "Carry Out")
MONEY = ("Fee", "Top-up", "Work", "Project Management", "Surcharge", "Correction")


@dataclass(frozen=True, slots=True)
class Step:
	"""One step from nothing to the balance: seconds given (above zero) or gone, with why."""

	kind: str
	seconds: int
	story: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
	"""Money of one kind: seconds it is for (0: none), and what it comes to in the retainer's currency.

	`percent` is a surcharge's.
	"""

	kind: str
	percent: Decimal
	seconds: int
	amount: Decimal
	story: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
	"""What the print format shows. Durations are seconds; money is excluding VAT, in `currency`.

	`proof` is the hash of the ledger's chain at the closing, or, while the period is open, now; empty before the first entry.
	"""

	retainer: frappe._dict
	period: frappe._dict
	currency: str
	has_bank: bool
	given: tuple[Step, ...]
	available: int
	drawn: int
	gone: tuple[Step, ...]
	balance: int
	overage: int
	tickets: tuple[TicketPart, ...]
	costs: tuple[Cost, ...]
	total: Decimal
	held: Decimal
	written_off: Decimal
	owed: int
	given_away: int
	given_worth: Decimal
	invoices: tuple[frappe._dict, ...]
	categories: tuple[Share, ...]
	proof: str
	proof_short: str


def statement(period: str) -> Statement:
	"""Return the statement of a period as the ledger stands, what is internal left out. A fixed number of queries, whatever the month held."""
	row = frappe.db.get_value("Timebank Period", period, "*", as_dict=True)
	retainer = frappe.db.get_value("Retainer", row.retainer, "*", as_dict=True)
	entries = [entry for entry in shown_entries(period) if not entry.is_internal]
	charges = charges_of(entries)
	parts = by_ticket(charges)
	given = _steps(entries, GIVEN)
	gone = _steps(entries, GONE)
	proof = timebank.head_of(row)
	drawn = sum(-int(entry.seconds) for entry in entries if entry.entry_type == "Draw")
	return Statement(
		retainer=retainer,
		period=row,
		currency=retainer.currency,
		has_bank=retainer.mode != "Without Timebank" or any(entry.seconds for entry in entries),
		given=given,
		available=sum(step.seconds for step in given),
		drawn=drawn,
		gone=gone,
		balance=sum(int(entry.seconds) for entry in entries),
		overage=sum(int(entry.overage) for entry in entries),
		tickets=tuple(parts),
		costs=_costs(entries),
		total=sum((_amount(entry) for entry in entries if entry.billing_status in ASKED), Decimal(0)),
		held=sum((charge.held for charge in charges), Decimal(0)),
		written_off=sum((charge.written_off for charge in charges), Decimal(0)),
		owed=sum(charge.owed for charge in charges),
		given_away=sum(charge.given for charge in charges),
		given_worth=sum((charge.worth for charge in charges), Decimal(0)),
		invoices=_invoices(entries),
		categories=tuple(shares(seconds_by_category(charges))),
		proof=proof.hash if proof.number else "",
		proof_short=chain.short(proof.hash) if proof.number else "",
	)


def shown_entries(period: str) -> list[frappe._dict]:
	"""Return a period's entries but for those that cancel each other out within it. One query."""
	rows = frappe.get_all(
		"Timebank Entry",
		filters={"period": period},
		fields=["*"],
		order_by="occurred_on, creation, line_no, name",
	)
	here = {row.name for row in rows}
	mirrored = {row.reversal_of for row in rows if row.reversal_of in here}
	return [row for row in rows if row.name not in mirrored and row.reversal_of not in mirrored]


def _steps(entries: Sequence[frappe._dict], kinds: tuple[str, ...]) -> tuple[Step, ...]:
	"""Return what came or went, one step for each kind; hours of the contract and adjustments each with their story."""
	found = []
	for kind in kinds:
		group = [entry for entry in entries if entry.entry_type == kind and entry.seconds]
		if group:
			story = [entry.derivation or entry.reason or "" for entry in group]
			found.append(Step(kind, sum(int(entry.seconds) for entry in group), _once(story)))
	return tuple(found)


def _costs(entries: Sequence[frappe._dict]) -> tuple[Cost, ...]:
	"""Return what is asked for, by kind: fee, top-ups, work and project management beyond the bank, surcharges by percent."""
	groups: dict[tuple[str, Decimal], list[frappe._dict]] = {}
	for entry in entries:
		if entry.billing_status in ASKED and entry.amount:
			groups.setdefault(_kind(entry), []).append(entry)
	return tuple(
		Cost(
			kind,
			percent,
			sum(int(entry.base or entry.overage) or max(0, int(entry.seconds)) for entry in group),
			sum((_amount(entry) for entry in group), Decimal(0)),
			_once([_story(entry) for entry in group]),
		)
		for (kind, percent), group in sorted(groups.items(), key=lambda item: _place(*item[0]))
	)


def _kind(entry: frappe._dict) -> tuple[str, Decimal]:
	if entry.entry_type == "Surcharge":
		return "Surcharge", Decimal(str(entry.surcharge_percent))
	return entry.component if entry.entry_type == "Overage" else entry.entry_type, Decimal(0)


def _place(kind: str, percent: Decimal) -> tuple[int, Decimal]:
	return MONEY.index(kind), percent


def _story(entry: frappe._dict) -> str:
	if entry.entry_type == "Fee":
		return entry.derivation or ""
	return entry.reason or "" if entry.entry_type in ("Top-up", "Correction") else ""


def _invoices(entries: Sequence[frappe._dict]) -> tuple[frappe._dict, ...]:
	names = {entry.sales_invoice for entry in entries if entry.sales_invoice}
	return tuple(
		frappe.get_all(
			"Sales Invoice",
			filters={"name": ("in", sorted(names)), "docstatus": 1},
			fields=["name", "posting_date", "due_date", "net_total", "grand_total", "status", "currency"],
			order_by="posting_date, name",
		)
	)


def _amount(entry: frappe._dict) -> Decimal:
	return Decimal(str(entry.amount or 0))


def _once(texts: Sequence[str]) -> tuple[str, ...]:
	return tuple(dict.fromkeys(line for text in texts for line in text.split("\n") if line))
