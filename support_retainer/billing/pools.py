"""Pools: a ticket's rows of one day, wherever they were booked, rounded together.

When one of them is added or cancelled the others are charged anew. Rows that a decision or a submitted invoice rests on stay as
they are; what they paid for and did not use is left to the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.utils import cint, getdate

from support_retainer import clock, tickets, timebank
from support_retainer.billing import credit

NOT_CHARGED = "Not Charged"


@dataclass(frozen=True, slots=True)
class Booked:
	"""One timesheet row on a ticket of a retainer. `start` and `end` are aware; `day` is the site's date it starts on.

	`who` is the employee, or the timesheet where it names none.
	"""

	key: str
	row: Document
	ticket: tickets.Ticket
	start: datetime
	end: datetime
	who: str
	day: date


class Key(NamedTuple):
	"""What names a pool: kind and name of the ticket, and the day."""

	ticket_type: str
	ticket: str
	day: date


@dataclass(slots=True)
class Others:
	"""Rows of other timesheets in the pools, with the entries they have; and the seconds (by pool) paid for and not used."""

	booked: list[Booked] = field(default_factory=list)
	entries: list[frappe._dict] = field(default_factory=list)
	paid: dict[Key, int] = field(default_factory=dict)


def key_of(booked: Booked) -> Key:
	"""Return the pool a row belongs to."""
	return Key(booked.ticket.doctype, booked.ticket.name, booked.day)


def is_given(booked: Booked) -> bool:
	"""Whether a row is not charged, for a reason it names: it is in no pool."""
	return bool(booked.row.get("not_charged_because"))


def others(retainer: str, keys: set[Key], but: str | None) -> Others:
	"""Return what the ledger has in these pools, but for one timesheet's rows."""
	found, rows = Others(), _by_row(retainer, keys, but)
	billed = {entry.sales_invoice for entries in rows.values() for entry in entries if entry.sales_invoice}
	standing = credit.standing(billed) if billed else {}
	for (key, _detail), entries in rows.items():
		if any(entry.billing_status == "Billed" or entry.reason for entry in entries):
			spare = sum(_spare(entry, standing.get(entry.name)) for entry in entries)
			found.paid[key] = found.paid.get(key, 0) + spare
		else:
			found.entries += entries
	found.paid = {key: max(0, spare) for key, spare in found.paid.items()}
	found.booked = as_booked({entry.timesheet_detail for entry in found.entries})
	return found


def _spare(entry: frappe._dict, standing: Decimal | None) -> int:
	"""Return the seconds charged beyond those worked, as far as credit notes left them paid for."""
	spare = cint(entry.charged) - cint(entry.worked)
	return spare if standing is None else int(spare * standing)


def _by_row(retainer: str, keys: set[Key], but: str | None) -> dict[tuple[Key, str], list[frappe._dict]]:
	first, last = min(key.day for key in keys), max(key.day for key in keys) + timedelta(days=1)
	rows: dict[tuple[Key, str], list[frappe._dict]] = {}
	for entry in timebank.entries_of(
		retainer=retainer, ticket=("in", [key.ticket for key in keys]), occurred_on=("between", (first, last))
	):
		key = Key(entry.ticket_type, entry.ticket, getdate(entry.occurred_on))
		if entry.entry_type == NOT_CHARGED:
			continue
		if key in keys and entry.timesheet_detail and entry.timesheet != but:
			rows.setdefault((key, entry.timesheet_detail), []).append(entry)
	return rows


def as_booked(details: Iterable[str]) -> list[Booked]:
	"""Return rows of submitted timesheets, by their names, as they are booked."""
	fields = ["name", "parent", "idx", "from_time", "to_time", "ticket_type", "ticket"]
	fields += ["not_charged_because", "not_charged_note", "from_second_hour", "to_second_hour"]
	rows = timebank.rows("Timesheet Detail", {"name": ("in", list(details))}, fields, "name")
	parents = {"name": ("in", [row.parent for row in rows])}
	who = {
		row.name: row.employee for row in timebank.rows("Timesheet", parents, ["name", "employee"], "name")
	}
	found = {
		(doctype, name): ticket
		for doctype in {row.ticket_type for row in rows}
		for name, ticket in tickets.get_tickets(
			doctype, {row.ticket for row in rows if row.ticket_type == doctype}
		).items()
	}
	return [
		Booked(
			key=row.name,
			row=row,
			ticket=found[row.ticket_type, row.ticket],
			start=clock.worked(row)[0],
			end=clock.worked(row)[1],
			who=who[row.parent] or row.parent,
			day=getdate(row.from_time),
		)
		for row in rows
	]
