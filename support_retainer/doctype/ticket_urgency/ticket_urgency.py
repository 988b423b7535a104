from frappe.model.document import Document


class TicketUrgency(Document):
	"""How urgent a ticket was from a moment on, and whether the bank covered it: what work done then is priced by."""
