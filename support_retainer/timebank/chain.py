"""The ledger's hash chain: each entry of a retainer is a link to all that were written before it.

What a link is made of is said in `core.chain`. The newest link of each period is kept on the period, and so is, when it closes, the newest
of the whole ledger: so the end of the ledger cannot be cut off unseen either. The next link follows what the periods say, not what
the entries say: where the end was cut off, the gap stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import frappe
from frappe.utils import cint, getdate

from support_retainer.core import chain
from support_retainer.timebank import reading

ENTRY, PERIOD = "Timebank Entry", "Timebank Period"


@dataclass(slots=True)
class Heads:
	"""The newest link of each period that was written to: its number and hash."""

	by_period: dict[str, tuple[int, str]] = field(default_factory=dict)


def join(rows: Sequence[dict]) -> Heads:
	"""Number the rows of new entries and give each its hash, in their order. The caller holds the retainers' locks."""
	heads, keys = Heads(), _keys([row["reversal_of"] for row in rows if row["reversal_of"]])
	for retainer in dict.fromkeys(row["retainer"] for row in rows):
		begins, number, previous = _ends(retainer)
		for row in rows:
			if row["retainer"] != retainer:
				continue
			number += 1
			made_of = _made_of(row, number, begins[row["period"]], keys.get(row["reversal_of"]))
			previous = chain.link(previous, chain.digest(made_of))
			row["chain_number"], row["chain_hash"] = number, previous
			heads.by_period[row["period"]] = number, previous
	return heads


def head(retainer: str) -> tuple[int, str]:
	"""Return the number and hash of a retainer's newest link, as its periods have it; 0 and the chain's start before the first."""
	_begins, number, previous = _ends(retainer)
	return number, previous


def links(entries: Sequence[frappe._dict], begins: dict[str, object]) -> list[chain.Link]:
	"""Return entries as links, in the order they are given.

	Args:
	        entries: rows of the ledger with all fields; what they reverse is looked up.
	        begins: each period's first day, by its name.
	"""
	keys = {entry.name: entry.key for entry in entries}
	keys |= _keys(
		[entry.reversal_of for entry in entries if entry.reversal_of and entry.reversal_of not in keys]
	)
	return [
		chain.Link(
			cint(entry.chain_number),
			entry.chain_hash or "",
			_made_of(entry, cint(entry.chain_number), begins.get(entry.period), keys.get(entry.reversal_of)),
		)
		for entry in entries
	]


def _made_of(row: dict, number: int, begins: object, reverses: str | None) -> dict[str, object]:
	return chain.canonical({**row, "number": number, "period": begins, "reverses": reverses})


def _ends(retainer: str) -> tuple[dict[str, object], int, str]:
	"""Return the first day of each period, and the number and hash of the newest link of all."""
	fields = ["name", "from_date", "chain_number", "chain_hash"]
	periods = reading.rows(PERIOD, {"retainer": retainer}, fields, "chain_number")
	newest = periods[-1] if periods and periods[-1].chain_number else frappe._dict()
	begins = {row.name: getdate(row.from_date) for row in periods}
	return begins, cint(newest.chain_number), newest.chain_hash or chain.START


def _keys(names: Sequence[str]) -> dict[str, str]:
	if not names:
		return {}
	return {
		row.name: row.key for row in reading.rows(ENTRY, {"name": ("in", names)}, ["name", "key"], "name")
	}


def build(retainer: str) -> None:
	"""Make the chain of a retainer whose entries have none yet, in the order they were written; closed periods end with their own."""
	entries = frappe.get_all(
		ENTRY, filters={"retainer": retainer}, fields=["*"], order_by="creation, line_no, name", limit=0
	)
	periods = frappe.get_all(PERIOD, filters={"retainer": retainer}, fields=["name", "from_date", "status"])
	begins = {row.name: getdate(row.from_date) for row in periods}
	keys, previous, ends = {entry.name: entry.key for entry in entries}, chain.START, {}
	for number, entry in enumerate(entries, start=1):
		made_of = _made_of(entry, number, begins.get(entry.period), keys.get(entry.reversal_of))
		previous = chain.link(previous, chain.digest(made_of))
		values = {"chain_number": number, "chain_hash": previous}
		frappe.db.set_value(ENTRY, entry.name, values, update_modified=False)
		ends[entry.period] = number, previous
	for period in periods:
		number, previous = ends.get(period.name, (0, None))
		values = {"chain_number": number, "chain_hash": previous}
		if period.status == "Closed":
			values |= {"closing_number": number, "closing_hash": previous}
		frappe.db.set_value(PERIOD, period.name, values, update_modified=False)
