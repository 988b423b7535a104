from frappe.model.document import Document

from support_retainer.consent import waivers


class ConsentWaiver(Document):
	"""A manager's word that work on a ticket goes on without the customer's, and why. Written once."""

	def validate(self) -> None:
		waivers.validate(self)

	def on_trash(self) -> None:
		waivers.refuse_to_delete(self)
