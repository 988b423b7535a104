"""UOM: records of the ERPNext stand-in."""

from frappe.model.document import Document


class UOM(Document):
	pass
