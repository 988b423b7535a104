"""Refusals as a page: whoever opens an address of ours in a browser reads a sentence.

Frappe answers a browser with its traceback under the right status, and fails altogether at 429.
"""

from __future__ import annotations

import frappe
from frappe.utils import strip_html
from werkzeug.wrappers import Response

from support_retainer.words import html


def wants_page() -> bool:
	"""Whether this request is a browser's for an address of the API."""
	request = getattr(frappe.local, "request", None)
	accepts = request and (request.headers.get("Accept") or "")
	return bool(request) and request.path.startswith("/api/") and accepts.startswith("text")


def page(sentence: str, status: int, again_after: int | None = None) -> Response:
	"""Return a page that says a sentence, and asks again by itself after so many seconds."""
	said = html(strip_html(sentence))
	refresh = f'<meta http-equiv="refresh" content="{again_after}">' if again_after else ""
	body = (
		f'<!DOCTYPE html><html lang="{html(frappe.local.lang or "en")}"><head><meta charset="utf-8">{refresh}'
		f"<title>{said}</title></head><body><p>{said}</p></body></html>"
	)
	response = Response(body, status=status, mimetype="text/html")
	if again_after:
		response.headers["Retry-After"] = str(again_after)
	return response
