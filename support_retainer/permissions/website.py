"""What ERPNext's own portal pages show of a ticket: never one of a customer the person does not act for."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from support_retainer import people
from support_retainer.permissions.documents import is_desk_user


def has_website_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, verbose: bool = False
) -> bool:
	"""Narrow ERPNext's answer, which lets whoever raised a ticket read it for ever: also after they left the customer."""
	user = user or frappe.session.user
	return not doc.get("customer") or is_desk_user(user) or doc.customer in people.customers_of(user)
