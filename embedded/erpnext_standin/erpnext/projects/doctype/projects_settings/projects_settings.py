"""Projects Settings: settings of the ERPNext stand-in."""

from frappe.model.document import Document


class ProjectsSettings(Document):
	pass
