"""Accounts Settings: settings of the ERPNext stand-in."""

from frappe.model.document import Document


class AccountsSettings(Document):
	pass
