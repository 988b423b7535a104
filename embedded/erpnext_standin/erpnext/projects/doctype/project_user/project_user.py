"""Project User: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class ProjectUser(Document):
	pass
