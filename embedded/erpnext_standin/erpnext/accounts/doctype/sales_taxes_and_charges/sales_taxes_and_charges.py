"""Sales Taxes and Charges: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class SalesTaxesandCharges(Document):
	pass
