"""A ticket's conversation: letters to and from the customer, by mail or here. What staff say among themselves is not in it."""

from __future__ import annotations

from email.utils import getaddresses

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.model.document import Document
from frappe.utils import get_fullname
from frappe.utils.html_utils import clean_html

from support_retainer.people import known_customers, staff_among
from support_retainer.portal import access, files
from support_retainer.portal.new_ticket import as_html
from support_retainer.words import bold, filled

FIELDS = (
	"name",
	"sender",
	"sender_full_name",
	"recipients",
	"cc",
	"content",
	"communication_date",
	"creation",
	"sent_or_received",
)


def conversation(ticket: Document, customer: str) -> list[frappe._dict]:
	"""Return the letters that passed between the agency and this customer's people, oldest first, safe to show."""
	ours = _addresses(customer) | _raised_by(ticket, customer)
	rows = frappe.get_all(
		"Communication",
		filters={
			"reference_doctype": "Issue",
			"reference_name": ticket.name,
			"communication_type": "Communication",
		},
		fields=list(FIELDS),
		order_by="creation",
		limit=200,
	)
	shown = [row for row in rows if _concerns(row, ours)]
	for row in shown:
		row.text = safe(row.content)
		row.mine = (row.sender or "").lower() in ours
		row.who = row.sender_full_name or row.sender
		row.sent = row.communication_date or row.creation
	return shown


def safe(html: str | None) -> str:
	"""Return HTML with plain markup alone: no links, pictures, styles or scripts."""
	return clean_html(html or "")


def reply(ticket: Document, text: str) -> None:
	"""Add a contact's letter to a ticket, with the form's files; those it is assigned to are told.

	Raises:
	        frappe.ValidationError: there is no text.
	"""
	if not text:
		frappe.throw(_("Write your reply first."))
	user = frappe.session.user
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Received",
			"status": "Linked",
			"subject": f"Re: {ticket.subject}",
			"content": as_html(text),
			"sender": frappe.db.get_value("User", user, "email"),
			"sender_full_name": get_fullname(user),
			"reference_doctype": "Issue",
			"reference_name": ticket.name,
		}
	).insert(ignore_permissions=True)  # the ticket was checked; contacts may not write Communications
	files.attach(ticket)
	_tell_assigned(ticket)


def _tell_assigned(ticket: Document) -> None:
	assigned = frappe.parse_json(ticket.get("_assign") or "[]")
	if assigned:
		enqueue_create_notification(
			assigned,
			{
				"type": "Alert",
				"document_type": "Issue",
				"document_name": ticket.name,
				"subject": filled(_("{0} replied on {1}"), get_fullname(), bold(ticket.name)),
				"from_user": frappe.session.user,
			},
		)


def _concerns(row: frappe._dict, ours: set[str]) -> bool:
	if row.sent_or_received == "Received":
		return (row.sender or "").lower() in ours
	named = getaddresses([row.recipients or "", row.cc or ""])
	return any(address.lower() in ours for _name, address in named)


def _addresses(customer: str) -> set[str]:
	"""Return the mail addresses of the customer's people: its contacts and portal users, staff among them left out."""
	people = _people(customer)
	staff = staff_among(people)
	return {address for address in people if address not in staff}


def _people(customer: str) -> set[str]:
	link, mail = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType("Contact Email")
	listed = frappe.qb.DocType("Portal User")
	linked = (
		frappe.qb.from_(link)
		.join(mail)
		.on(mail.parent == link.parent)
		.select(mail.email_id)
		.where(
			(link.parenttype == "Contact") & (link.link_doctype == "Customer") & (link.link_name == customer)
		)
	).run(pluck=True)
	users = (
		frappe.qb.from_(listed)
		.select(listed.user)
		.where((listed.parenttype == "Customer") & (listed.parent == customer))
	).run(pluck=True)
	return {address.lower() for address in (*linked, *users) if address}


def _raised_by(ticket: Document, customer: str) -> set[str]:
	"""Return who raised the ticket, when that is somebody outside whom we know no more of than the address.

	A ticket that staff registered is raised by them: letters among them are not the customer's. One that was moved here is
	raised by another customer's person.
	"""
	address = (ticket.raised_by or "").lower()
	at_desk = frappe.db.exists("User", {"name": address, "user_type": "System User"})
	if not address or at_desk or known_customers(address) - {customer}:
		return set()
	return {address}


def files_for(ticket: str) -> set[str]:
	"""Return the names of a ticket's files that the visitor may see; none when the ticket is not the customer's.

	Raises:
	        frappe.PermissionError: the visitor may not see the customer's portal.
	"""
	customer = frappe.db.get_value("Issue", ticket, "customer")
	if not customer or access.visitor(customer).customer != customer:
		return set()
	shown = conversation(frappe.get_doc("Issue", ticket), customer)
	return {row.name for row in files.of_ticket(ticket, [row.name for row in shown])}
