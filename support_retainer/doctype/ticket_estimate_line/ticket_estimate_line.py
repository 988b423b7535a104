from frappe.model.document import Document


class TicketEstimateLine(Document):
	"""A part of the work an estimate is made of."""
