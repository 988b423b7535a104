import frappe
from frappe.model.document import Document

from support_retainer import contracts


class TimebankEntry(Document):
	"""A line of the ledger: time given to, or taken from, a retainer's bank, and the money that goes with it.

	All durations are whole seconds; a reversal carries them negated. Entries are written once, by the time bank.
	"""

	def validate(self) -> None:
		contracts.refuse_unless_from_room(self)

	def on_trash(self) -> None:
		contracts.refuse_unless_from_room(self)


def on_doctype_update() -> None:
	"""Index what balances and the customer's pages are read by."""
	frappe.db.add_index("Timebank Entry", ["retainer", "lot"])
	frappe.db.add_index("Timebank Entry", ["customer", "occurred_on", "creation"])
	frappe.db.add_index("Timebank Entry", ["customer", "billing_status"])
	frappe.db.add_index("Timebank Entry", ["retainer", "chain_number"])
