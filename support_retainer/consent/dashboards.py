"""Connections that the app adds to ERPNext's own forms."""

from __future__ import annotations

from frappe import _

ASKED = ("Ticket Estimate", "Customer Answer", "Consent Waiver")


def of_ticket(data: dict) -> dict:
	"""Add what the customer was asked and answered to a ticket's connections."""
	data.setdefault("non_standard_fieldnames", {}).update(dict.fromkeys(ASKED, "ticket"))
	data.setdefault("dynamic_links", {})["ticket"] = ["Issue", "ticket_type"]
	data.setdefault("internal_links", {})["Support Sprint"] = "support_sprint"
	data.setdefault("transactions", []).append(
		{
			"label": _("Consent"),
			"items": ["Ticket Estimate", "Support Sprint", "Customer Answer", "Consent Waiver"],
		}
	)
	return data


def of_customer(data: dict) -> dict:
	"""Add what the customer was asked and answered to a customer's connections."""
	data.setdefault("transactions", []).append(
		{"label": _("Consent"), "items": ["Ticket Estimate", "Support Sprint", "Customer Answer"]}
	)
	return data
