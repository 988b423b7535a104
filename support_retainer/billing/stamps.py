"""What an invoice line is: its kind, and the ledger entries it settles, stamped on the line when it is written.

Nothing about a line that is there is read from today's settings or items: the stamp says it. A line is the time bank's where
`timebank_line` is set. `timebank_kind` alone is what ERPNext's *Duplicate* leaves of it: a copy, that settles nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe.model.document import Document

CHILD = "Sales Invoice Item"
FEE, SUPPORT, PROJECT_MANAGEMENT, SURCHARGE = "Fee", "Support", "Project Management", "Surcharge"
TOP_UP, POSTAL_FEE = "Top-up", "Postal Fee"
CHARGES = (FEE, SUPPORT, PROJECT_MANAGEMENT, SURCHARGE)
FIELDS = ("timebank_line", "timebank_kind", "timebank_entries")


def stamp(kind: str, entries: Iterable[str] = ()) -> dict:
	"""Return the values that make an invoice line one of the time bank's."""
	return {
		"timebank_line": int(bool(kind)),
		"timebank_kind": kind or None,
		"timebank_entries": json.dumps(list(entries)) if kind in CHARGES else None,
	}


def put(row: Document, kind: str, entries: Iterable[str] = ()) -> None:
	"""Stamp an invoice line; an empty kind takes the stamp off."""
	for field, value in stamp(kind, entries).items():
		row.set(field, value)


def kind_of(row: Document | frappe._dict) -> str:
	"""Return the kind of one of the time bank's lines; empty for every other line, and for a copy."""
	return (row.get("timebank_kind") or "") if row.get("timebank_line") else ""


def is_charge(row: Document | frappe._dict) -> bool:
	"""Return whether a line asks for money of the ledger: not for time sold, nor for the post."""
	return kind_of(row) in CHARGES


def is_copy(row: Document | frappe._dict) -> bool:
	"""Return whether a line was copied from one of the time bank's."""
	return bool(row.get("timebank_kind")) and not row.get("timebank_line")


def entries_on(row: Document | frappe._dict) -> list[str]:
	"""Return the names of the ledger entries a line settles."""
	try:
		found = json.loads(row.get("timebank_entries") or "[]")
	except ValueError:  # written by hand, past the form
		return []
	return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def net(row: Document | frappe._dict) -> Decimal:
	"""Return what a line comes to, after discounts and without the tax that is in its rate, in the invoice's currency."""
	return Decimal(str(row.net_amount or 0))


def stored(invoice: str | None) -> dict[str, frappe._dict]:
	"""Return an invoice's lines as they are in the database, by name, in their order."""
	if not invoice:
		return {}
	fields = ["name", "idx", "item_code", "description", "qty", "rate", "net_amount", "ticket", *FIELDS]
	rows = frappe.get_all(CHILD, filters={"parent": invoice}, fields=fields, order_by="idx")
	return {row.name: row for row in rows}
