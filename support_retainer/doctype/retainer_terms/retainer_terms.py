from frappe.model.document import Document
from frappe.utils import getdate

from support_retainer import contracts


class RetainerTerms(Document):
	"""The terms of a retainer from a date on. Work and periods before that keep the terms they had."""

	def autoname(self) -> None:
		self.name = f"{self.retainer}-{getdate(self.from_date):%Y-%m-%d}"

	def validate(self) -> None:
		contracts.refuse_unless_from_room(self)

	def on_trash(self) -> None:
		contracts.refuse_unless_from_room(self)
