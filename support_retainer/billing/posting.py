"""From a settled charge to ledger entries."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import frappe
from frappe.utils import get_datetime

from support_retainer import timebank
from support_retainer.billing import explain, pools
from support_retainer.billing.charging import RetainerCharge, RowCharge
from support_retainer.core import pricing

OVERAGE_STATUS = {"Bill": "To Bill", "Ask First": "Held", "Draw From Next Period": "Owed"}


def entries_for(part: RetainerCharge, because: str | None = None) -> list[timebank.Entry]:
	"""Return the entries of all charged rows on one retainer, one for each piece, keyed by row and line.

	A row that is charged again, as its pool changed or somebody decided so (`because`), gets keys of its next generation.
	"""
	entries, texts = [], explain.derivations(part)
	charged_before = (*part.others, *(part.rows if part.again else ()))
	generations = _generations([row.booked.row.name for row in charged_before])
	for row in (*part.rows, *part.others):
		again = generations.get(row.booked.row.name, 0)
		if row.given:
			entries.append(_given(row, again, texts[row.booked.key]))
		for number, piece in enumerate(row.pieces, start=1):
			entries.append(_entry(row, piece, number, again, texts[row.booked.key]))
	own = {row.booked.row.name for row in part.rows}
	return [
		replace(entry, reason=because) if because and entry.timesheet_detail in own else entry
		for entry in entries
	]


def _generations(details: list[str]) -> dict[str, int]:
	"""Return how often each row has been charged before."""
	if not details:
		return {}
	rows = timebank.rows("Timebank Entry", {"timesheet_detail": ("in", details)}, ["key"], "name")
	keys = [row.key for row in rows]
	counts: dict[str, int] = {}
	for key in keys:
		kind, *rest = key.split(":")
		if kind == "TS" and rest[1] == "1":
			counts[rest[0]] = counts.get(rest[0], 0) + 1
	return counts


def billing_status(retainer: frappe._dict, piece: pricing.Piece) -> str:
	"""Return where a piece's money stands at first: what the bank left follows the contract's overage policy."""
	if not piece.amount:
		return ""
	if piece.cover == pricing.BANK or retainer.mode == "Without Timebank":
		return "To Bill"
	policy = retainer.overage_policy or "Bill"
	in_money = piece.component == pricing.SURCHARGE and retainer.surcharge_settlement == pricing.INVOICE
	if policy == "Draw From Next Period" and in_money:
		return "To Bill"  # the next period gives the time; its surcharge is money now as then
	return OVERAGE_STATUS[policy]


def billable_seconds(row: RowCharge) -> int:
	"""Return the charged seconds that money is asked for now: what the bank left, or what carries a surcharge alone."""
	asked = [piece for piece in row.pieces if billing_status(row.retainer, piece) == "To Bill"]
	return sum(piece.seconds for piece in asked) or sum(piece.base for piece in asked)


def billable_amount(row: RowCharge) -> float:
	"""Return the money asked for now, in the retainer's currency."""
	return float(
		sum(piece.amount for piece in row.pieces if billing_status(row.retainer, piece) == "To Bill")
	)


def _given(row: RowCharge, again: int, text: str) -> timebank.Entry:
	"""Return the entry of time that is not charged: worked, nothing drawn, no money; and what it would have cost."""
	retainer, log, given = row.retainer, row.booked.row, row.given
	return timebank.Entry(
		retainer=retainer.name,
		customer=retainer.customer,
		period=row.period,
		entry_type=pools.NOT_CHARGED,
		component=pricing.WORK,
		key=f"TS:{log.name}:1:{again}" if again else f"TS:{log.name}:1",
		line_no=1,
		occurred_on=get_datetime(log.from_time),
		worked=sum(segment.worked for segment in row.segments),
		rate=Decimal(str(retainer.hourly_rate)),
		would_charged=given.charged,
		would_amount=given.amount,
		currency=retainer.currency,
		ticket_type=row.booked.ticket.doctype,
		ticket=row.booked.ticket.name,
		timesheet=log.parent,
		timesheet_detail=log.name,
		is_late=row.is_late,
		not_charged_because=given.because,
		not_charged_note=given.note,
		is_internal=given.is_internal,
		derivation=text,
	)


def _management(row: RowCharge, piece: pricing.Piece) -> Decimal:
	"""Return the share (percent) project management was added at, on what is project management."""
	if piece.component != pricing.PROJECT_MANAGEMENT:
		return Decimal(0)
	return Decimal(str(row.retainer.project_management_percent or 0))


def _entry(row: RowCharge, piece: pricing.Piece, number: int, again: int, text: str) -> timebank.Entry:
	retainer = row.retainer
	covered = piece.cover == pricing.BANK and piece.component != pricing.SURCHARGE
	surcharge = piece.component == pricing.SURCHARGE
	log = row.booked.row
	return timebank.Entry(
		retainer=retainer.name,
		customer=retainer.customer,
		period=row.period,
		entry_type="Surcharge" if surcharge else "Draw" if covered else "Overage",
		component="" if surcharge else piece.component,
		key=f"TS:{log.name}:{number}:{again}" if again else f"TS:{log.name}:{number}",
		line_no=number,
		occurred_on=get_datetime(log.from_time),
		lot=piece.lot,
		seconds=-piece.seconds if covered else 0,
		worked=piece.worked,
		charged=piece.charged,
		drawn=piece.seconds if covered else 0,
		overage=0 if covered or surcharge else piece.seconds,
		base=piece.base,
		rate=Decimal(str(retainer.hourly_rate)),
		surcharge_percent=piece.surcharge_percent,
		project_management_percent=_management(row, piece),
		amount=piece.amount,
		currency=retainer.currency,
		billing_status=billing_status(retainer, piece),
		ticket_type=row.booked.ticket.doctype,
		ticket=row.booked.ticket.name,
		timesheet=log.parent,
		timesheet_detail=log.name,
		sla_rule=piece.rule,
		is_late=row.is_late,
		derivation=text,
	)
