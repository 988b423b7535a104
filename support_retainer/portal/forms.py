"""Answering a form without JavaScript: checked, limited, all or nothing, and led on to a page that can be reloaded."""

from __future__ import annotations

from collections.abc import Callable

import frappe
from frappe import _

from support_retainer import requests
from support_retainer.portal import sent
from support_retainer.portal.access import Visitor, check_customer
from support_retainer.words import plain

WRITES_PER_HOUR = 60
SAVEPOINT = "portal_form"


def answer(context: frappe._dict, seen: Visitor, actions: dict[str, Callable[[Visitor], None]]) -> None:
	"""Do what a sent form asks for by its `action`; a refusal is told on the page, which keeps what was typed.

	An action ends by leading on (`page.go`), or returns to have the page shown again.

	Raises:
	        frappe.CSRFTokenError: the form is not ours.
	        frappe.PermissionError: staff, or somebody who does not act for the customer.
	"""
	if not frappe.request or frappe.request.method != "POST":
		return
	if not context.had_token:  # Frappe lets a session pass that was never given one
		frappe.throw(_("Reload the page, then send it again."), frappe.CSRFTokenError)
	check_customer(seen.customer)
	if len(seen.customers) > 1 and not frappe.form_dict.get("customer"):
		# the customer chosen last, in whatever window, need not be the one the form was opened for
		frappe.throw(_("Reload the page, then send it again."), frappe.PermissionError)
	name = str(frappe.form_dict.get("action") or "")
	action = actions.get(name)
	if not action:
		frappe.throw(_("Reload the page, then send it again."), frappe.PermissionError)
	frappe.db.savepoint(SAVEPOINT)
	try:
		limited(name, sent.once, seen, name, action)
	except frappe.Redirect:
		raise
	except frappe.PermissionError:
		frappe.db.rollback(save_point=SAVEPOINT)
		raise
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_messages()
		context.problem = plain(error) or _("This did not work. Change what you wrote, then send it again.")
		context.http_status_code = getattr(error, "http_status_code", 417)
	except Exception:
		frappe.db.rollback(save_point=SAVEPOINT)
		raise


def limited(name: str, action: Callable, *values, limit: int = WRITES_PER_HOUR):
	"""Call an action, at most so many times an hour for a person and kind of action.

	Raises:
	        frappe.RateLimitExceededError: that was too often.
	"""
	requests.limit(f"portal.{name}", limit)
	return action(*values)
