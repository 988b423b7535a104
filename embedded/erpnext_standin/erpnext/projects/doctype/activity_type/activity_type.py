"""Activity Type: records of the ERPNext stand-in."""

from frappe.model.document import Document


class ActivityType(Document):
	pass
