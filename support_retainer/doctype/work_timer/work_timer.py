from frappe.model.document import Document


class WorkTimer(Document):
	"""A person's running timer. `support_retainer.desk.timer` starts and stops it."""
