"""Prints and PDF: WeasyPrint in the place of wkhtmltopdf and Chrome, which the registries do not carry."""

import io
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import frappe

MARGIN = "15mm"


def pdf_body_html(template: Any, args: dict[str, Any], **kwargs: Any) -> str:
	"""Render a print format."""
	return template.render(args, filters={"len": len})


def get_pdf(html: str, options: dict[str, Any] | None = None, output: Any = None) -> Any:
	"""PDF of a page, as bytes; appended to `output` (pypdf's PdfWriter) when that is given.

	Of wkhtmltopdf's options: page-size, orientation, margins and password.
	"""
	from pypdf import PdfReader, PdfWriter

	options = options or {}
	pages = PdfReader(io.BytesIO(_render(html, options)))
	if output:
		output.append_pages_from_reader(pages)
		return output
	writer = PdfWriter()
	writer.append_pages_from_reader(pages)
	if password := options.get("password"):
		writer.encrypt(password)
	written = io.BytesIO()
	writer.write(written)
	return written.getvalue()


def get_chrome_pdf(
	print_format: Any = None, html: str = "", options: dict | None = None, output: Any = None, **kwargs: Any
) -> Any:
	"""What a print format made for Chrome becomes here."""
	return get_pdf(html, options, output)


def _render(html: str, options: dict[str, Any]) -> bytes:
	try:
		from weasyprint import CSS, HTML
	except OSError:
		frappe.throw(
			"PDFs need the library Pango on this machine: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
		)
	size = f"{options.get('page-size') or 'A4'} {(options.get('orientation') or 'portrait').lower()}"
	margins = " ".join(
		str(options.get(f"margin-{side}") or MARGIN) for side in ("top", "right", "bottom", "left")
	)
	page = CSS(string=f"@page {{ size: {size}; margin: {margins} }} .print-hide {{ display: none }}")
	return HTML(string=html, base_url=frappe.utils.get_url(), url_fetcher=_fetch).write_pdf(
		stylesheets=[page]
	)


def _fetch(url: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
	"""Files of this site and data: URLs; nothing is fetched from elsewhere."""
	if url.startswith("data:"):
		from weasyprint import default_url_fetcher

		return default_url_fetcher(url)
	path = unquote(urlparse(url).path).lstrip("/")
	roots = {"assets": Path(frappe.local.app_path), "files": Path(frappe.get_site_path("public"))}
	root = roots.get(path.partition("/")[0])
	file = root / path if root else None
	if not file or not file.is_file():
		raise ValueError(f"{url} is not a file of this site")
	return {"file_obj": file.open("rb"), "mime_type": mimetypes.guess_type(path)[0]}
