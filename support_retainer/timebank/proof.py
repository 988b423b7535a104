"""What proves a period's statement: the hash it prints, and its entries as links of the ledger's chain, to be checked without the site."""

from __future__ import annotations

from collections.abc import Callable

import frappe
from frappe.utils import cint, getdate

from support_retainer.core import chain as core
from support_retainer.timebank import chain

PERIOD_FIELDS = ("name", "retainer", "status", "from_date", "to_date", "closing_number", "closing_hash")


def head_of(period: frappe._dict) -> core.Link:
	"""Return the link whose hash a period's statement prints: the newest of its retainer at the closing, or, while it is open, now.

	Number 0 before the first entry.
	"""
	if period.status == "Closed" and period.closing_hash:
		return core.Link(cint(period.closing_number), period.closing_hash)
	return core.Link(*chain.head(period.retainer))


def export(period: str, hides: Callable[[frappe._dict], bool] = lambda entry: False) -> dict:
	"""Return a period's statement for `core.chain.check`: its entries as links, and digests of what else is in the chain between them.

	Args:
	        period: its name.
	        hides: whether an entry of the period is not shown; only its digest is given then.
	"""
	row = frappe.db.get_value("Timebank Period", period, PERIOD_FIELDS, as_dict=True)
	head, entries = head_of(row), _entries(row)
	own = [entry for entry in entries if entry.period == period]
	shown = {entry.name for entry in own if not hides(entry)}
	found = chain.links(entries, _begins(row.retainer))
	return {
		"format": core.FORMAT,
		"period": period,
		"retainer": row.retainer,
		"from_date": str(getdate(row.from_date)),
		"to_date": str(getdate(row.to_date)),
		"status": row.status,
		"entries": len(own),
		"hidden": len(own) - len(shown),
		"balance": sum(cint(entry.seconds) for entry in own),
		"before": _before(row.retainer, found, head),
		"links": [_link(one, entry.name in shown) for one, entry in zip(found, entries, strict=True)],
		"head": {"number": head.number, "hash": head.hash},
	}


def _entries(period: frappe._dict) -> list[frappe._dict]:
	"""Return what the ledger wrote from a period's first entry to its last, or to its closing, in order."""
	entry = frappe.qb.DocType("Timebank Entry")
	own = {"period": period.name, "chain_number": (">", 0)}
	numbers = frappe.get_all("Timebank Entry", filters=own, pluck="chain_number")
	if not numbers:
		return []
	last = max(*numbers, head_of(period).number)
	return (
		frappe.qb.from_(entry)
		.select(entry.star)
		.where((entry.retainer == period.retainer) & (entry.chain_number >= min(numbers)))
		.where(entry.chain_number <= last)
		.orderby(entry.chain_number)
	).run(as_dict=True)


def _begins(retainer: str) -> dict[str, object]:
	periods = frappe.get_all("Timebank Period", {"retainer": retainer}, ["name", "from_date"])
	return {row.name: getdate(row.from_date) for row in periods}


def _before(retainer: str, found: list[core.Link], head: core.Link) -> dict:
	if not found:
		return {"number": head.number, "hash": head.hash}
	number = found[0].number - 1
	filters = {"retainer": retainer, "chain_number": number}
	previous = frappe.db.get_value("Timebank Entry", filters, "chain_hash") if number else core.START
	return {"number": number, "hash": previous or ""}


def _link(one: core.Link, is_shown: bool) -> dict:
	about = {"row": one.row} if is_shown else {"digest": core.digest(one.row)}
	return {"number": one.number, "hash": one.hash, **about}
