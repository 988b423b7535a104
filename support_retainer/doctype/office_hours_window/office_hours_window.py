from frappe.model.document import Document


class OfficeHoursWindow(Document):
	"""A stretch of a weekday in which office hours run; half-open, and over midnight when it ends before it begins."""
