"""What the portal's pages ask for by script or link. Each checks who asks and for which customer; anything written goes by POST."""

from __future__ import annotations

from dataclasses import asdict

import frappe
from frappe import _

from support_retainer.portal import (
	access,
	files,
	ledger_shown,
	letters,
	new_ticket,
	offers,
	ordering,
	statements,
)
from support_retainer.portal.forms import limited

LOOKS_PER_HOUR = 600


@frappe.whitelist(methods=["POST"])
def keep_order(customer: str, names: str | list) -> dict:
	"""Keep the order of the customer's tickets (their names, first to be worked first); return their ranks.

	Raises:
	        frappe.PermissionError: the user does not act for the customer.
	"""
	access.check_customer(customer)
	order = frappe.parse_json(names) if isinstance(names, str) else names
	if not isinstance(order, list) or len(order) > 1000 or not all(isinstance(name, str) for name in order):
		frappe.throw(_("Reload the page, then send it again."))
	return limited("keep_order", ordering.keep, customer, order, limit=LOOKS_PER_HOUR)


@frappe.whitelist(methods=["GET", "POST"])
def offer(customer: str, expected_hours: str | None = None) -> list[dict]:
	"""Return what each urgency is promised and costs right now, in sentences.

	Raises:
	        frappe.PermissionError: the user may not see the customer's portal.
	"""
	seen = access.visitor(customer)
	found = limited(
		"offer", offers.cards, seen.customer, new_ticket.hours_of(expected_hours), limit=LOOKS_PER_HOUR
	)
	return [asdict(card) for card in found]


@frappe.whitelist(methods=["GET"])
def ledger_csv(customer: str | None = None) -> None:
	"""Send the customer's ledger as CSV, with the filters of the page in the address.

	Raises:
	        frappe.PermissionError: the user may not see the customer's portal.
	"""
	seen = access.visitor(customer)
	if not seen.customer:
		access.refuse()
	limited("ledger_csv", ledger_shown.send_csv, seen)


@frappe.whitelist(methods=["GET"])
def statement(period: str) -> None:
	"""Send a period's statement as PDF.

	Raises:
	        frappe.PermissionError: no such period, or another customer's.
	"""
	limited("statement", statements.send_statement, period)


@frappe.whitelist(methods=["GET"])
def attachment(name: str) -> None:
	"""Send a file of a ticket.

	Raises:
	        frappe.PermissionError: no such file, or not one the customer may see.
	"""
	files.hand_out(name, letters.files_for)
