from frappe.model.document import Document
from frappe.utils import getdate

from support_retainer import contracts


class TimebankPeriod(Document):
	"""A month or quarter of a retainer, with the sums of its ledger entries. Written by the time bank alone."""

	def autoname(self) -> None:
		self.name = f"{self.retainer}-{getdate(self.from_date):%Y-%m-%d}"

	def validate(self) -> None:
		contracts.refuse_unless_from_room(self)

	def on_trash(self) -> None:
		contracts.refuse_unless_from_room(self)
