from frappe.model.document import Document


class SupportSprintTicket(Document):
	"""A ticket of a sprint, with its hours, price and answer."""
