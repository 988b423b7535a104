from frappe.model.document import Document
from frappe.utils import getdate

from support_retainer import contracts, people, timebank
from support_retainer.words import language_of


class TimebankPeriod(Document):
	"""A month or quarter of a retainer, with the sums of its ledger entries. Written by the time bank alone."""

	def autoname(self) -> None:
		self.name = timebank.name_of(self.retainer, getdate(self.from_date))

	def validate(self) -> None:
		contracts.refuse_unless_from_room(self)

	def on_trash(self) -> None:
		contracts.refuse_unless_from_room(self)

	@property
	def language(self) -> str:
		"""The customer's language: a print is in it, unless another is chosen."""
		return language_of(self.customer)

	@property
	def contact_emails(self) -> str:
		"""The customer's addresses with commas between, for a Notification's recipients."""
		return ",".join(people.contacts_of(self.customer)) if self.customer else ""
