"""A period's statement as PDF, by the print format of that name."""

from __future__ import annotations

import frappe

from support_retainer.portal import access

FORMAT = "Period Statement"


def send_statement(period: str) -> None:
	"""Answer the request with the statement of a period, for the customer's people and staff who look as the customer.

	Raises:
	        frappe.PermissionError: no such period, or somebody else's.
	"""
	customer = frappe.db.get_value("Timebank Period", period, "customer")
	seen = access.visitor(customer or "")
	if not customer or seen.customer != customer:
		access.refuse()
	doc = frappe.get_doc("Timebank Period", period)
	doc.flags.ignore_print_permissions = (
		True  # who may see it was checked; contacts have no right on the DocType
	)
	frappe.local.response.filename = f"{period}.pdf"
	frappe.local.response.filecontent = frappe.get_print(
		doc.doctype, doc.name, print_format=FORMAT, doc=doc, as_pdf=True, no_letterhead=0
	)
	frappe.local.response.type = "pdf"
