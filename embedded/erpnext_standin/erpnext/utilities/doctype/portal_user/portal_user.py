"""Portal User: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class PortalUser(Document):
	pass
