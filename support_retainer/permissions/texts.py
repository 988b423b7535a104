"""Texts that Frappe's cleaner lets through as they are, although a browser reads markup in them."""

from __future__ import annotations

import re

import frappe
from bs4 import BeautifulSoup
from frappe.model.document import Document
from frappe.utils.html_utils import is_json

# What a browser takes for the start of a tag or a comment
MARKUP = re.compile(r"<[a-zA-Z!/?]")
# What Frappe's cleaner takes out of all that it does clean
RUNS = re.compile(
	r"<script|<iframe|<[^>]*[\s/]on\w+\s*=|(?:href|src|action)\s*=[\s\"']*javascript:", re.IGNORECASE
)
TEXTS = (
	"Data",
	"Small Text",
	"Text",
	"Long Text",
	"Text Editor",
	"HTML Editor",
	"Markdown Editor",
	"Read Only",
)


def clean(doc: Document, method: str | None = None) -> None:
	"""Make text of what only looks like text to Frappe's cleaner (hook, before Frappe cleans).

	Frappe leaves a value alone in which Python's parser finds no element, or that is JSON: `<!--><img …>`, an `<img …` that is not
	closed, `"<img …>"` in quotes. A browser finds one. Frappe's own lists and forms trust what is in the database.
	"""
	for each in (doc, *doc.get_all_children()):
		for df in each.meta.get("fields", {"fieldtype": ("in", TEXTS)}):
			value = each.get(df.fieldname)
			if isinstance(value, str) and not df.get("ignore_xss_filter") and is_missed(value):
				each.set(df.fieldname, as_text(value))


def is_missed(value: str) -> bool:
	"""Whether Frappe's cleaner would leave a value alone that a browser finds markup in."""
	if not MARKUP.search(value):
		return False
	return is_json(value) or not BeautifulSoup(value, "html.parser").find()


def as_text(value: str) -> str:
	"""Return a value with its markup written as text."""
	return value.replace("<", "&lt;").replace(">", "&gt;")


def clean_kept(doctype: str, *fields: str) -> None:
	"""Make text of what a browser would run in values that are in the database already."""
	for field in fields:
		kept = frappe.get_all(doctype, {field: ("like", "%<%")}, ["name", field], as_list=True, limit=0)
		for name, value in kept:
			if RUNS.search(value) or is_missed(value):
				frappe.db.set_value(doctype, name, field, as_text(value), update_modified=False)


# What a printer of PDFs may take pictures from: the text itself, and the site's own files, which it asks for as whoever prints
OWN = re.compile(r"^\s*(?:data:image/|/files/|/private/files/)", re.IGNORECASE)
FETCHED = ("src", "srcset", "background", "poster", "data", "xlink:href", "formaction", "action", "manifest")
LOADERS = (
	"iframe",
	"frame",
	"object",
	"embed",
	"applet",
	"link",
	"base",
	"meta",
	"style",
	"script",
	"video",
	"audio",
)


def before_print(doc: Document, method: str | None = None, settings: object = None) -> None:
	"""Let a ticket's print fetch nothing that its text names: no address, and no file of the server (hook).

	The text came from outside, and whoever makes the PDF would ask for it from inside.
	"""
	for df in doc.meta.get("fields", {"fieldtype": ("in", ("Text Editor", "HTML Editor"))}):
		if value := doc.get(df.fieldname):
			doc.set(df.fieldname, without_addresses(value))


def without_addresses(html: str) -> str:
	"""Return HTML without what a reader would load by itself; links that are followed by hand stay."""
	soup = BeautifulSoup(html, "html.parser")
	for element in soup.find_all(LOADERS):
		element.decompose()
	for element in soup.find_all(True):
		for name in list(element.attrs):
			value = element[name] if isinstance(element[name], str) else " ".join(element[name])
			loads = name.lower() in FETCHED or (name.lower() == "href" and element.name != "a")
			styles = name.lower() == "style" and re.search(r"url|import|expression|\\", value, re.IGNORECASE)
			if styles or (loads and (name.lower() == "srcset" or not OWN.match(value) or ".." in value)):
				del element[name]
	for element in soup.find_all("img", src=False):  # Frappe's own way to a PDF asks each for its address
		element.decompose()
	return str(soup)
