"""Sales Order Item: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class SalesOrderItem(Document):
	pass
