"""Ledger entries as the customer reads them: one charge for each time worked, with all that came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from html import unescape

import frappe

from support_retainer import tickets

WORKED_TYPES = ("Draw", "Overage", "Surcharge")
ASKED = ("To Bill", "Billed")


@dataclass(slots=True)
class Charge:
	"""One time worked (a timesheet row), or what takes one back. Durations are seconds, money is in the retainer's currency.

	`worked` and `charged` are the work's, `management` is the project management added to it; `drawn` of their sum came from
	the bank and `overage` did not. `amount` is asked for; `held`, `owed` and `written_off` are not (yet). What is not charged is `given`, and
	`worth` what it would have cost.
	"""

	detail: str
	ticket: str | None
	when: datetime
	takes_back: bool
	is_late: bool = False
	activity: str = ""
	note: str = ""
	derivation: list[str] = field(default_factory=list)
	reasons: list[str] = field(default_factory=list)
	worked: int = 0
	charged: int = 0
	management: int = 0
	drawn: int = 0
	overage: int = 0
	amount: Decimal = Decimal(0)
	held: Decimal = Decimal(0)
	owed: int = 0
	written_off: Decimal = Decimal(0)
	given: int = 0
	worth: Decimal = Decimal(0)
	entries: list[frappe._dict] = field(default_factory=list)


@dataclass(slots=True)
class TicketPart:
	"""A ticket with its charges; time on no ticket stands under an empty name."""

	ticket: str
	subject: str
	charges: list[Charge]

	def total(self, of: str):
		"""Return the sum of one field of its charges."""
		return sum(
			(getattr(charge, of) for charge in self.charges), Decimal(0) if of in ("amount", "worth") else 0
		)


def charges_of(entries: Iterable[frappe._dict]) -> list[Charge]:
	"""Gather entries of time worked into charges, in the order the work was done."""
	found: dict[tuple, Charge] = {}
	for entry in entries:
		if not entry.timesheet_detail:
			continue
		takes_back = bool(entry.reversal_of)
		key = (entry.timesheet_detail, takes_back)
		if key not in found:
			found[key] = Charge(entry.timesheet_detail, entry.ticket, entry.occurred_on, takes_back)
		_add(found[key], entry)
	return sorted(found.values(), key=lambda charge: (charge.when, charge.detail, charge.takes_back))


def by_ticket(charges: Sequence[Charge]) -> list[TicketPart]:
	"""Group charges by their ticket, in the order the first work on each was done. Three queries, however many."""
	_look_up(charges)
	groups: dict[str, list[Charge]] = {}
	for charge in charges:
		groups.setdefault(charge.ticket or "", []).append(charge)
	types = {
		entry.ticket: entry.ticket_type for charge in charges for entry in charge.entries if entry.ticket
	}
	subjects: dict[str, str] = {}
	for doctype in sorted({doctype for doctype in types.values() if doctype}):
		names = [name for name, kind in types.items() if kind == doctype]
		subjects |= {
			name: plain(ticket.subject) for name, ticket in tickets.get_tickets(doctype, names).items()
		}
	return [TicketPart(name, subjects.get(name, ""), group) for name, group in groups.items()]


def _add(charge: Charge, entry: frappe._dict) -> None:
	charge.entries.append(entry)
	charge.is_late = charge.is_late or bool(entry.is_late)
	charge.worked += int(entry.worked)
	charge.charged += int(entry.charged)
	charge.drawn += int(entry.drawn)
	charge.overage += int(entry.overage)
	charge.given += int(entry.would_charged or 0)
	charge.worth += Decimal(str(entry.would_amount or 0))
	if entry.component == "Project Management":
		charge.management += int(entry.drawn) + int(entry.overage)
	_add_money(charge, entry)
	if not charge.derivation and entry.derivation:
		charge.derivation = entry.derivation.split("\n")
	if entry.reason and entry.reason not in charge.reasons:
		charge.reasons.append(entry.reason)


def _add_money(charge: Charge, entry: frappe._dict) -> None:
	amount = Decimal(str(entry.amount or 0))
	if entry.billing_status in ASKED:
		charge.amount += amount
	elif entry.billing_status == "Held":
		charge.held += amount
	elif entry.billing_status == "Written Off":
		charge.written_off += amount
	elif entry.billing_status == "Owed":
		charge.owed += int(entry.overage)


def _look_up(charges: Sequence[Charge]) -> None:
	"""Fill in what was done, from the timesheet's rows."""
	rows = frappe.get_all(
		"Timesheet Detail",
		filters={"name": ("in", [charge.detail for charge in charges])},
		fields=["name", "activity_type", "description"],
	)
	known = {row.name: row for row in rows}
	for charge in charges:
		if row := known.get(charge.detail):
			charge.activity = row.activity_type or ""
			charge.note = plain(row.description)


def plain(text: str | None) -> str:
	"""Return a text without the tags and entities that Frappe stores it with."""
	return unescape(frappe.utils.strip_html(text or "")).strip()
