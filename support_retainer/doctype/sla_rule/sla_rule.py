from frappe.model.document import Document

from support_retainer import contracts


class SLARule(Document):
	"""What is promised, and at which surcharge, for one kind of situation."""

	def validate(self) -> None:
		contracts.validate_rule(self)
