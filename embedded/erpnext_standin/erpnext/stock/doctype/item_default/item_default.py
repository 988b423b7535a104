"""Item Default: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class ItemDefault(Document):
	pass
