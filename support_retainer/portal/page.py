"""What all pages under /support have in common: who looks, the way between the pages, and the sentence on top."""

from __future__ import annotations

from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.sessions import get_csrf_token

from support_retainer import requests
from support_retainer.portal import policy
from support_retainer.portal.access import Visitor, visitor
from support_retainer.portal.wording import amount, day, month, span, time, when
from support_retainer.words import filled

HOME = "/support"
PAGES_PER_HOUR = 1800  # one every two seconds


def open_page(context: frappe._dict, title: str, here: str = "") -> Visitor:
	"""Fill in what every page needs and return who looks. `here` is the page's place in the menu.

	Raises:
	        frappe.PermissionError: a guest, or somebody who acts for no customer.
	        frappe.Redirect: one of several customers is still to be chosen.
	"""
	requests.limit("portal.page", PAGES_PER_HOUR)
	seen = visitor()
	if not seen.customer and here:
		go(HOME)
	had_token = bool(frappe.session.data.csrf_token)
	context.update(
		title=title,
		had_token=had_token,
		no_cache=1,
		show_sidebar=True,
		no_breadcrumbs=1,
		seen=seen,
		here=here,
		menu=_menu(),
		csrf_token=get_csrf_token(),
		form_key=frappe.generate_hash(length=20),
		customer_title=seen.customer and frappe.get_cached_value("Customer", seen.customer, "customer_name"),
		done=_done(),
		when=when,
		day=day,
		span=span,
		month=month,
		time=time,
		amount=amount,
		body_class="support-retainer-portal",
		**policy.for_templates(),
	)
	return seen


def go(path: str, **query: str) -> None:
	"""Lead the browser on to another page (303: read it with GET)."""
	frappe.flags.redirect_location = address(path, **query)
	raise frappe.Redirect(303)


def address(path: str, **query) -> str:
	"""Return a page's address with the parts of the query that say something."""
	said = {key: value for key, value in query.items() if value not in (None, "")}
	return f"{path}?{urlencode(said)}" if said else path


def asked(name: str, length: int = 140) -> str:
	"""Return what the address or form says under a name, as text that is cut to a length."""
	text = frappe.form_dict.get(name) or ""
	if (
		not isinstance(text, str)
		or "\0" in text
		or (not text.isascii() and any(is_half(letter) for letter in text))
	):
		frappe.throw(filled(_("{0} must be a text. Reload the page, then send it again."), name))
	return text.strip()[:length]


def is_half(letter: str) -> bool:
	"""Whether it is half of a character, as JSON may send: no database keeps that."""
	return "\ud800" <= letter <= "\udfff"


def page_number() -> int:
	"""Return which page of a list is asked for, from 1."""
	text = asked("page", 6)
	return max(1, int(text)) if text.isascii() and text.isdigit() else 1


def _menu() -> list[tuple[str, str]]:
	return [
		(HOME, _("Overview", context="Support portal")),
		(f"{HOME}/tickets", _("Tickets")),
		(f"{HOME}/time", _("Time")),
		(f"{HOME}/approvals", _("Approvals")),
		("/invoices", _("Invoices", context="Support portal")),
	]


def _done() -> str:
	"""Return the sentence that tells what the form before this page did. Only these sentences: an address says nothing itself."""
	said = {
		"sent": _("Thank you. Your ticket is registered, and the promise below counts from now."),
		"replied": _("Your reply is sent."),
		"ordered": _("The new order is kept. We work in that order."),
		"approved": _("Approved. We have your word, with the figures as they stood."),
		"declined": _("Declined. We have your answer."),
	}
	return said.get(asked("done", 20), "")
