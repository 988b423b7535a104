"""Issue Type: records of the ERPNext stand-in."""

from frappe.model.document import Document


class IssueType(Document):
	pass
