"""Party Account: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class PartyAccount(Document):
	pass
