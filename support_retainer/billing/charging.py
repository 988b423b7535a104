"""What booked time costs: rows of a Timesheet priced, and settled against the bank.

Nothing is written here. A draft is charged against the bank as it stands, to show what it would cost; a submitted timesheet is
charged under the retainer's lock, and what comes out is posted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from support_retainer import clock, contracts, tickets, timebank
from support_retainer.billing import pools
from support_retainer.billing.pools import Booked
from support_retainer.billing.terms import terms
from support_retainer.core import pricing, sla
from support_retainer.core import timebank as core
from support_retainer.words import filled

POOLED = "Ticket and Day"
REASON = "Not Charged Reason"


@dataclass(frozen=True, slots=True)
class Given:
	"""Time that is not charged: why, and what it would have cost with no bank (seconds of work, money in all).

	`is_internal` says that no customer is told of it.
	"""

	because: str
	note: str
	is_internal: bool
	charged: int
	amount: Decimal


@dataclass(slots=True)
class RowCharge:
	"""How one row is charged: its segments (priced) and its pieces (settled against the bank).

	`retainer` has the terms of the row's own day; `on` are the days its draws may be valid on. A row that is not charged is `given`: it has
	segments, and no pieces.
	"""

	booked: Booked
	retainer: frappe._dict
	period: str
	is_late: bool
	on: core.Day
	segments: list[pricing.Segment] = field(default_factory=list)
	pieces: list[pricing.Piece] = field(default_factory=list)
	left: int = 0
	given: Given | None = None

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


@dataclass(slots=True)
class RetainerCharge:
	"""All rows of one timesheet on one retainer, and the rows of other timesheets that share a pool with them.

	`replaced` are the ledger entries of these others, which their new charge takes the place of. `again`: the rows themselves were charged
	before.
	"""

	retainer: frappe._dict
	rows: list[RowCharge]
	others: list[RowCharge] = field(default_factory=list)
	replaced: list[frappe._dict] = field(default_factory=list)
	again: bool = False


def booked_rows(doc: Document) -> list[Booked]:
	"""Return the rows of a Timesheet on tickets that belong to a retainer, in order of time.

	The tickets are those its rows were checked against when it was validated.
	"""
	found = doc.flags.support_retainer_tickets
	booked = [
		Booked(
			key=str(row.idx),
			row=row,
			ticket=tickets.as_of(found[row.ticket_type, row.ticket], getdate(row.from_time)),
			start=clock.worked(row)[0],
			end=clock.worked(row)[1],
			who=doc.employee or doc.name or "",
			day=getdate(row.from_time),
		)
		for row in doc.time_logs
		if row.get("ticket") and row.from_time and row.to_time and (row.ticket_type, row.ticket) in found
	]
	return sorted(
		(each for each in booked if each.ticket.retainer), key=lambda each: (each.start, each.row.idx)
	)


def charge(booked: Sequence[Booked], *, locked: bool, but: str | None = None) -> list[RetainerCharge]:
	"""Price rows and settle them against the bank, retainer by retainer in the order of their names (so locks never cross).

	Args:
	        booked: rows in order of time.
	        locked: take the retainer's lock first, as everything that goes on to write must.
	        but: the timesheet they are on; what the ledger has of it does not count.
	"""
	charges = []
	for name in sorted({each.ticket.retainer for each in booked}):
		retainer = timebank.lock(name) if locked else frappe.get_cached_doc("Retainer", name)
		own = [each for each in booked if each.ticket.retainer == name]
		keys = {pools.key_of(each) for each in own if not pools.is_given(each)}
		charges.append(_charge_retainer(retainer, own, keys, but, locked=locked))
	return charges


def charge_pools(retainer: str, keys: set[pools.Key], but: str) -> RetainerCharge:
	"""Price what is left of pools (tickets and days) when a timesheet's rows leave them, under the retainer's lock."""
	return _charge_retainer(timebank.lock(retainer), [], keys, but, locked=True)


def charge_again(retainer: str, booked: Booked) -> RetainerCharge:
	"""Charge a submitted row anew, whose entries were reversed, and what shares its pool; under the retainer's lock."""
	part = _charge_retainer(timebank.lock(retainer), [booked], {pools.key_of(booked)}, None, locked=True)
	part.again = True
	return part


def _charge_retainer(
	retainer: frappe._dict, booked: list[Booked], keys: set[pools.Key], but: str | None, *, locked: bool
) -> RetainerCharge:
	versions = contracts.terms_versions(retainer.name)
	days = {key.day for key in keys} | {each.day for each in booked}
	by_day = {day: contracts.terms_on(retainer, day, versions) for day in days}
	pooled = {key for key in keys if by_day[key.day].rounding_scope == POOLED}
	found = pools.others(retainer.name, pooled, but) if pooled else pools.Others()
	# what goes on to write opens the periods that are due; what only shows sees them as if they were open
	place_of = timebank.period_for if locked else timebank.place_of
	rows = _rows(retainer, [*booked, *found.booked], by_day, place_of)
	replaced = [entry.name for entry in found.entries]
	lots = (
		timebank.lots(retainer.name, replaced)
		if locked
		else timebank.look_ahead(retainer.name, clock.today(), replaced).lots
	)
	terms_of = cache(lambda day: terms(by_day[day]))
	rule_for = rules_by_ticket(retainer.name, _phases(rows.values()))
	is_internal = cache(lambda because: bool(frappe.db.get_value(REASON, because, "hidden_from_customer")))
	for row in rows.values():
		if pools.is_given(row.booked):
			_give(row, rule_for, terms_of, is_internal)
	for works in _grouped(row for row in rows.values() if not row.given):
		paid = found.paid.get(pools.key_of(works[0].booked), 0)
		lots = _charge_together(works, paid, lots, rule_for, terms_of)
	own = {each.key for each in booked}
	return RetainerCharge(
		retainer,
		[row for key, row in rows.items() if key in own],
		[row for key, row in rows.items() if key not in own],
		found.entries,
	)


def _rows(
	retainer: frappe._dict, booked: list[Booked], by_day: dict[date, frappe._dict], place_of: Callable
) -> dict[str, RowCharge]:
	"""Return each row with its terms, its period, and the days it may draw on, in order of time."""
	places = {day: place_of(retainer.name, day) for day in sorted({each.day for each in booked})}
	rows = {}
	for each in sorted(booked, key=lambda each: (each.start, each.row.idx)):
		place = places[each.day]
		on = _drawn_on(each.day, place)
		rows[each.key] = RowCharge(each, by_day[each.day], place.period, place.is_late, on)
	return rows


def _grouped(rows: Iterable[RowCharge]) -> list[list[RowCharge]]:
	"""Return the rows that are priced together: each on its own, or a ticket's rows of a day; all in order of time."""
	groups: dict[object, list[RowCharge]] = {}
	for row in rows:
		pooled = row.retainer.rounding_scope == POOLED
		groups.setdefault(pools.key_of(row.booked) if pooled else row.booked.key, []).append(row)
	return list(groups.values())


def _give(row: RowCharge, rule_for: Callable, terms_of: Callable, is_internal: Callable) -> None:
	"""Price a row that is not charged, by itself and as if there were no bank, and note it on it."""
	own_terms, log = terms_of(row.booked.day), row.booked.row
	priced = _priced([row], own_terms, 0, rule_for, pooled=False)
	row.segments.extend(priced.segments)
	pieces = pricing.settle(priced, own_terms, [], {row.booked.key: row.booked.day})
	row.given = Given(
		because=log.not_charged_because,
		note=(log.get("not_charged_note") or "").strip(),
		is_internal=is_internal(log.not_charged_because),
		charged=priced.charged,
		amount=sum((piece.amount for piece in pieces), Decimal(0)),
	)


def _charge_together(
	rows: list[RowCharge], paid: int, lots: Sequence[core.Lot], rule_for: Callable, terms_of: Callable
) -> Sequence[core.Lot]:
	"""Price and settle rows, note it on them, and return what the lots hold afterwards."""
	own_terms, by_key = terms_of(rows[0].booked.day), {row.booked.key: row for row in rows}
	pooled = rows[0].retainer.rounding_scope == POOLED
	priced = _priced(rows, own_terms, paid, rule_for, pooled)
	for segment in priced.segments:
		by_key[segment.work].segments.append(segment)
	taken: dict[str, int] = {}
	for piece in pricing.settle(priced, own_terms, lots, {key: row.on for key, row in by_key.items()}):
		by_key[piece.work].pieces.append(piece)
		if piece.lot:
			taken[piece.lot] = taken.get(piece.lot, 0) + piece.seconds
	left = [replace(lot, remaining=lot.remaining - taken.get(lot.name, 0)) for lot in lots]
	for row in rows:
		row.left = timebank.balance_of(left, row.on)
	return left


def rules_by_ticket(retainer: str, phases: Mapping[str, Mapping[str, list[tickets.Phase]]]) -> Callable:
	"""Return a function from a ticket to what prices work on it: the rule of what the ticket was when the work was done.

	`phases` are what the tickets were, by kind and name.
	"""
	rule_for = cache(lambda urgency, budget: tickets.rule_at(urgency, budget, retainer))

	def of(ticket: tickets.Ticket) -> Callable:
		found = phases[ticket.doctype].get(ticket.name)
		if not found:
			return rule_for(ticket.urgency, ticket.budget_state or "Outside")

		def at(moment: datetime) -> sla.Rule:
			phase = tickets.phase_at(found, clock.to_site(moment))
			return rule_for(phase.urgency, phase.budget)(moment)

		return at

	return of


def _phases(rows: Iterable[RowCharge]) -> dict[str, dict[str, list[tickets.Phase]]]:
	names: dict[str, set[str]] = {}
	for row in rows:
		names.setdefault(row.booked.ticket.doctype, set()).add(row.booked.ticket.name)
	return {doctype: tickets.phases(doctype, of_it) for doctype, of_it in names.items()}


def _priced(
	rows: list[RowCharge], own_terms: pricing.Terms, paid: int, rule_for: Callable, pooled: bool
) -> pricing.Charge:
	ticket = rows[0].booked.ticket
	works = [pricing.Work(each.key, each.start, each.end, each.who) for each in (row.booked for row in rows)]
	rule_at = rule_for(ticket)
	return _price(works, own_terms, rule_at, pooled, paid, ticket)


def _price(works, own_terms, rule_at, pooled: bool, paid: int, ticket: tickets.Ticket) -> pricing.Charge:
	try:
		return pricing.price(works, own_terms, rule_at, pooled=pooled, paid=paid)
	except sla.NoRule as error:
		frappe.throw(
			filled(
				_(
					"No SLA Rule prices {0} work {1} on ticket {2}. Add a rule for it, or enable one, then try again."
				),
				_(error.data["urgency"]),
				_(error.data["registered"]),
				ticket.name,
			),
			title=_("This time cannot be charged"),
		)


def _drawn_on(day: date, place: timebank.Place) -> core.Day:
	"""Work draws what is valid on its own day; late work also what is valid when its period begins."""
	return (day, place.begins) if place.is_late else day
