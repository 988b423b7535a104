"""What booked time costs: rows of a Timesheet priced, and settled against the bank.

Nothing is written here. A draft is charged against the bank as it stands, to show what it would cost; a submitted timesheet is
charged under the retainer's lock, and what comes out is posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from support_retainer import clock, tickets, timebank
from support_retainer.billing.terms import terms
from support_retainer.core import pricing, sla


@dataclass(frozen=True, slots=True)
class Booked:
	"""One timesheet row on a ticket of a retainer. `start` and `end` are aware; `day` is the site's date it starts on."""

	key: str
	row: Document
	ticket: tickets.Ticket
	start: datetime
	end: datetime

	@property
	def day(self) -> date:
		return self.start.astimezone(clock.site_zone()).date()


@dataclass(slots=True)
class RowCharge:
	"""How one row is charged: its segments (priced) and its pieces (settled against the bank)."""

	booked: Booked
	period: str
	is_late: bool
	segments: list[pricing.Segment] = field(default_factory=list)
	pieces: list[pricing.Piece] = field(default_factory=list)
	left: int = 0

	def seconds(self, cover: str, component: str | None = None) -> int:
		"""Return the seconds taken from "Bank", or not covered by it ("Overage"), of one component or of both."""
		return sum(
			piece.seconds
			for piece in self.pieces
			if piece.cover == cover and component in (None, piece.component)
		)

	@property
	def amount(self) -> Decimal:
		"""The money of this row, in the retainer's currency."""
		return sum((piece.amount for piece in self.pieces), Decimal(0))

	@property
	def billable_seconds(self) -> int:
		"""The charged seconds that money is asked for: what the bank left, or what carries a surcharge alone."""
		return self.seconds("Overage") or sum(piece.base for piece in self.pieces if piece.amount)


@dataclass(slots=True)
class RetainerCharge:
	"""All rows of one timesheet on one retainer."""

	retainer: frappe._dict
	rows: list[RowCharge]


def booked_rows(doc: Document) -> list[Booked]:
	"""Return the rows of a Timesheet on tickets that belong to a retainer, in order of time."""
	found = _tickets_of(doc)
	booked = [
		Booked(
			key=str(row.idx),
			row=row,
			ticket=found[row.ticket_type, row.ticket],
			start=clock.to_aware(row.from_time),
			end=clock.to_aware(row.to_time),
		)
		for row in doc.time_logs
		if row.get("ticket") and row.from_time and row.to_time and (row.ticket_type, row.ticket) in found
	]
	return sorted(
		(each for each in booked if each.ticket.retainer), key=lambda each: (each.start, each.row.idx)
	)


def charge(booked: Sequence[Booked], *, locked: bool) -> list[RetainerCharge]:
	"""Price rows and settle them against the bank, retainer by retainer in the order of their names (so locks never cross).

	Args:
	        booked: rows in order of time.
	        locked: take the retainer's lock first, as everything that goes on to write must.
	"""
	charges = []
	for name in sorted({each.ticket.retainer for each in booked}):
		retainer = timebank.lock(name) if locked else frappe.get_cached_doc("Retainer", name)
		charges.append(_charge_retainer(retainer, [each for each in booked if each.ticket.retainer == name]))
	return charges


def _charge_retainer(retainer: frappe._dict, booked: list[Booked]) -> RetainerCharge:
	own_terms = terms(retainer)
	rows = {}
	for each in booked:
		period, is_late = timebank.period_for(retainer.name, each.day)
		rows[each.key] = RowCharge(each, period, is_late)
	priced = _priced(retainer, booked, own_terms)
	lots = timebank.lots(retainer.name)
	on = {key: _drawn_on(row) for key, row in rows.items()}
	for segment in priced.segments:
		rows[segment.work].segments.append(segment)
	for piece in pricing.settle(priced, own_terms, lots, on):
		rows[piece.work].pieces.append(piece)
	_tell_what_is_left(rows.values(), lots, on)
	return RetainerCharge(retainer, list(rows.values()))


def _priced(retainer: frappe._dict, booked: list[Booked], own_terms: pricing.Terms) -> pricing.Charge:
	"""Price each row on its own, or each ticket's rows of a day as one pool; all in order of time."""
	pooled = retainer.rounding_scope == "Ticket and Day"
	pools: dict[tuple, list[Booked]] = {}
	for each in booked:
		pools.setdefault((each.ticket.name, each.day) if pooled else (each.key,), []).append(each)
	quarters, segments = [], []
	for pool in pools.values():
		ticket = pool[0].ticket
		works = [pricing.Work(each.key, each.start, each.end) for each in pool]
		rule_at = tickets.rule_at(ticket.urgency, ticket.budget_state or "Outside", retainer.name)
		part = _price(works, own_terms, rule_at, pooled, ticket)
		quarters += part.quarters
		segments += part.segments
	return pricing.Charge(tuple(quarters), tuple(segments))


def _price(works, own_terms, rule_at, pooled: bool, ticket: tickets.Ticket) -> pricing.Charge:
	try:
		return pricing.price(works, own_terms, rule_at, pooled=pooled)
	except sla.NoRule as error:
		frappe.throw(
			_(
				"No SLA Rule prices {0} work {1} on ticket {2}. Add a rule for it, or enable one, then try again."
			).format(_(error.data["urgency"]), _(error.data["registered"]), ticket.name),
			title=_("This time cannot be charged"),
		)


def _drawn_on(row: RowCharge) -> date:
	"""Late work draws what is valid in the period it is booked in; all other work what is valid on its own day."""
	if not row.is_late:
		return row.booked.day
	return frappe.utils.getdate(frappe.db.get_value("Timebank Period", row.period, "from_date"))


def _tell_what_is_left(rows, lots, on: dict[str, date]) -> None:
	taken = 0
	for row in rows:
		taken += row.seconds("Bank")
		row.left = max(0, timebank.balance_of(lots, on[row.booked.key]) - taken)


def _tickets_of(doc: Document) -> dict[tuple[str, str], tickets.Ticket]:
	found = {}
	for doctype in tickets.TICKET_TYPES:
		names = {row.ticket for row in doc.time_logs if row.get("ticket") and row.ticket_type == doctype}
		if names:
			for name, ticket in tickets.get_tickets(doctype, names).items():
				found[doctype, name] = ticket
	return found


def started_at(charges: Sequence[RetainerCharge]) -> dict[tuple[str, str], datetime]:
	"""Return for each ticket the earliest moment these rows worked on it (naive site time)."""
	first: dict[tuple[str, str], datetime] = {}
	for row in (row for part in charges for row in part.rows):
		key = (row.booked.ticket.doctype, row.booked.ticket.name)
		moment = get_datetime(row.booked.row.from_time)
		first[key] = min(first.get(key, moment), moment)
	return first
