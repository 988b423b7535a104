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
	access.visitor_of(customer)
	frappe.local.response.filename = f"{period}.pdf"
	frappe.local.response.filecontent = _printed(period)
	frappe.local.response.type = "pdf"


def _printed(period: str) -> bytes:
	"""Return the PDF. Contacts have no right on the DocType: who may see the period has been checked."""
	frappe.flags.ignore_print_permissions = True
	try:
		return frappe.get_print("Timebank Period", period, print_format=FORMAT, as_pdf=True)
	finally:
		frappe.flags.ignore_print_permissions = False
