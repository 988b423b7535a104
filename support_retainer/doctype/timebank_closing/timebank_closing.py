from frappe.model.document import Document

from support_retainer import contracts


class TimebankClosing(Document):
	"""What closing, or reopening, a period did, and what it could not do and why."""

	def validate(self) -> None:
		contracts.refuse_unless_from_room(self)

	def on_trash(self) -> None:
		contracts.refuse_unless_from_room(self)
