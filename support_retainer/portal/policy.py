"""What a browser may run on our own pages: scripts that the page names, from this site. Nothing written inside a page."""

from __future__ import annotations

import re
import secrets

import frappe
from frappe.utils.jinja_globals import bundled_asset
from werkzeug.wrappers import Request, Response

HOME = "/support"
INLINE = re.compile(r"<script\b(?![^>]*\bsrc=)[^>]*>.*?</script\s*>", re.IGNORECASE | re.DOTALL)
# For all that is under /support, Frappe's own pages of errors among it
FRAME = "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
# Two policies, each of which must allow a script: from this site and in no page, and named by the page, or loaded by one so named.
# The second keeps a file that somebody uploaded from being a script.
SCRIPTS = "script-src 'self'; {frame}, script-src 'nonce-{nonce}' 'strict-dynamic'"


def for_templates() -> dict:
	"""Return what the base template of our pages calls, for the page's context."""
	nonce = secrets.token_urlsafe(16)
	path = (frappe.request.path if frappe.request else "").rstrip("/")

	def script_of_page(tag: str) -> str:
		"""Return a script's tag as one that the page names; from here on the page's scripts are held to the policy."""
		frappe.local.support_retainer_nonce = nonce
		return tag.replace("<script ", f'<script nonce="{nonce}" ')

	return {
		"base_template_path": "templates/support/base.html",
		"script_of_page": script_of_page,
		"as_data": as_data,
		"without_scripts": without_scripts,
		"icons_of": lambda paths: [bundled_asset(each) for each in paths or ()],
		"here_is": lambda route: "/" + str(route or "").strip("/") == path,
	}


def without_scripts(html: str) -> str:
	"""Return the site's own navigation or footer without the scripts written in it: they would not run."""
	return INLINE.sub("", html)


def as_data(value: object) -> str:
	"""Return JSON that may stand in an element of HTML."""
	text = frappe.as_json(value, indent=None)
	return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def after_request(response: Response, request: Request) -> None:
	"""Say the policy with every page under /support (hook)."""
	if request.path != HOME and not request.path.startswith(f"{HOME}/"):
		return
	nonce = getattr(frappe.local, "support_retainer_nonce", None)
	policy = SCRIPTS.format(frame=FRAME, nonce=nonce) if nonce else FRAME
	response.headers["Content-Security-Policy"] = policy
	response.headers["X-Content-Type-Options"] = "nosniff"
	response.headers["Referrer-Policy"] = "same-origin"
