"""What of a ticket is whose to say. Staff say all of it; anybody else registers for a customer of theirs, in their own name, and
changes nothing that says whose the ticket is, what it costs or what it was promised.

Roles do not say so: ERPNext's own web form saves what any login sends, past all rights, and so do mails.
"""

from __future__ import annotations

from email.utils import parseaddr

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.permissions import get_user_permissions
from frappe.utils import cint, cstr, flt, to_timedelta

from support_retainer import people, requests
from support_retainer.permissions.documents import is_desk_user, limited_fields
from support_retainer.tickets import urgency
from support_retainer.words import filled

# What staff alone write, on new tickets and on others
OURS = (
	"customer",
	"priority",
	"company",
	"project",
	"lead",
	"contact",
	"raised_by",
	"opening_date",
	"opening_time",
	"expected_hours",
	"estimate_requested",
	"origin",
	"customer_rank",
	"issue_split_from",
	"service_level_agreement",
	"email_account",
	"retainer",
	"support_sprint",
)
# What the portal's form asks for beside a ticket's text, with promise and price beside it
ASKED_FOR = ("expected_hours", "estimate_requested")
NUMBERS = ("expected_hours", "estimate_requested", "customer_rank")
# A contact may close their ticket, and open it again; what stands still or is solved is the agency's to say
STATUSES = ("Open", "Closed")


def writes_tickets(user: str) -> bool:
	"""Whether a user may say all of a ticket: at the desk, with a role that writes tickets."""
	return user == "Administrator" or (is_desk_user(user) and requests.has_role_right("Issue", "write", user))


def check_new_ticket(doc: Document, method: str | None = None) -> None:
	"""Refuse what somebody who is not staff gave a new ticket, before ERPNext fills the rest in.

	Raises:
	        frappe.PermissionError: another's customer, or a value that is the agency's to give.
	"""
	user = frappe.session.user
	if writes_tickets(user):
		return
	if doc.get("customer") and doc.customer not in people.customers_of(user):
		_refuse_customer()
	fresh = frappe.new_doc("Issue")
	own = {"customer", "raised_by", "contact", "priority", *(ASKED_FOR if doc.flags.price_read else ())}
	given = [
		field for field in OURS if field not in own and _plain(doc, field) not in ("", _plain(fresh, field))
	]
	if doc.get("status") not in (None, "", "Open"):
		given.append("status")
	if given:
		_refuse_values(doc, given)
	# ERPNext's default is asked again where nothing is chosen
	if not doc.flags.price_read and urgency(doc.priority) == "Urgent":
		_refuse_urgent()
	address = frappe.db.get_value("User", user, "email")
	if user != "Guest" and doc.get("raised_by") not in (None, "", user, address):
		_refuse_values(doc, ["raised_by"])
	doc.raised_by = doc.raised_by if user == "Guest" else address
	doc.contact = None if user == "Guest" else _contact(user, doc.get("customer"))


def check_changed_ticket(doc: Document, method: str | None = None) -> None:
	"""Refuse what somebody who is not staff changed on a ticket, and put back what their form left out.

	Raises:
	        frappe.PermissionError: says what is not theirs to change.
	"""
	if not doc.is_new() and not writes_tickets(frappe.session.user) and (before := doc.get_doc_before_save()):
		_keep_ours(doc, before)


def check_ticket(doc: Document, method: str | None = None) -> None:
	"""Hold that a ticket is its customer's, whoever saves it and by whatever door.

	Raises:
	        frappe.PermissionError: says what is not the user's to change.
	"""
	user = frappe.session.user
	before = None if doc.is_new() else doc.get_doc_before_save()
	if writes_tickets(user):
		_check_limits(doc, before, user)
		if not before and doc.get("email_account"):
			_believe_known_addresses(doc)
		return
	if before:
		for field in OURS:  # what ERPNext has filled in by an address since
			doc.set(field, before.get(field))
		return
	# ERPNext looks an address up among all contacts, also those that people wrote of themselves
	theirs = people.customers_of(user)
	if doc.get("customer") not in theirs:
		doc.customer = theirs[0] if len(theirs) == 1 else None
		doc.customer_name = doc.customer and frappe.db.get_value("Customer", doc.customer, "customer_name")
	if user != "Guest":
		doc.contact = _contact(user, doc.customer)
	if not doc.flags.price_read and urgency(doc.priority) == "Urgent":
		_refuse_urgent()


def _keep_ours(doc: Document, before: Document) -> None:
	"""Put back what a form left out, and refuse what it changed."""
	changed = []
	for field in OURS:
		if _plain(doc, field) == _plain(before, field):
			continue
		if _plain(doc, field):
			changed.append(field)
		else:
			doc.set(field, before.get(field))
	if not doc.status:
		doc.status = before.status
	if doc.status != before.status and doc.status not in STATUSES:
		changed.append("status")
	if changed:
		_refuse_values(doc, changed)


def _check_limits(doc: Document, before: Document | None, user: str) -> None:
	"""User Permissions hold where Frappe was told to ask nobody: web forms save so."""
	if user == "Administrator" or not doc.flags.ignore_permissions:
		return
	for field, allowed in limited_fields(get_user_permissions(user), doc.doctype):
		value = doc.get(field)
		if value and value not in allowed and field != "name" and (not before or before.get(field) != value):
			_refuse_customer()


def _believe_known_addresses(doc: Document) -> None:
	"""A mail's sender decides the customer, where staff or the customer said that the address is theirs: everybody who can log in may
	write a Contact of their own, and link it to anybody."""
	known = people.known_customers(parseaddr(cstr(doc.raised_by))[1])
	if doc.customer in known or not (doc.customer or known):
		return
	doc.customer = known.pop() if len(known) == 1 else None
	doc.customer_name = doc.customer and frappe.db.get_value("Customer", doc.customer, "customer_name")
	doc.contact = None


def _contact(user: str, customer: str | None) -> str | None:
	"""Return the contact that somebody is, at a customer if there is one there."""
	if not customer:
		return None
	names = frappe.get_all("Contact", {"user": user}, pluck="name")
	link = {"parenttype": "Contact", "parent": ("in", names or [""]), "link_name": customer}
	return frappe.db.get_value("Dynamic Link", link, "parent")


def _plain(doc: Document, field: str) -> str:
	value = doc.get(field)
	if field in NUMBERS:
		return str(flt(value)) if flt(value) else ""
	if field == "opening_time" and value:
		return str(cint(to_timedelta(value).total_seconds()))
	return cstr(value)


def _refuse_customer() -> None:
	frappe.throw(
		_("You may not register tickets for this customer. Leave the customer out, or ask the agency."),
		frappe.PermissionError,
	)


def _refuse_urgent() -> None:
	frappe.throw(
		_("Urgent tickets cost more. Register it under Support and hours, where the price stands beside it."),
		frappe.PermissionError,
	)


def _refuse_values(doc: Document, fields: list[str]) -> None:
	labels = ", ".join(_(doc.meta.get_label(field)) for field in fields)
	frappe.throw(
		filled(
			_("The agency alone sets these: {0}. Leave them as they are, or write to the agency."), labels
		),
		frappe.PermissionError,
	)
