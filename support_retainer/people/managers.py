"""The agency's managers, and telling them."""

from __future__ import annotations

import frappe

MANAGER = "Retainer Manager"


def managers() -> list[str]:
	"""Return the users with the role Retainer Manager whose login is enabled, sorted; Administrator is none."""
	role, user = frappe.qb.DocType("Has Role"), frappe.qb.DocType("User")
	return (
		frappe.qb.from_(role)
		.join(user)
		.on((user.name == role.parent) & (role.parenttype == "User"))
		.select(user.name)
		.distinct()
		.where((role.role == MANAGER) & (user.enabled == 1) & (user.name != "Administrator"))
		.orderby(user.name)
	).run(pluck=True)


def tell_managers(subject: str, doctype: str, name: str) -> None:
	"""Ring each manager's bell about a document."""
	for user in managers():
		note = frappe.new_doc("Notification Log")
		note.update(
			{
				"subject": subject,
				"type": "Alert",
				"for_user": user,
				"document_type": doctype,
				"document_name": name,
			}
		)
		note.insert(ignore_permissions=True)  # whoever is at work makes it known, jobs too
