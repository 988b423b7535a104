"""Which customer a page is about, and who looks at it.

Staff act for no customer. They may look at a customer's portal as that customer sees it, and answer nothing there.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

import frappe
from frappe import _

from support_retainer import requests
from support_retainer.people import customers_of, is_staff

NOBODY = "-"  # ERPNext's names have letters
COOKIE = "support_customer"


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
