"""Which customers a person acts for, and which one a page is about.

A contact acts for the customers that list them as portal user, and for those their Contact is linked to: ERPNext knows both.
Staff act for no customer. They may look at a customer's portal as that customer sees it, and answer nothing there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

import frappe
from frappe import _

from support_retainer import requests

NOBODY = "-"  # ERPNext's names have letters
COOKIE = "support_customer"
STAFF = {"Support Agent", "Retainer Manager", "System Manager"}


@dataclass(frozen=True)
class Visitor:
	"""Who looks at a page, and as which customer. `customer` is None until one is chosen among several."""

	user: str
	customer: str | None
	customers: tuple[str, ...]
	is_staff: bool

	@property
	def may_write(self) -> bool:
		"""Whether forms and buttons of this customer's portal are the visitor's to use."""
		return not self.is_staff and self.customer is not None


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
		.where(contact.owner.notin(_outsiders()))
	).run(pluck=True)
	return {*linked, *_listed(address).run(pluck=True)}


def check_customer(customer: str | None, user: str | None = None) -> None:
	"""Refuse everyone who does not act for the customer. Staff too: they may look, and never answer for a customer."""
	if not customer or customer not in customers_of(user):
		refuse()


def refuse() -> None:
	"""Say no in the same words whether a thing is somebody else's or does not exist."""
	frappe.throw(
		_(
			"There is nothing here that your login may see or change. "
			"Log in as a contact of the customer, or ask the agency to add you to its portal users."
		),
		frappe.PermissionError,
		title=_("Not permitted"),
	)


def current_customer() -> str | None:
	"""Return the customer this request is about, or None while one of several is still to be chosen."""
	return visitor().customer


def viewing_as() -> str | None:
	"""Return the customer that staff look at, or None: for a contact, and until staff chose one."""
	seen = visitor()
	return seen.customer if seen.is_staff else None


def visitor(customer: str | None = None) -> Visitor:
	"""Return who asks. A customer named (or in the address) is refused unless it is theirs; a cookie that no longer fits is forgotten.

	Raises:
	        frappe.PermissionError: a guest, somebody who acts for no customer, or not for this one.
	"""
	user, staff = frappe.session.user, is_staff()
	customers = customers_of(user)
	if not staff and not customers:
		refuse()
	asked = customer or frappe.form_dict.get("customer")
	if asked and not _may_see(str(asked), staff, customers):
		refuse()
	chosen = str(asked) if asked else _remembered(staff, customers)
	if asked and frappe.request:
		frappe.local.cookie_manager.set_cookie(COOKIE, chosen, httponly=True)
	return Visitor(user, chosen, tuple(customers), staff)


def visitor_of(customer: str | None) -> Visitor:
	"""Return who asks for something of this customer; what does not exist (no customer) is refused in the very same place.

	Frappe may show where an error came from: two places would tell the one from the other.

	Raises:
	        frappe.PermissionError: no customer, or not one of the visitor's.
	"""
	return visitor(customer or NOBODY)


def forget_choice() -> None:
	"""Let the visitor choose a customer anew."""
	frappe.local.cookie_manager.delete_cookie(COOKIE)


def _may_see(customer: str, staff: bool, customers: list[str]) -> bool:
	if not staff:
		return customer in customers
	return (
		bool(frappe.db.exists("Customer", customer))
		and requests.has_right("Customer", "read", customer)
		and _may_read_all_contracts(customer)
	)


def _may_read_all_contracts(customer: str) -> bool:
	"""Pages show all of a customer's contracts; staff of one company alone must not see another's there."""
	contracts = frappe.get_all("Retainer", filters={"customer": customer}, pluck="name")
	return len(frappe.get_list("Retainer", filters={"customer": customer}, pluck="name")) == len(contracts)


def _remembered(staff: bool, customers: list[str]) -> str | None:
	if len(customers) == 1:
		return customers[0]
	kept = frappe.request and unquote(frappe.request.cookies.get(COOKIE) or "")  # Frappe quotes what it sets
	return kept if kept and _may_see(kept, staff, customers) else None


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
		.where(contact.owner.notin(_outsiders()))
		.where(link.link_doctype == "Customer")
	)


def _outsiders():
	"""Everybody who logs in may write a Contact, of themselves or of a friend, and link it to any customer: theirs say nothing."""
	user = frappe.qb.DocType("User")
	return (
		frappe.qb.from_(user)
		.select(user.name)
		.where((user.user_type == "Website User") & (user.name != "Guest"))
	)
