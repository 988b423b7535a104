from frappe.model.document import Document

from support_retainer import contracts


class BackgroundProblem(Document):
	"""What a job could not do, why, and when it tries again. `support_retainer.background` writes it."""

	def validate(self) -> None:
		contracts.refuse_unless_from_room(self)

	def on_trash(self) -> None:
		contracts.refuse_unless_from_room(self)
