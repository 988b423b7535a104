from frappe.model.document import Document

from support_retainer import billing, contracts, tickets, timebank


class Retainer(Document):
	"""The contract of support with one customer of one company."""

	def __setup__(self) -> None:
		# The site's default currency must not stand in the way of the customer's own.
		self.dont_update_if_missing = ["currency"]

	def before_validate(self) -> None:
		contracts.fill_in_terms(self)

	def validate(self) -> None:
		contracts.validate_retainer(self)

	def on_update(self) -> None:
		contracts.record_terms(self)
		timebank.follow_retainer(self)
		billing.follow_retainer(self)
		tickets.follow_retainer(self)

	def on_trash(self) -> None:
		contracts.refuse_to_delete_used(self)
