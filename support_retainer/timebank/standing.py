"""Where a customer's banks stand, read for many eyes: a fixed number of queries, whatever the ledger's size.

What a closed period had left was carried out of it or has expired, so the open periods alone say what is there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import frappe
from frappe.query_builder.functions import Max, Sum
from frappe.utils import getdate

from support_retainer.core import timebank as core
from support_retainer.timebank.outlook import look_ahead
from support_retainer.timebank.periods import RUNNING

PERIOD = "Timebank Period"
ENTRY = "Timebank Entry"
PERIOD_FIELDS = (
	"name",
	"retainer",
	"status",
	"from_date",
	"to_date",
	"allotted",
	"carried_in",
	"topped_up",
	"drawn",
	"expired",
	"carried_out",
	"overage",
	"balance",
)


@dataclass(frozen=True, slots=True)
class Standing:
	"""One retainer's bank on a day: its open periods, newest first, and the lots that still hold time (seconds), oldest first."""

	retainer: str
	periods: tuple[frappe._dict, ...]
	lots: tuple[core.Lot, ...]
	left: int


def standings(customer: str, on: date) -> dict[str, Standing]:
	"""Return a customer's banks by retainer, periods that are due by that day seen as if they were open.

	Three queries, and a few more for a bank whose period of that day is still to be opened. Nothing is opened or written.
	"""
	open_periods = periods_of(customer, status="Open")
	found = _lots([row.name for row in open_periods])
	for retainer in _behind(customer, open_periods, on):
		ahead = look_ahead(retainer, on)
		found[retainer] = ahead.lots
		open_periods = [*reversed(ahead.periods), *open_periods]
	by_retainer: dict[str, list[frappe._dict]] = defaultdict(list)
	for row in open_periods:
		by_retainer[row.retainer].append(row)
	return {
		retainer: Standing(retainer, tuple(rows), tuple(found[retainer]), core.balance(found[retainer], on))
		for retainer, rows in by_retainer.items()
	}


def _behind(customer: str, open_periods: list[frappe._dict], on: date) -> list[str]:
	"""Return the running retainers of a customer with no open period of a day."""
	there = {row.retainer for row in open_periods if getdate(row.to_date) >= on}
	running = {"customer": customer, "status": ("in", RUNNING), "start_date": ("<=", on)}
	fields = ["name", "end_date"]
	return [
		row.name
		for row in frappe.get_all("Retainer", filters=running, fields=fields, order_by="name")
		if row.name not in there and (not row.end_date or getdate(row.end_date) >= on)
	]


def periods_of(customer: str, limit: int | None = None, **filters) -> list[frappe._dict]:
	"""Return a customer's periods with their totals (seconds), newest first. One query."""
	return frappe.get_all(
		PERIOD,
		filters={"customer": customer, **filters},
		fields=list(PERIOD_FIELDS),
		order_by="from_date desc, retainer",
		limit=limit,
	)


def _lots(periods: list[str]) -> dict[str, list[core.Lot]]:
	found: dict[str, list[core.Lot]] = defaultdict(list)
	if not periods:
		return found
	entry = frappe.qb.DocType(ENTRY)
	rows = (
		frappe.qb.from_(entry)
		.select(
			entry.retainer,
			entry.lot,
			Sum(entry.seconds).as_("remaining"),
			Max(entry.valid_from).as_("valid_from"),
			Max(entry.valid_until).as_("valid_until"),
			Max(entry.lot_no).as_("number"),
		)
		.where(entry.period.isin(periods) & entry.lot.isnotnull())
		.groupby(entry.retainer, entry.lot)
		.having(Sum(entry.seconds) > 0)
	).run(as_dict=True)
	for row in rows:
		if row.valid_from:
			until = getdate(row.valid_until) if row.valid_until else None
			lot = core.Lot(row.lot, int(row.remaining), getdate(row.valid_from), until, int(row.number or 0))
			found[row.retainer].append(lot)
	for lots in found.values():
		lots.sort(key=lambda lot: (lot.valid_from, lot.number, lot.name))
	return found
