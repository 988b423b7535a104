from frappe.model.document import Document

from support_retainer import contracts


class RetainerNotice(Document):
	"""What a customer was told, once: the stamp that keeps it from being told again. Written by the room paper alone."""

	def validate(self) -> None:
		contracts.refuse_unless_from_room(self)

	def on_trash(self) -> None:
		contracts.refuse_unless_from_room(self)
