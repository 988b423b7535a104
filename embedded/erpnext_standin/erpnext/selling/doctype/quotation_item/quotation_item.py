"""Quotation Item: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class QuotationItem(Document):
	pass
