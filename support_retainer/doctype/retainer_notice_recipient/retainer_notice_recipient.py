from frappe.model.document import Document


class RetainerNoticeRecipient(Document):
	"""One address that a notice went to, so that a person's data can be found, handed out and removed by it."""
