"""Two customers become one: refused while both have a contract that runs."""

from __future__ import annotations

from itertools import product

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer.contracts.retainer import overlap
from support_retainer.words import bold, filled

LIVE = ("Active", "Paused")


def before_customer_rename(
	doc: Document, method: str | None = None, old: str = "", new: str = "", merge: bool = False
) -> None:
	"""Refuse to merge customers that both have a running retainer with one company for the same days.

	Raises:
	        frappe.ValidationError: names both, and says which to end.
	"""
	if not merge:
		return
	for one, other in product(_live(old), _live(new)):
		if one.company == other.company and overlap(one, other):
			frappe.throw(
				filled(
					_(
						"{0} has retainer {1} and {2} has retainer {3}, and both run. End one of them, then merge from the day after its end."
					),
					bold(old),
					bold(one.name),
					bold(new),
					bold(other.name),
				),
				title=_("Two running retainers"),
			)


def _live(customer: str) -> list[frappe._dict]:
	return frappe.db.get_values(
		"Retainer",
		{"customer": customer, "status": ("in", LIVE)},
		["name", "company", "start_date", "end_date"],
		as_dict=True,
		for_update=True,
	)
