"""From a settled charge to ledger entries."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime

from support_retainer import timebank
from support_retainer.billing import explain
from support_retainer.billing.charging import RetainerCharge, RowCharge
from support_retainer.core import pricing

OVERAGE_STATUS = {"Bill": "To Bill", "Ask First": "Held", "Draw From Next Period": "Owed"}


def entries_for(doc: Document, part: RetainerCharge) -> list[timebank.Entry]:
	"""Return the entries of a submitted timesheet's rows on one retainer, one for each piece, keyed by row and line."""
	entries, titles = [], explain.lot_titles(part)
	for row in part.rows:
		text = explain.derivation(part, row, titles)
		for number, piece in enumerate(row.pieces, start=1):
			entries.append(_entry(doc, part.retainer, row, piece, number, text))
	return entries


def billing_status(retainer: frappe._dict, piece: pricing.Piece) -> str:
	"""Return where a piece's money stands at first: what the bank left follows the contract's overage policy."""
	if not piece.amount:
		return ""
	if piece.cover == pricing.OVERAGE:
		return OVERAGE_STATUS[retainer.overage_policy or "Bill"]
	return "To Bill"


def _entry(
	doc: Document, retainer: frappe._dict, row: RowCharge, piece: pricing.Piece, number: int, text: str
) -> timebank.Entry:
	covered = piece.cover == pricing.BANK and piece.component != pricing.SURCHARGE
	surcharge = piece.component == pricing.SURCHARGE
	log = row.booked.row
	return timebank.Entry(
		retainer=retainer.name,
		customer=retainer.customer,
		period=row.period,
		entry_type="Surcharge" if surcharge else "Draw" if covered else "Overage",
		component="" if surcharge else piece.component,
		key=f"TS:{log.name}:{number}",
		line_no=number,
		occurred_on=get_datetime(log.from_time),
		lot=piece.lot,
		seconds=-piece.seconds if covered else 0,
		worked=piece.worked,
		charged=piece.charged,
		drawn=piece.seconds if covered else 0,
		overage=0 if covered or surcharge else piece.seconds,
		base=piece.base,
		rate=retainer.hourly_rate,
		surcharge_percent=piece.surcharge_percent,
		amount=piece.amount,
		currency=retainer.currency,
		billing_status=billing_status(retainer, piece),
		ticket_type=row.booked.ticket.doctype,
		ticket=row.booked.ticket.name,
		timesheet=doc.name,
		timesheet_detail=log.name,
		sla_rule=piece.rule,
		is_late=row.is_late,
		derivation=text,
	)
