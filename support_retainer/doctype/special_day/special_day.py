from frappe.model.document import Document


class SpecialDay(Document):
	"""Other hours than usual, or none, on one date. Several rows of a date are several windows."""
