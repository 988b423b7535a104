"""UOM Conversion Factor: records of the ERPNext stand-in."""

from frappe.model.document import Document


class UOMConversionFactor(Document):
	pass
