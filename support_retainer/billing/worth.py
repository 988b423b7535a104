"""What work on tickets is worth: by the arithmetic that charges it, as if there were no bank. Nothing is drawn or written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import frappe

from support_retainer import contracts, tickets
from support_retainer.billing.charging import POOLED, rules_by_ticket
from support_retainer.billing.terms import terms
from support_retainer.core import pricing, sla


class Span(NamedTuple):
	"""A row of time: what names it, and its aware moments in the site's zone."""

	key: str
	start: datetime
	end: datetime


def worth(doctype: str, spans: Mapping[str, Sequence[Span]]) -> dict[str, Decimal | None]:
	"""Return what each ticket's rows of time are worth in its retainer's currency: work, project management and surcharges.

	Every row is priced by the terms of its own day, and by what the ticket was at the time. None where no rule prices the work.
	The number of queries grows with the retainers, not with the tickets.
	"""
	found = tickets.get_tickets(doctype, spans)
	by_retainer: dict[str, list[tickets.Ticket]] = {}
	for ticket in found.values():
		if ticket.retainer:
			by_retainer.setdefault(ticket.retainer, []).append(ticket)
	phases = tickets.phases(doctype, found) if by_retainer else {}
	sums: dict[str, Decimal | None] = {}
	for retainer, own in by_retainer.items():
		terms_on = _terms_by_day(retainer)
		rule_for = rules_by_ticket(retainer, {doctype: phases})
		for ticket in own:
			sums[ticket.name] = _of_ticket(spans[ticket.name], terms_on, rule_for(ticket))
	return sums


def _terms_by_day(retainer: str):
	row, versions = frappe.get_cached_doc("Retainer", retainer), contracts.terms_versions(retainer)
	return cache(lambda day: contracts.terms_on(row, day, versions))


def _of_ticket(spans: Iterable[Span], terms_on, rule_at) -> Decimal | None:
	groups: dict[object, list[Span]] = {}
	for span in spans:
		day = span.start.date()
		groups.setdefault(day if terms_on(day).rounding_scope == POOLED else span.key, []).append(span)
	total = Decimal(0)
	for group in groups.values():
		day = group[0].start.date()
		pooled, own_terms = terms_on(day).rounding_scope == POOLED, terms(terms_on(day))
		works = [pricing.Work(each.key, each.start, each.end, each.key) for each in group]
		try:
			priced = pricing.price(works, own_terms, rule_at, pooled=pooled)
		except sla.NoRule:
			return None
		pieces = pricing.settle(priced, own_terms, [], {work.key: day for work in works})
		total += sum((piece.amount for piece in pieces), Decimal(0))
	return total
