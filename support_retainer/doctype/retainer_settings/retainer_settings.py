from frappe.model.document import Document

from support_retainer import contracts


class RetainerSettings(Document):
	"""Office hours, the terms new retainers start with, and the items used on invoices."""

	def validate(self) -> None:
		contracts.validate_settings(self)
