from frappe.model.document import Document


class NotChargedReason(Document):
	"""Why time is not charged. The list is the agency's own."""
