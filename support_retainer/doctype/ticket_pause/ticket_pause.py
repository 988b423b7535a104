from frappe.model.document import Document


class TicketPause(Document):
	"""A stretch in which a ticket's clocks stood still. The app alone writes it."""
