"""What the website does for people who log in."""

import frappe
from frappe.model.document import Document


def set_default_role(doc: Document, method: str | None = None) -> None:
	"""Gives a user whose contact belongs to a customer the role Customer."""
	if frappe.flags.setting_role or frappe.flags.in_migrate:
		return
	contact = frappe.db.get_value("Contact", {"email_id": doc.email})
	if not contact or "Customer" in frappe.get_roles(doc.name):
		return
	if any(link.link_doctype == "Customer" for link in frappe.get_doc("Contact", contact).links):
		frappe.flags.setting_role = True
		try:
			doc.add_roles("Customer")
		finally:
			frappe.flags.setting_role = False
