"""What the portal's pages ask for by script or link. Each checks who asks and for which customer; anything written goes by POST."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import frappe
from frappe import _
from werkzeug.wrappers import Response

from support_retainer import requests
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
from support_retainer.requests.kinds import AnyName, ListOfNames

LOOKS_PER_HOUR = 600
# as typed into the form, while it is being typed
TypedHours = Annotated[str, requests.kinds.Text(10)]


@frappe.whitelist(methods=["POST"])
@requests.checked
def keep_order(customer: AnyName, names: ListOfNames) -> dict:
	"""Keep the order of the customer's tickets (their names, first to be worked first); return their ranks.

	Raises:
	        frappe.PermissionError: the user does not act for the customer.
	"""
	access.check_customer(customer)
	return limited("keep_order", ordering.keep, customer, names, limit=LOOKS_PER_HOUR)


@frappe.whitelist(methods=["GET", "POST"])
@requests.checked
def offer(customer: AnyName, expected_hours: TypedHours | None = None) -> list[dict]:
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
@requests.checked
def ledger_csv(customer: AnyName | None = None) -> None:
	"""Send the customer's ledger as CSV, with the filters of the page in the address.

	Raises:
	        frappe.PermissionError: the user may not see the customer's portal.
	"""
	seen = access.visitor(customer)
	if not seen.customer:
		access.refuse()
	with requests.slot(f"ledger_csv:{frappe.session.user}", seconds=60) as is_free:
		if not is_free:
			frappe.throw(
				_("Your last download is not finished. Try again in a moment."), frappe.RateLimitExceededError
			)
		limited("ledger_csv", ledger_shown.send_csv, seen)


@frappe.whitelist(methods=["GET"])
@requests.checked
def statement(period: AnyName) -> Response | None:
	"""Send a period's statement as PDF.

	Raises:
	        frappe.PermissionError: no such period, or another customer's.
	"""
	return limited("statement", statements.send_statement, period, limit=LOOKS_PER_HOUR)


@frappe.whitelist(methods=["GET"])
@requests.checked
def statement_data(period: AnyName) -> None:
	"""Send a period's statement as JSON, to be checked against its printed hash without the site (`core/chain.py`).

	Raises:
	        frappe.PermissionError: no such period, or another customer's.
	"""
	limited("statement_data", statements.send_data, period)


@frappe.whitelist(methods=["GET"])
@requests.checked
def attachment(name: AnyName) -> None:
	"""Send a file of a ticket.

	Raises:
	        frappe.PermissionError: no such file, or not one the customer may see.
	"""
	limited("attachment", files.hand_out, name, letters.files_for, limit=LOOKS_PER_HOUR)
