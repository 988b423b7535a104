"""UOM Conversion Detail: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class UOMConversionDetail(Document):
	pass
