"""Payment Terms Template Detail: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class PaymentTermsTemplateDetail(Document):
	pass
