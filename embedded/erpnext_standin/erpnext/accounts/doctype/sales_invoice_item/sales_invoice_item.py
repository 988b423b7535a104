"""Sales Invoice Item: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class SalesInvoiceItem(Document):
	pass
