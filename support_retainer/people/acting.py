"""Which customers a person acts for, and who works at the agency.

A contact acts for the customers that list them as portal user, and for those their Contact is linked to: ERPNext knows both.
Staff act for no customer.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

STAFF = {"Support Agent", "Retainer Manager", "System Manager"}


def is_staff(user: str | None = None) -> bool:
	"""Whether the user works at the agency."""
	return bool(STAFF & set(frappe.get_roles(user or frappe.session.user)))


def customers_of(user: str | None = None) -> list[str]:
	"""Return the customers a user acts for, sorted. Guests, disabled users and staff act for none; a disabled customer has no portal."""
	user = user or frappe.session.user
	if user == "Guest" or not frappe.get_cached_value("User", user, "enabled") or is_staff(user):
		return []
	customer = frappe.qb.DocType("Customer")
	return (
		frappe.qb.from_(customer)
		.select(customer.name)
		.where(customer.disabled == 0)
		.where(customer.name.isin(_listed(user)) | customer.name.isin(_linked(user)))
		.orderby(customer.name)
	).run(pluck=True)


def staff_among(users: Iterable[str]) -> set[str]:
	"""Return those of some users who work at the agency. One query."""
	roles = {"parenttype": "User", "parent": ("in", list(users) or [""]), "role": ("in", sorted(STAFF))}
	return {name.lower() for name in frappe.get_all("Has Role", roles, pluck="parent")}


def known_customers(address: str) -> set[str]:
	"""Return the customers that have a mail address among their contacts or portal users."""
	contact, link, mail = (frappe.qb.DocType(name) for name in ("Contact", "Dynamic Link", "Contact Email"))
	linked = (
		frappe.qb.from_(link)
		.join(contact)
		.on((contact.name == link.parent) & (link.parenttype == "Contact"))
		.join(mail)
		.on(mail.parent == link.parent)
		.select(link.link_name)
		.where((link.link_doctype == "Customer") & (mail.email_id == address))
		.where(contact.owner.notin(outsiders()))
	).run(pluck=True)
	return {*linked, *_listed(address).run(pluck=True)}


def _listed(user: str):
	portal_user = frappe.qb.DocType("Portal User")
	return (
		frappe.qb.from_(portal_user)
		.select(portal_user.parent)
		.where(portal_user.parenttype == "Customer")
		.where(portal_user.user == user)
	)


def _linked(user: str):
	contact, link = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	return (
		frappe.qb.from_(contact)
		.join(link)
		.on((link.parent == contact.name) & (link.parenttype == "Contact"))
		.select(link.link_name)
		.where(contact.user == user)
		.where(contact.owner.notin(outsiders()))
		.where(link.link_doctype == "Customer")
	)


def outsiders():
	"""Everybody who logs in may write a Contact, of themselves or of a friend, and link it to any customer: theirs say nothing."""
	user = frappe.qb.DocType("User")
	return (
		frappe.qb.from_(user)
		.select(user.name)
		.where((user.user_type == "Website User") & (user.name != "Guest"))
	)
