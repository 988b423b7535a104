from frappe.model.document import Document

from support_retainer.consent import asked, estimates


class TicketEstimate(Document):
	"""What a ticket would take and cost, as the customer is asked and answers. Durations in whole seconds."""

	def validate(self) -> None:
		estimates.validate(self)

	def on_trash(self) -> None:
		asked.refuse_to_delete(self)
