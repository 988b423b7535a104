"""What a new agency's system manager does before its first day, over Frappe's REST API: it works on any site there is a password for."""

from __future__ import annotations

import json

from playwright.sync_api import Page

CALL = """async ([method, path, body]) => {
	const headers = {"Content-Type": "application/json", "Accept": "application/json"};
	if (window.frappe && frappe.csrf_token && frappe.csrf_token !== "None") headers["X-Frappe-CSRF-Token"] = frappe.csrf_token;
	const answer = await fetch(path, {method, headers, body: body ? JSON.stringify(body) : undefined});
	return [answer.status, await answer.text()];
}"""


class Remote:
	"""A site over REST, as one user."""

	def __init__(self, page: Page, user: str, password: str) -> None:
		self.page = page
		self.page.goto("/login")
		self._call("POST", "/api/method/login", {"usr": user, "pwd": password})
		self.page.goto("/me")  # a page that carries the new session's token

	def insert(self, doctype: str, **values) -> dict:
		"""Make a document; returns it."""
		return self._call("POST", f"/api/resource/{doctype}", values)["data"]

	def get(self, doctype: str, name: str) -> dict:
		"""Return a document."""
		return self._call("GET", f"/api/resource/{doctype}/{name}")["data"]

	def update(self, doctype: str, name: str, **values) -> dict:
		"""Change a document; returns it."""
		return self._call("PUT", f"/api/resource/{doctype}/{name}", values)["data"]

	def first(self, doctype: str, filters: str = "[]") -> str:
		"""Return the name of any document that matches."""
		path = f"/api/resource/{doctype}?filters={filters}&limit_page_length=1"
		return self._call("GET", path)["data"][0]["name"]

	def _call(self, method: str, path: str, body: dict | None = None) -> dict:
		status, text = self.page.evaluate(CALL, [method, path, body])
		assert status < 400, f"{method} {path}: {status} {text[:1500]}"
		return json.loads(text)
