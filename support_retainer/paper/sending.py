"""A paper as the answer to a request, in the portal and in the desk alike."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.translate import print_language
from frappe.utils import cint, print_format
from werkzeug.wrappers import Response

from support_retainer import requests
from support_retainer.paper.making import BeingMade, pdf

# The papers of the app, and what each is of
OF = {"Period Statement": "Timebank Period", "Invoice Specification": "Sales Invoice"}
AGAIN_AFTER = 3


def send(doctype: str, name: str, paper: str, **letterhead: object) -> Response | None:
	"""Answer the request with a paper as PDF; whoever may read it was asked before.

	While another is being made a browser gets a page that asks again by itself, and everybody else HTTP 503.

	Args:
	        doctype: what it is of.
	        name: and of which one.
	        paper: its print format.
	        letterhead: `letterhead` (a name) and `no_letterhead`, where the request chose.

	Raises:
	        BeingMade: try again in a moment.
	"""
	try:
		made = pdf(doctype, name, paper, **letterhead)
	except BeingMade:
		if not requests.wants_page():
			raise
		again = _("The paper is being made. This page asks again by itself in a moment.")
		return requests.page(again, 503, AGAIN_AFTER)
	frappe.local.response.filename = f"{name.replace(' ', '-').replace('/', '-')}.pdf"
	frappe.local.response.filecontent = made
	frappe.local.response.type = "pdf"
	return None


@frappe.whitelist(allow_guest=True)
@requests.checked
def download_pdf() -> Response | None:
	"""Do what Frappe's `download_pdf` does. The app's own papers are made once and kept, one at a time, and fetch nothing from the site:
	with Frappe's way a few of them at once keep all of its workers waiting for one another.
	"""
	form = frappe.form_dict
	paper, name = form.get("format"), form.get("name")
	own = isinstance(paper, str) and OF.get(paper) == form.get("doctype") and isinstance(name, str)
	if not own or form.get("doc") or not _may_print(OF[paper], name):
		return frappe.call(print_format.download_pdf, **form)
	with print_language(form.get("language")):
		chosen = {"letterhead": form.get("letterhead"), "no_letterhead": cint(form.get("no_letterhead"))}
		return send(OF[paper], name, paper, **chosen)


def _may_print(doctype: str, name: str) -> bool:
	"""Frappe lets those print who may read or print; all others, also those with a link that was shared, go Frappe's way."""
	return any(requests.has_right(doctype, right, name) for right in ("read", "print"))
