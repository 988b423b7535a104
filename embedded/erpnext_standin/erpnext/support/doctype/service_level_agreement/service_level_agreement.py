"""Service Level Agreement: records of the ERPNext stand-in."""

from frappe.model.document import Document


class ServiceLevelAgreement(Document):
	pass
