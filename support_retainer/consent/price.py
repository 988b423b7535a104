"""What estimated work would cost: by the same arithmetic that charges it when it has been done.

The work is taken as one sitting: its started intervals, project management on these, and the surcharge of the rule that would hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _

from support_retainer import billing, clock, contracts, tickets, timebank
from support_retainer.core import Lot, Terms, money, pricing, round_money, settle, sla
from support_retainer.words import filled

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Task:
	"""Work that is estimated: `work` in seconds, and the surcharge (percent) it would be done under."""

	key: str
	work: int
	surcharge_percent: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Price:
	"""What work would cost. Durations in seconds, money in the retainer's currency.

	`amount` is the whole of it at the standard price with surcharge, as if there were no bank; of `charged` and
	`project_management` the bank would give `covered`, and `to_invoice` is the money that then is left.
	"""

	charged: int
	project_management: int
	surcharge: Decimal
	amount: Decimal
	covered: int
	to_invoice: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
	"""Tasks priced together (the bank is drawn once for all, in their order) and each on its own without a bank."""

	total: Price
	tasks: dict[str, Price]
	balance: int
	rate: Decimal
	project_management_percent: Decimal
	increment: int
	currency: str


def quote(retainer: str, tasks: Sequence[Task]) -> Quote:
	"""Price tasks by a retainer's terms and balance of today. Nothing is written."""
	row = contracts.terms_on(frappe.get_cached_doc("Retainer", retainer), clock.today())
	terms, today = billing.pricing_terms(row), clock.today()
	with_bank = row.mode != "Without Timebank"
	balance = timebank.outlook(retainer, today) if with_bank else 0
	segments = [_segment(task, terms) for task in tasks if task.work > 0]
	days = {segment.work: today for segment in segments}
	lots = [Lot("bank", balance, today)] if balance > 0 else []
	alone = settle(pricing.Charge((), tuple(segments)), terms, [], days)
	banked = settle(pricing.Charge((), tuple(segments)), terms, lots, days)
	return Quote(
		total=_price(segments, terms, alone, banked),
		tasks={
			segment.work: _price(
				[segment],
				terms,
				*([piece for piece in found if piece.work == segment.work] for found in (alone, banked)),
			)
			for segment in segments
		},
		balance=max(0, balance),
		rate=terms.rate,
		project_management_percent=terms.project_management_percent,
		increment=terms.increment,
		currency=row.currency,
	)


def surcharge_for(ticket: tickets.Ticket, done_in: str) -> Decimal:
	"""Return the surcharge (percent) of work on a ticket done in "Office Hours" or "Out of Hours".

	Raises:
	        frappe.ValidationError: no rule prices it.
	"""
	try:
		rule = tickets.rule_when(ticket.urgency, ticket.budget_state or "Outside", done_in, ticket.retainer)
	except sla.NoRule:
		frappe.throw(
			filled(
				_(
					"No SLA Rule prices {0} work {1} on ticket {2}. Add a rule for it, or enable one, then try again."
				),
				_(ticket.urgency),
				_(done_in),
				ticket.name,
			),
			title=_("This work cannot be priced"),
		)
	return rule.surcharge_percent


def in_increments(seconds: int, increment: int) -> int:
	"""Return a duration as whole started increments (all in seconds)."""
	return -(-seconds // increment) * increment


def _segment(task: Task, terms: Terms) -> pricing.Segment:
	charged = in_increments(task.work, terms.increment)
	over, under = terms.project_management_percent.as_integer_ratio()
	return pricing.Segment(
		work=task.key,
		rule="",
		surcharge_percent=task.surcharge_percent,
		quarters=charged // terms.increment,
		worked=task.work,
		charged=charged,
		project_management=pricing.half_up(charged * over, 100 * under),
	)


def _price(
	segments: Sequence[pricing.Segment],
	terms: Terms,
	alone: Sequence[pricing.Piece],
	banked: Sequence[pricing.Piece],
) -> Price:
	return Price(
		charged=sum(segment.charged for segment in segments),
		project_management=sum(segment.project_management for segment in segments),
		surcharge=sum(
			(
				round_money(money(segment.charged, terms.rate, segment.surcharge_percent), terms.minor_unit)
				for segment in segments
			),
			NOTHING,
		),
		amount=sum((piece.amount for piece in alone), NOTHING),
		covered=sum(piece.seconds for piece in banked if piece.cover == pricing.BANK),
		to_invoice=sum((piece.amount for piece in banked), NOTHING),
	)
