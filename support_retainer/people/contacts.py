"""Who is written to for a customer."""

from __future__ import annotations

import frappe

from support_retainer.people.acting import is_staff, outsiders


def contacts_of(customer: str) -> list[str]:
	"""Return e-mail addresses, sorted: the customer's people in the portal; without any, its primary contacts, or all it has.

	Staff who are listed at a customer by mistake, people whose login is disabled, and contacts that a website user made are left out:
	everybody may write a Contact, and link it to any customer. A disabled customer has none.
	"""
	if frappe.db.get_value("Customer", customer, "disabled"):
		return []
	if people := [user for user in _portal_users(customer) if not is_staff(user)]:
		rows = frappe.get_all("User", filters={"name": ("in", people)}, pluck="email")
		return sorted({email for email in rows if email})
	linked = _linked_contacts(customer)
	primary = [row for row in linked if row.is_primary_contact]
	found = {row.email_id for row in primary or linked if row.email_id}
	if not found and (own := frappe.db.get_value("Customer", customer, "email_id")):
		found = {own}
	return sorted(found)


def _portal_users(customer: str) -> list[str]:
	portal_user, user = frappe.qb.DocType("Portal User"), frappe.qb.DocType("User")
	listed = (
		frappe.qb.from_(portal_user)
		.join(user)
		.on(user.name == portal_user.user)
		.select(user.name)
		.where(
			(portal_user.parenttype == "Customer") & (portal_user.parent == customer) & (user.enabled == 1)
		)
	).run(pluck=True)
	contact, link = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	linked = (
		frappe.qb.from_(contact)
		.join(link)
		.on((link.parent == contact.name) & (link.parenttype == "Contact"))
		.join(user)
		.on(user.name == contact.user)
		.select(user.name)
		.where((link.link_doctype == "Customer") & (link.link_name == customer) & (user.enabled == 1))
		.where(contact.owner.notin(outsiders()))
	).run(pluck=True)
	return sorted({*listed, *linked})


def _linked_contacts(customer: str) -> list[frappe._dict]:
	contact, link = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	return (
		frappe.qb.from_(contact)
		.join(link)
		.on((link.parent == contact.name) & (link.parenttype == "Contact"))
		.select(contact.email_id, contact.is_primary_contact)
		.where((link.link_doctype == "Customer") & (link.link_name == customer))
		.where(contact.owner.notin(outsiders()))
	).run(as_dict=True)
