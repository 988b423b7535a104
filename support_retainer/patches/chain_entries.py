"""Entries that were written before the ledger had a hash chain become its first links, in the order they were written."""

import frappe

from support_retainer.setup.install import add_fields
from support_retainer.timebank import chain


def execute() -> None:
	add_fields()
	chained = {"chain_number": (">", 0)}
	for retainer in frappe.get_all("Timebank Entry", pluck="retainer", distinct=True, order_by="retainer"):
		if not frappe.db.exists("Timebank Entry", {"retainer": retainer, **chained}):
			chain.build(retainer)
