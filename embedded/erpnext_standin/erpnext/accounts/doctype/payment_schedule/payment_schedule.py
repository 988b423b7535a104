"""Payment Schedule: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class PaymentSchedule(Document):
	pass
