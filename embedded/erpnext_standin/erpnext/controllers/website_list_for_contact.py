"""What a customer's people may see on the website."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt
from frappe.utils.user import is_website_user


def get_list_context(context: Any = None) -> dict:
	return {
		"global_number_format": frappe.db.get_default("number_format") or "#,###.##",
		"currency": frappe.db.get_default("currency"),
		"list_template": "templates/includes/list/list.html",
		"row_template": "templates/includes/transaction_row.html",
		"get_list": get_transaction_list,
	}


def get_transaction_list(
	doctype: str,
	txt: str | None = None,
	filters: dict | None = None,
	limit_start: int = 0,
	limit_page_length: int = 20,
	order_by: str = "creation desc",
) -> list[Document]:
	"""The submitted documents of the user's customers, for the lists under /invoices and its like."""
	from frappe.www.list import get_list

	filters = {**(filters or {}), "docstatus": 1}
	website = frappe.session.user != "Guest" and is_website_user()
	if website:
		customers = get_customers_suppliers(doctype, frappe.session.user)[0]
		if not customers:
			return []
		filters[get_customer_field_name(doctype)] = ["in", customers]
		if doctype == "Quotation":
			filters["quotation_to"] = "Customer"
	rows = get_list(
		doctype,
		txt,
		filters=filters,
		fields="name",
		limit_start=limit_start,
		limit_page_length=limit_page_length,
		ignore_permissions=website,
		order_by="modified desc",
	)
	return [_for_list(frappe.get_doc(doctype, row.name)) for row in rows]


def _for_list(doc: Document) -> Document:
	doc.status_percent = flt(doc.get("per_billed"))
	doc.status_display = _("{0}% Billed").format(doc.per_billed) if doc.status_percent else ""
	if hasattr(doc, "set_indicator"):
		doc.set_indicator()
	doc.items_preview = ", ".join(item.item_name for item in doc.items if item.item_name)
	return doc


def get_customers_suppliers(doctype: str, user: str) -> tuple[list[str] | None, None]:
	"""The customers whose documents of a doctype the user may see. There are no suppliers here."""
	if not frappe.get_meta(doctype).has_field(get_customer_field_name(doctype)):
		return None, None
	if {"Customer", "Supplier"} & set(frappe.get_roles(user)):
		return get_parents_for_user("Customer"), None
	if frappe.has_permission(doctype, "read", user=user):
		return [row.name for row in frappe.get_list("Customer")], None
	return [], None


def get_parents_for_user(parenttype: str) -> list[str]:
	"""The customers that list the user of the session among their portal users."""
	return frappe.get_all(
		"Portal User", {"user": frappe.session.user, "parenttype": parenttype}, pluck="parent", order_by=None
	)


def has_website_permission(doc: Document, ptype: str, user: str, verbose: bool = False) -> bool:
	customers = get_customers_suppliers(doc.doctype, user)[0]
	if not customers:
		return False
	filters = {"name": doc.name, get_customer_field_name(doc.doctype): ["in", customers]}
	if doc.doctype == "Quotation":
		filters["quotation_to"] = "Customer"
	return bool(frappe.db.exists(doc.doctype, filters))


def get_customer_field_name(doctype: str) -> str:
	return "party_name" if doctype == "Quotation" else "customer"


def add_role_for_portal_user(portal_user: Document, role: str) -> None:
	"""Gives a person newly listed as portal user the role, when the session's user may give roles."""
	if not portal_user.is_new():
		return
	user = frappe.get_doc("User", portal_user.user)
	if role in {row.role for row in user.roles}:
		return
	if "System Manager" not in frappe.get_roles():
		frappe.msgprint(_("Please add {1} role to user {0}.").format(portal_user.user, role), alert=True)
		return
	user.add_roles(role)
	frappe.msgprint(_("Added {1} Role to User {0}.").format(frappe.bold(user.name), role), alert=True)
