"""Visiting the website in the test's own transaction: a page as a person gets it, with its status and text."""

from __future__ import annotations

from contextlib import contextmanager
from html import unescape
from urllib.parse import urlsplit

import frappe
from frappe.utils import set_request, strip_html

from tests.factories import CustomerFactory

OF_A_REQUEST = ("request", "form_dict", "response", "message_log", "request_ip", "cookie_manager")


class Page:
	"""What a visit answered."""

	def __init__(self, response) -> None:
		self.status = response.status_code
		self.html = response.get_data(as_text=True)
		self.location = response.headers.get("Location")

	@property
	def text(self) -> str:
		"""The words of the page's main part, markup taken away; hard spaces are spaces."""
		main = self.html.partition("<main")[2].partition("</main>")[0] or self.html
		spaced = main.replace("<", " <").replace("\u00a0", " ")
		return " ".join(unescape(strip_html("<main" + spaced)).replace("\u00a0", " ").split())


def person(email: str, *roles: str, enabled: int = 1):
	"""Make a user; with the role Customer alone it is a website user."""
	return frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": email.partition("@")[0],
			"send_welcome_email": 0,
			"enabled": enabled,
			"roles": [{"role": role} for role in roles],
		}
	).insert()


def contact_for(customer: str, email: str):
	"""Make a person who is listed as portal user of a customer."""
	user = person(email, "Customer")
	doc = frappe.get_doc("Customer", customer)
	doc.append("portal_users", {"user": user.name})
	doc.save()
	return user.name


def customer_with_contact(email: str) -> tuple[str, str]:
	"""Make a customer and a contact of it; return both names."""
	customer = CustomerFactory().name
	return customer, contact_for(customer, email)


@contextmanager
def as_user(user: str):
	"""Be somebody else for a while."""
	before = frappe.session.user
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user(before)


def visit(user: str, url: str, form: dict | None = None, csrf: bool = True) -> Page:
	"""Get a page as a user, or send a form to it."""
	from frappe.website.serve import get_response

	parts = urlsplit(url)
	with as_user(user), _no_request_left():
		frappe.session.data.csrf_token = "a-token" if csrf else None
		data = {**form, "csrf_token": "a-token"} if form is not None else None
		set_request(
			method="GET" if form is None else "POST", path=parts.path, query_string=parts.query, data=data
		)
		frappe.local.form_dict = frappe._dict({**frappe.request.args.to_dict(), **(form or {})})
		frappe.local.response = frappe._dict(docs=[])
		frappe.local.message_log = []
		frappe.local.request_ip = "127.0.0.1"
		frappe.local.cookie_manager = frappe.auth.CookieManager()
		return Page(get_response(parts.path))


@contextmanager
def _no_request_left():
	"""Put back what a request sets, and take away what was not there: Frappe asks whether there is a request, not whether it is None."""
	before = {name: getattr(frappe.local, name) for name in OF_A_REQUEST if hasattr(frappe.local, name)}
	try:
		yield
	finally:
		for name in OF_A_REQUEST:
			if name in before:
				setattr(frappe.local, name, before[name])
			elif hasattr(frappe.local, name):
				delattr(frappe.local, name)
