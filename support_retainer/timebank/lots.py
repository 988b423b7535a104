"""Reading the bank: which lots still hold time, and how much there is on a date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import frappe
from frappe.query_builder.functions import Max, Sum
from frappe.utils import getdate

from support_retainer.core import timebank as core
from support_retainer.timebank import reading


def lots(retainer: str, without: Sequence[str] = ()) -> list[core.Lot]:
	"""Return every lot of a retainer that still holds time (seconds), oldest first. One query.

	Args:
	        retainer: its name.
	        without: entries about to be reversed, seen as if they had been.
	"""
	entry = frappe.qb.DocType("Timebank Entry")
	query = (
		frappe.qb.from_(entry)
		.select(
			entry.lot,
			Sum(entry.seconds).as_("remaining"),
			Max(entry.valid_from).as_("valid_from"),
			Max(entry.valid_until).as_("valid_until"),
			Max(entry.lot_no).as_("number"),
		)
		.where((entry.retainer == retainer) & entry.lot.isnotnull())
		.groupby(entry.lot)
		.having(Sum(entry.seconds) > 0)
	)
	if without:
		query = query.where(entry.name.notin(list(without)))
	found = [
		core.Lot(
			name=row.lot,
			remaining=int(row.remaining),
			valid_from=getdate(row.valid_from),
			valid_until=getdate(row.valid_until) if row.valid_until else None,
			number=int(row.number or 0),
		)
		for row in reading.current(query).run(as_dict=True)
	]
	return sorted(found, key=lambda lot: (lot.valid_from, lot.number, lot.name))


def balance_of(found: Sequence[core.Lot], on: core.Day) -> int:
	"""Return the seconds that these lots hold on a date."""
	return core.balance(found, on)


def balance(retainer: str, on: date) -> int:
	"""Return the seconds in the bank on a date. One query, whatever the ledger's size."""
	return core.balance(lots(retainer), on)
