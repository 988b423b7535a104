from frappe.model.document import Document


class SentForm(Document):
	"""A form of the portal that was sent, and where it led: sent again, it leads there and does nothing. Its name is the form's key."""
