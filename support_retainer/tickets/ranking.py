"""The customer's own order of tickets: the order of work within an urgency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import frappe
from frappe import _

from support_retainer.tickets.pauses import ENDED
from support_retainer.tickets.ticket import urgency

LAST = 1_000_000


def rank(customer: str, names: Sequence[str]) -> dict[str, int]:
	"""Number a customer's open tickets from 1 within each urgency, in the order given; the rest follow as they stood.

	Returns:
	        the ranks, by ticket.

	Raises:
	        frappe.ValidationError: one of the names is no open ticket of the customer's.
	"""
	issue = frappe.qb.DocType("Issue")
	rows = (
		frappe.qb.from_(issue)
		.select(issue.name, issue.priority, issue.customer_rank)
		.where((issue.customer == customer) & issue.status.notin(ENDED))
		.orderby(issue.creation)
		.orderby(issue.name)
		.for_update()
	).run(as_dict=True)
	if set(names) - {row.name for row in rows}:
		frappe.throw(
			_("One of these tickets is not open any more. Reload the page, then order what is left.")
		)
	place = {name: number for number, name in enumerate(names)}
	rows.sort(key=lambda row: (place.get(row.name, LAST), row.customer_rank or LAST))
	ranks: dict[str, int] = {}
	counts: dict[str, int] = defaultdict(int)
	for row in rows:
		how_urgent = urgency(row.priority)
		counts[how_urgent] += 1
		ranks[row.name] = counts[how_urgent]
		if row.customer_rank != counts[how_urgent]:  # a stamp like the others: open forms stay good
			frappe.db.set_value("Issue", row.name, "customer_rank", ranks[row.name], update_modified=False)
	return ranks
