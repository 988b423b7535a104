"""Writing the ledger: entries are added and reversed, never changed.

Only three stamps on an entry ever move: whether it has been reversed, and where its money stands (`billing_status`,
`sales_invoice`). Everything that counts time or money is written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import frappe
from frappe.query_builder.functions import Count, Max, Sum

from support_retainer.timebank import chain, reading
from support_retainer.words import filled
from support_retainer.writing import insert_rows

DOCTYPE = "Timebank Entry"
MIRRORED = (
	"seconds",
	"worked",
	"charged",
	"drawn",
	"overage",
	"base",
	"amount",
	"would_charged",
	"would_amount",
)
DECIMALS = ("rate", "surcharge_percent", "project_management_percent", "amount", "would_amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
	"""One line of the ledger. Durations are whole seconds; `seconds` is its signed effect on the bank's balance.

	`key` is unique for the entry's source, so that whatever wrote it can run again. Amounts are in `currency`.
	"""

	retainer: str
	customer: str
	period: str
	entry_type: str
	key: str
	occurred_on: datetime
	component: str = ""
	line_no: int = 0
	lot: str | None = None
	lot_no: int = 0
	valid_from: date | None = None
	valid_until: date | None = None
	seconds: int = 0
	worked: int = 0
	charged: int = 0
	drawn: int = 0
	overage: int = 0
	base: int = 0
	rate: Decimal = Decimal(0)
	surcharge_percent: Decimal = Decimal(0)
	project_management_percent: Decimal = Decimal(0)
	amount: Decimal = Decimal(0)
	would_charged: int = 0
	would_amount: Decimal = Decimal(0)
	currency: str | None = None
	billing_status: str = ""
	ticket_type: str | None = None
	ticket: str | None = None
	timesheet: str | None = None
	timesheet_detail: str | None = None
	sla_rule: str | None = None
	is_late: bool = False
	late_for: str | None = None
	reversal_of: str | None = None
	reason: str | None = None
	derivation: str | None = None
	not_charged_because: str | None = None
	not_charged_note: str | None = None
	is_internal: bool = False


ENTRY_FIELDS = tuple(Entry.__dataclass_fields__)


def post(entries: Sequence[Entry], *, tell: bool = True) -> list[str]:
	"""Write entries and bring their periods' totals up to date. The caller holds the retainer's lock.

	A minting entry (its `lot` empty and `seconds` above zero, no reversal) becomes a lot of its own name.

	Args:
	        tell: let those who wait for time know at once; not while a debt is still to be settled from it.

	Returns:
	        the names of the new entries, in order.

	Raises:
	        frappe.UniqueValidationError or the database's duplicate error: a key was written before.
	"""
	if not entries:
		return []
	rows = [_row(entry) for entry in _numbered(entries)]
	heads = chain.join(rows)
	insert_rows(DOCTYPE, rows)
	refresh_periods({entry.period for entry in entries}, heads)
	if tell:
		for retainer in dict.fromkeys(
			entry.retainer for entry in entries if entry.seconds > 0 and not entry.reversal_of
		):
			tell_of_time(retainer)
	return [row["name"] for row in rows]


def reverse(names: Iterable[str], reason: str) -> list[str]:
	"""Add the mirror image of each entry, in its own period while that is open, else in the retainer's newest.

	Entries that were reversed before, and reversals themselves, are passed over, so this may run again.

	Returns:
	        the names of the new entries.
	"""
	names = list(names)
	filters = {"name": ("in", names), "is_reversed": 0, "reversal_of": ("is", "not set")}
	rows = reading.rows(DOCTYPE, filters, ["*"], "creation, line_no, name") if names else []
	if not rows:
		return []
	periods = _open_periods(rows)
	mirrors = [_mirror(row, periods[row.period], reason) for row in rows]
	table = frappe.qb.DocType(DOCTYPE)
	(
		frappe.qb.update(table)
		.set(table.is_reversed, 1)
		.set(table.billing_status, "")
		.set(table.sales_invoice, None)
		.where(table.name.isin([row.name for row in rows]))
	).run()
	return post(mirrors)


def restate(names: Iterable[str], status: str, reason: str, tag: str) -> list[str]:
	"""Reverse entries and write each anew with another billing status, for a reason that stays readable.

	Returns:
	        the names of the new entries; entries that were reversed before are passed over.
	"""
	rows = entries_of(name=("in", list(names)))
	if not rows:
		return []
	reverse([row.name for row in rows], reason)
	mirrored = {"reversal_of": ("in", [row.name for row in rows])}
	periods = {
		row.reversal_of: row.period
		for row in reading.rows(DOCTYPE, mirrored, ["reversal_of", "period"], "name")
	}
	return post([_restated(row, periods[row.name], status, reason, tag) for row in rows])


def _restated(row: frappe._dict, period: str, status: str, reason: str, tag: str) -> Entry:
	kept = _as_values(row)
	if period != row.period:
		kept.update(is_late=True, late_for=row.late_for or row.period)
	kept.update(period=period, billing_status=status, reason=reason, key=f"{tag}:{row.name}")
	return Entry(**kept)


def set_billing(names: Iterable[str], status: str, sales_invoice: str | None) -> None:
	"""Stamp where the money of these entries stands."""
	names = list(names)
	if names:
		table = frappe.qb.DocType(DOCTYPE)
		(
			frappe.qb.update(table)
			.set(table.billing_status, status)
			.set(table.sales_invoice, sales_invoice)
			.where(table.name.isin(names))
		).run()


def entries_of(**filters) -> list[frappe._dict]:
	"""Return the live entries (neither reversed nor reversals) that match, in the order they were written."""
	return reading.rows(
		DOCTYPE,
		{"is_reversed": 0, "reversal_of": ("is", "not set"), **filters},
		["*"],
		"occurred_on, creation, line_no, name",
	)


def refresh_periods(names: Iterable[str], heads: chain.Heads | None = None) -> None:
	"""Bring the totals shown on these periods in line with their entries (one query for all, one update each).

	Args:
	        names: of the periods.
	        heads: the newest links of the ledger's chain in them, where entries were added.
	"""
	names = sorted(names)
	entry = frappe.qb.DocType(DOCTYPE)
	query = (
		frappe.qb.from_(entry)
		.select(
			entry.period,
			entry.entry_type,
			Count(entry.name).as_("entries"),
			Sum(entry.seconds).as_("seconds"),
			Sum(entry.drawn).as_("drawn"),
			Sum(entry.overage).as_("overage"),
		)
		.where(entry.period.isin(names))
		.groupby(entry.period, entry.entry_type)
	)
	sums = reading.current(query).run(as_dict=True)
	for name in names:
		frappe.db.set_value(
			"Timebank Period",
			name,
			_totals([row for row in sums if row.period == name]) | _head_of(name, heads),
			update_modified=False,
		)


def tell_of_time(retainer: str) -> None:
	"""Time that came into a bank may bring waiting tickets within budget: hooks.py names who wants to know."""
	for method in frappe.get_hooks("support_retainer_time_added"):
		frappe.get_attr(method)(retainer)


def _head_of(period: str, heads: chain.Heads | None) -> dict[str, object]:
	if not heads or period not in heads.by_period:
		return {}
	return dict(zip(("chain_number", "chain_hash"), heads.by_period[period], strict=True))


def _totals(sums: list[frappe._dict]) -> dict[str, int]:
	by_type = {row.entry_type: int(row.seconds or 0) for row in sums}
	return {
		"allotted": by_type.get("Allotment", 0) + by_type.get("Adjustment", 0),
		"carried_in": by_type.get("Carry In", 0),
		"topped_up": by_type.get("Top-up", 0),
		"drawn": sum(int(row.drawn or 0) for row in sums),
		"expired": -by_type.get("Expiry", 0),
		"carried_out": -by_type.get("Carry Out", 0),
		"overage": sum(int(row.overage or 0) for row in sums),
		"balance": sum(int(row.seconds or 0) for row in sums),
		"entries": sum(int(row.entries or 0) for row in sums),
	}


def _numbered(entries: Sequence[Entry]) -> list[Entry]:
	"""Number the new lots of each retainer in the order they are made, so that lots of one day have an order."""
	minting = {entry.retainer for entry in entries if _is_minting(entry)}
	table = frappe.qb.DocType(DOCTYPE)
	last = {
		retainer: frappe.qb.from_(table)
		.select(Max(table.lot_no))
		.where(table.retainer == retainer)
		.run()[0][0]
		or 0
		for retainer in minting
	}
	numbered = []
	for entry in entries:
		if _is_minting(entry):
			last[entry.retainer] += 1
			entry = replace(entry, lot_no=last[entry.retainer])
		numbered.append(entry)
	return numbered


def _is_minting(entry: Entry) -> bool:
	return entry.seconds > 0 and not entry.lot and not entry.reversal_of


def _row(entry: Entry) -> dict:
	name = frappe.generate_hash(length=10)
	row = {field: getattr(entry, field) for field in ENTRY_FIELDS}
	row["is_late"], row["is_internal"] = int(row["is_late"]), int(row["is_internal"])
	row["lot"] = name if _is_minting(entry) else row["lot"]
	for field in DECIMALS:
		row[field] = str(row[field])
	return {"name": name, "is_reversed": 1 if entry.reversal_of else 0, **row}


def _mirror(row: frappe._dict, period: str, reason: str) -> Entry:
	kept = _as_values(row)
	kept.update({field: -kept[field] for field in MIRRORED})
	kept.update(
		key=f"REV:{row.name}",
		period=period,
		late_for=row.period if period != row.period else None,
		is_late=period != row.period,
		reversal_of=row.name,
		reason=reason,
		billing_status="",
	)
	return Entry(**kept)


def _as_values(row: frappe._dict) -> dict:
	kept = {field: row.get(field) for field in Entry.__dataclass_fields__ if field in row}
	for field in DECIMALS:
		kept[field] = Decimal(str(kept[field] or 0))
	return kept


def _open_periods(rows: list[frappe._dict]) -> dict[str, str]:
	"""Return for each entry's period itself while open, else the same retainer's newest open period."""
	periods = {}
	for name, retainer in {(row.period, row.retainer) for row in rows}:
		if frappe.db.get_value("Timebank Period", name, "status", for_update=reading.is_stale()) == "Open":
			periods[name] = name
			continue
		filters = {"retainer": retainer, "status": "Open"}
		newest = [
			row.name for row in reading.rows("Timebank Period", filters, ["name"], "from_date desc", limit=1)
		]
		if not newest and not any(row.seconds for row in rows if row.period == name):
			newest = [name]  # money alone leaves a closed period's time as it is
		if not newest:
			frappe.throw(
				filled(
					frappe._("Every period of {0} is closed. Reopen the last one, then try again."), retainer
				)
			)
		periods[name] = newest[0]
	return periods
