"""Who may give a customer's answer: its own contacts, and a Retainer Manager on its behalf who says how they know."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _

from support_retainer import people, portal, requests

MANAGER = "Retainer Manager"
ON_BEHALF_SOURCES = ("Desk", "Mail")


@dataclass(frozen=True, slots=True)
class Answerer:
	"""Who answers, from where, and (staff) how the customer said so."""

	user: str
	full_name: str
	contact: str | None
	on_behalf: bool
	reason: str
	source: str
	ip_address: str | None


def who_answers(customer: str | None, reason: str | None, source: str | None = None) -> Answerer:
	"""Return who the user is when they answer for a customer.

	Raises:
	        frappe.PermissionError: neither a contact of the customer nor a Retainer Manager; the same words whether or not
	                there is such a customer or question.
	        frappe.ValidationError: a manager who does not say how the customer answered.
	"""
	user = frappe.session.user
	if customer and customer in people.customers_of(user):
		return _answerer(user, _contact(user, customer), False, "", "Portal")
	if not is_manager(user):
		refuse()
	if not customer:
		frappe.throw(_("This is not waiting for an answer. Reload the page."), title=_("Nothing to answer"))
	requests.check_right("Customer", "read", customer)
	if not (reason or "").strip():
		frappe.throw(
			_("Write how the customer gave this answer: by phone, by mail, when and to whom."),
			title=_("On the customer's behalf"),
		)
	return on_behalf(reason, source)


def on_behalf(reason: str, source: str | None = None) -> Answerer:
	"""Return the user as one who answers for a customer; that they may is checked by whoever calls."""
	source = source if source in ON_BEHALF_SOURCES else "Desk"
	return _answerer(frappe.session.user, None, True, (reason or "").strip(), source)


def refuse() -> None:
	"""Say no in the portal's words, which do not tell whether there is such a thing."""
	portal.check_customer(None)


def is_manager(user: str | None = None) -> bool:
	"""Whether the user may decide what a customer or a retainer would have to."""
	return MANAGER in frappe.get_roles(user or frappe.session.user)


def check_manager() -> None:
	"""Refuse everyone who is no Retainer Manager."""
	if not is_manager():
		frappe.throw(_("Only a Retainer Manager may do this. Ask one."), frappe.PermissionError)


def _answerer(user: str, contact: str | None, on_behalf: bool, reason: str, source: str) -> Answerer:
	ip_address = getattr(frappe.local, "request_ip", None)
	full_name = frappe.utils.get_fullname(user)
	return Answerer(user, full_name, contact, on_behalf, reason, source, ip_address)


def _contact(user: str, customer: str) -> str | None:
	contact, link = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	found = (
		frappe.qb.from_(contact)
		.join(link)
		.on((link.parent == contact.name) & (link.parenttype == "Contact"))
		.select(contact.name)
		.where((contact.user == user) & (link.link_doctype == "Customer") & (link.link_name == customer))
		.limit(1)
	).run(pluck=True)
	return found[0] if found else None
