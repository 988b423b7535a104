"""Papers as PDF, made once and kept, one at a time, and without asking any server for anything.

A PDF engine fetches styles and pictures from the address of the site. While all of the site's workers make PDFs, none is left to answer
it, and the site hangs. So everything is put into the page first, and the engine is given a proxy that is not there.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import frappe
from frappe import _
from frappe.utils import get_url

from support_retainer import requests

KEPT_SECONDS = 7 * 86_400
# A worker may make papers no longer than this at a time.
SLOT_SECONDS = 60
MADE_PER_HOUR = 60  # for one person; asking again for what is made, or being made, is no making
NO_NETWORK = {
	"proxy": "http://127.0.0.1:9",
	"load-error-handling": "ignore",
	"load-media-error-handling": "ignore",
}
LARGEST_PICTURE = 2_000_000
_STYLE = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_PICTURE = re.compile(r"(<img\b[^>]*?\bsrc\s*=\s*)([\"'])(.*?)\2", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"\bhref\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)
_URL = re.compile(r"url\(\s*[\"']?(?!data:)[^)]*\)", re.IGNORECASE)
_IMPORT = re.compile(r"@import[^;]*;", re.IGNORECASE)
_SHEET = re.compile(r"<style\b.*?</style\s*>", re.IGNORECASE | re.DOTALL)
_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)
NOTHING = "data:,"


class BeingMade(frappe.ValidationError):
	"""The one place where papers are made is taken."""

	http_status_code = 503


def pdf(doctype: str, name: str, print_format: str, **letterhead: object) -> bytes:
	"""Return a document's paper as PDF; whoever may read it was asked before. What has not changed is not made again.

	Raises:
	        BeingMade: another paper is being made just now.
	        frappe.RateLimitExceededError: the user has had too many made.
	"""
	with requests.slot("paper", SLOT_SECONDS) as is_free:
		if not is_free:
			frappe.throw(_("The paper is being made. Try again in a moment."), BeingMade)
		page = standing_alone(_page(doctype, name, print_format, letterhead))
		key = f"support_retainer_paper:{hashlib.sha256(page.encode()).hexdigest()}"
		made = frappe.cache.get_value(key, expires=True)
		if not made:
			from frappe.utils.pdf import get_pdf

			requests.limit("paper.made", MADE_PER_HOUR)
			made = get_pdf(page, dict(NO_NETWORK))
			frappe.cache.set_value(key, made, expires_in_sec=KEPT_SECONDS)
		return made


def standing_alone(page: str) -> str:
	"""Return a page that needs nothing from elsewhere: styles and the site's own public pictures are in it, all else is not."""
	page = _SHEET.sub(lambda found: _fetching_nothing(found.group()), _SCRIPT.sub("", page))
	page = _STYLE.sub(lambda found: _style(found.group()), page)
	return _PICTURE.sub(lambda found: f'{found.group(1)}"{_picture(found.group(3))}"', page)


def _fetching_nothing(text: str) -> str:
	return _URL.sub(f"url({NOTHING})", _IMPORT.sub("", text))


def _page(doctype: str, name: str, print_format: str, letterhead: dict) -> str:
	before, frappe.flags.ignore_print_permissions = frappe.flags.ignore_print_permissions, True
	try:
		return frappe.get_print(doctype, name, print_format=print_format, **letterhead)
	finally:
		frappe.flags.ignore_print_permissions = before


def _style(link: str) -> str:
	"""Return a linked style sheet of the site as a link that holds it, and nothing for any other link.

	Frappe reads every <style> with a parser that takes half a minute for its own style sheet; a link it leaves alone.
	"""
	href = _HREF.search(link)
	file = href and "stylesheet" in link.lower() and _public(href.group(1), "assets")
	if not file:
		return ""
	text = _fetching_nothing(file.read_text(encoding="utf-8"))
	return f'<link rel="stylesheet" href="data:text/css;base64,{base64.b64encode(text.encode()).decode()}">'


def _picture(source: str) -> str:
	if source.startswith("data:"):
		return source
	file, kind = _public(source, "assets", "files"), mimetypes.guess_type(urlparse(source).path)[0]
	if not file or not (kind or "").startswith("image/") or file.stat().st_size > LARGEST_PICTURE:
		return NOTHING
	return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


def _public(url: str, *folders: str) -> Path | None:
	"""Return the file that an address of this site means, when it is below one of the public folders."""
	asked = urlparse(url.replace("&amp;", "&"))
	if asked.netloc and asked.netloc != urlparse(get_url()).netloc:
		return None
	path = unquote(asked.path).lstrip("/")
	roots = {
		"assets": Path(frappe.local.sites_path) / "assets",
		"files": Path(frappe.get_site_path("public", "files")),
	}
	kind, _slash, rest = path.partition("/")
	if kind not in folders:
		return None
	root = roots[kind].resolve()
	file = (roots[kind] / rest).resolve()
	# assets are links into the apps, which the bench has made; what people upload must stay where it is
	if kind == "files" and not file.is_relative_to(root):
		return None
	if ".." in Path(rest).parts or not file.is_file():
		return None
	return file
