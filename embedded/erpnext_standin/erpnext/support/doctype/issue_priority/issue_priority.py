"""Issue Priority: records of the ERPNext stand-in."""

from frappe.model.document import Document


class IssuePriority(Document):
	pass
