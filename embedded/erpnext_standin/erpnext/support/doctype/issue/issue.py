"""Issue: a ticket, from desk, e-mail, website or API.

ERPNext's Service Level Agreements are left out; their fields are here and stay empty.
"""

import email.utils
from copy import deepcopy
from typing import Any

import frappe
from frappe import _
from frappe.email.inbox import link_communication_to_document
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import add_days, cint, now_datetime
from frappe.utils.user import is_website_user


class Issue(Document):
	def validate(self) -> None:
		if self.is_new() and self.via_customer_portal:
			self.flags.create_communication = True
		self.raised_by = self.raised_by or frappe.session.user
		self.set_lead_contact(self.raised_by)

	def on_update(self) -> None:
		if self.flags.create_communication and self.via_customer_portal:
			self.create_communication()
			self.flags.create_communication = False

	def set_lead_contact(self, email_id: str) -> None:
		"""Finds contact and customer by the sender's address, and the company by default."""
		email_id = email.utils.parseaddr(email_id)[1]
		if not email_id:
			return
		if not self.contact and not self.customer:
			self.contact = frappe.db.get_value("Contact", {"email_id": email_id})
			if self.contact:
				self.customer = frappe.get_doc("Contact", self.contact).get_link_for("Customer")
		if not self.company:
			self.company = frappe.db.get_default("Company")

	def create_communication(self) -> None:
		"""What came from the website stands in the timeline as a mail received."""
		message = frappe.new_doc("Communication")
		message.update(
			{
				"communication_type": "Communication",
				"communication_medium": "Email",
				"sent_or_received": "Received",
				"email_status": "Open",
				"subject": self.subject,
				"sender": self.raised_by,
				"content": self.description,
				"status": "Linked",
				"reference_doctype": "Issue",
				"reference_name": self.name,
			}
		)
		message.flags.ignore_permissions = True
		message.flags.ignore_mandatory = True
		message.save()

	@frappe.whitelist()
	def split_issue(self, subject: str, communication_id: str) -> str:
		"""A new issue with this message and all later ones. Returns its name."""
		new = deepcopy(self)
		new.flags.name_set = False
		new.subject = subject
		new.issue_split_from = self.name
		new.first_response_time = 0
		new.first_responded_on = None
		new.creation = now_datetime()
		frappe.get_doc(new).insert()
		start = frappe.get_doc("Communication", communication_id)
		later = {
			"reference_doctype": "Issue",
			"reference_name": start.reference_name,
			"creation": (">=", start.creation),
		}
		for name in frappe.get_all("Communication", later, pluck="name"):
			message = frappe.get_doc("Communication", name)
			message.reference_name = new.name
			message.save(ignore_permissions=True)
		link = frappe.utils.get_link_to_form("Issue", self.name)
		new.add_comment("Info", f" - Split the Issue from {link}")
		return new.name


@frappe.whitelist()
def set_multiple_status(names: str | list, status: str) -> None:
	"""Past document events, as in ERPNext."""
	for name in frappe.parse_json(names):
		frappe.db.set_value("Issue", name, "status", status)


@frappe.whitelist()
def set_status(name: str, status: str) -> None:
	"""Past document events, as in ERPNext."""
	frappe.db.set_value("Issue", name, "status", status)


def auto_close_tickets() -> None:
	"""Daily: closes what was answered and then left alone for some days."""
	days = cint(frappe.db.get_single_value("Support Settings", "close_issue_after_days")) or 7
	left_alone = {"status": "Replied", "modified": ["<", add_days(now_datetime(), -days)]}
	for name in frappe.get_all("Issue", left_alone, pluck="name"):
		issue = frappe.get_doc("Issue", name)
		issue.status = "Closed"
		issue.flags.ignore_permissions = True
		issue.flags.ignore_mandatory = True
		issue.save()


def get_list_context(context: Any = None) -> dict:
	return {
		"title": _("Issues"),
		"get_list": get_issue_list,
		"list_template": "templates/includes/list/list.html",
		"row_template": "templates/includes/issue_row.html",
		"show_sidebar": True,
		"show_search": True,
		"no_breadcrumbs": True,
	}


def get_issue_list(
	doctype: str,
	txt: str | None,
	filters: dict | None,
	limit_start: int,
	limit_page_length: int = 20,
	order_by: str | None = None,
) -> list[dict]:
	"""On the website: the issues of the contact's customer, else the user's own."""
	from frappe.www.list import get_list

	user, website = frappe.session.user, is_website_user()
	if website:
		contact = frappe.db.get_value("Contact", {"user": user}, "name")
		customer = frappe.get_doc("Contact", contact).get_link_for("Customer") if contact else None
		filters = filters or {}
		filters.update({"customer": customer} if customer else {"raised_by": user})
	return get_list(doctype, txt, filters, limit_start, limit_page_length, ignore_permissions=website)


def has_website_permission(doc: Document, ptype: str, user: str, verbose: bool = False) -> bool:
	from erpnext.controllers.website_list_for_contact import has_website_permission

	return has_website_permission(doc, ptype, user, verbose) or doc.raised_by == user


def update_issue(contact: Document, method: str | None = None) -> None:
	"""A contact that is deleted is taken off its issues."""
	frappe.db.set_value("Issue", {"contact": contact.name}, "contact", "", update_modified=False)


@frappe.whitelist()
def make_task(source_name: str, target_doc: str | Document | None = None) -> Document:
	return get_mapped_doc("Issue", source_name, {"Issue": {"doctype": "Task"}}, target_doc)


@frappe.whitelist()
def make_issue_from_communication(communication: str, ignore_communication_links: bool = False) -> str:
	"""An issue out of a mail that belongs to none. Returns its name."""
	message = frappe.get_doc("Communication", communication)
	issue = frappe.get_doc(
		{"doctype": "Issue", "subject": message.subject, "raised_by": message.sender or ""}
	).insert(ignore_permissions=True)
	link_communication_to_document(message, "Issue", issue.name, ignore_communication_links)
	return issue.name
