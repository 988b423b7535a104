"""Stock Settings: settings of the ERPNext stand-in."""

from frappe.model.document import Document


class StockSettings(Document):
	pass
