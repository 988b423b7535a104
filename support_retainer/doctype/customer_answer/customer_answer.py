from frappe.model.document import Document

from support_retainer.consent import answers


class CustomerAnswer(Document):
	"""A customer's word: who, when, from where, and the exact text and figures it was given on. Written once."""

	def validate(self) -> None:
		answers.refuse_unless_new(self)

	def on_trash(self) -> None:
		answers.refuse_to_delete(self)
