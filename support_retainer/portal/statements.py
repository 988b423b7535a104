"""A period's statement: as PDF, by the print format of that name, and as data that can be checked without the site."""

from __future__ import annotations

import json

import frappe
from werkzeug.wrappers import Response

from support_retainer import paper, timebank
from support_retainer.portal import access

FORMAT = "Period Statement"


def send_statement(period: str) -> Response | None:
	"""Answer the request with the statement of a period, for the customer's people and staff who look as the customer.

	Raises:
	        frappe.PermissionError: no such period, or somebody else's.
	        paper.BeingMade: try again in a moment.
	"""
	customer = frappe.db.get_value("Timebank Period", period, "customer")
	access.visitor_of(customer)
	# Contacts have no right on the DocType: who may see the period has been checked
	return paper.send("Timebank Period", period, FORMAT)


def send_data(period: str) -> None:
	"""Answer the request with a period's entries as links of the ledger's chain; what is internal to the agency by its digest alone.

	Raises:
	        frappe.PermissionError: no such period, or somebody else's.
	"""
	access.visitor_of(frappe.db.get_value("Timebank Period", period, "customer"))
	frappe.local.response.filename = f"{period}.json"
	frappe.local.response.filecontent = as_json(timebank.export(period, hides=_is_internal))
	frappe.local.response.type = "download"
	frappe.local.response.display_content_as = "attachment"


def as_json(statement: dict) -> bytes:
	"""Return a statement as a file; what is in it reads the same wherever it is checked."""
	return json.dumps(statement, ensure_ascii=False, indent=1).encode()


def _is_internal(entry: frappe._dict) -> bool:
	return bool(entry.get("is_internal"))
