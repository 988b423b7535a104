"""Papers are made once, one at a time, and the engine that makes them asks no server for anything."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import frappe
import pytest
from pypdf import PdfReader

from support_retainer import paper, requests
from support_retainer.paper import making
from tests import kinds
from tests.factories import IssueFactory, RetainerFactory, book
from tests.site.isolation_world import PASSWORD, build, email
from tests.site.test_isolation import _fingerprint
from tests.web import Web

pytestmark = pytest.mark.security
HOSTILE = """<html><head>
<link rel="stylesheet" href="http://127.0.0.1:1/x.css"><link rel="icon" href="/files/x.png">
<style>@import url(http://127.0.0.1:1/y.css); .a { background: url("http://127.0.0.1:1/z.png") }</style>
<script src="http://127.0.0.1:1/w.js"></script></head>
<body><img src="http://127.0.0.1:1/a.png"><img src='/files/../../site_config.json'><img src="/private/files/a.png">
<img src="/assets/../site_config.json"><img src="file:///etc/passwd"><img src="/files/%2e%2e/%2e%2e/site_config.json">
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></body></html>"""


@pytest.fixture
def period(at) -> Iterator[str]:
	with at("2026-11-16 10:00"):
		retainer = RetainerFactory()
		ticket = IssueFactory(customer=retainer.customer)
		book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
		yield frappe.db.get_value(
			"Timebank Period", {"retainer": retainer.name}, "name", order_by="from_date desc"
		)


@pytest.fixture
def engine(monkeypatch) -> list[tuple[str, dict]]:
	"""What the engine was given, each time it was asked; it answers as itself."""
	from frappe.utils import pdf

	asked, original = [], pdf.get_pdf

	def get_pdf(html, options=None, output=None):
		asked.append((html, dict(options or {})))
		return original(html, options, output)

	monkeypatch.setattr(pdf, "get_pdf", get_pdf)
	return asked


def test_a_page_stands_alone():
	page = paper.standing_alone(HOSTILE)
	for address in (
		"127.0.0.1",
		"site_config",
		"file:",
		"/private",
		"/files",
		"/assets",
		"<script",
		"<link",
		"@import",
	):
		assert address not in page, address
	assert 'src="data:image/gif;base64,R0lGODlhAQABAAAAACw="' in page


def test_a_picture_of_the_site_is_put_into_the_page():
	path = Path(frappe.get_site_path("public", "files", "logo-av-oss.png"))
	path.parent.mkdir(parents=True, exist_ok=True)
	path.write_bytes(b"\x89PNG")
	try:
		assert "data:image/png;base64,iVBORw==" in paper.standing_alone('<img src="/files/logo-av-oss.png">')
		own = frappe.utils.get_url("/files/logo-av-oss.png")
		assert "data:image/png;base64,iVBORw==" in paper.standing_alone(f'<img class="x" src="{own}">')
	finally:
		path.unlink()


def test_a_statement_is_made_once_until_it_changes(period, engine):
	first = paper.pdf("Timebank Period", period, "Period Statement")
	assert paper.pdf("Timebank Period", period, "Period Statement") == first
	assert len(engine) == 1
	assert (
		"Support" in "".join(page.extract_text() for page in PdfReader(BytesIO(first)).pages)
		or first[:4] == b"%PDF"
	)
	html, options = engine[0]
	assert "http://" not in html.replace("http://www.w3.org", "") and "/assets/" not in html
	assert options["proxy"] == "http://127.0.0.1:9"
	ticket = frappe.db.get_value("Timebank Entry", {"period": period, "ticket": ("is", "set")}, "ticket")
	frappe.db.set_value("Issue", ticket, "subject", "Ett nytt namn")
	assert paper.pdf("Timebank Period", period, "Period Statement") != first
	assert len(engine) == 2


def test_one_paper_at_a_time(period, engine):
	with requests.slot("paper", 60) as is_free:
		assert is_free
		with pytest.raises(paper.BeingMade, match="Try again in a moment"):
			paper.pdf("Timebank Period", period, "Period Statement")
	assert not engine
	assert paper.pdf("Timebank Period", period, "Period Statement")[:4] == b"%PDF"


def test_a_slot_is_given_back_after_an_error(period, monkeypatch):
	monkeypatch.setattr(making, "_page", lambda *given: 1 / 0)
	with pytest.raises(ZeroDivisionError):
		paper.pdf("Timebank Period", period, "Period Statement")
	with requests.slot("paper", 60) as is_free:
		assert is_free


@pytest.mark.skipif(
	kinds.KIND == "mariadb", reason="Requests: tried on the embedded site and on a bench's MariaDB."
)
@pytest.mark.parametrize(
	("who", "path", "extra"),
	[
		("A", "/api/method/support_retainer.portal.api.statement", {}),
		# what the desk's print view and every link to a PDF ask
		("S", "/api/method/frappe.utils.print_format.download_pdf", {"format": "Period Statement"}),
	],
	ids=["a contact in the portal", "an agent at the desk"],
)
def test_while_a_paper_is_made_a_browser_asks_again_by_itself(at, who, path, extra):
	with at("2026-11-16 10:00"), kinds.cache_as_it_is() as forget:
		world = build()
		frappe.db.after_rollback.reset()
		web = Web(watch=_fingerprint, forget=forget)
		visitor = web.visitor(email(who), PASSWORD)
		kinds.keep_cache_as_it_is()
		values = (
			{"period": world.period} if not extra else {"doctype": "Timebank Period", "name": world.period}
		)
		values |= extra
		with requests.slot("paper", 60):
			answer = visitor.get(path, values)
			assert answer.status == 503 and "being made" in answer.text
			page = visitor.ask("GET", path, values, headers={"Accept": "text/html,application/xhtml+xml,*/*"})
			assert (page.status, page.headers["Retry-After"]) == (503, "3")
			assert 'http-equiv="refresh"' in page.text
		answer = visitor.get(path, values)
		assert answer.status == 200 and answer.body[:4] == b"%PDF"
		stranger = web.visitor(email("B"), PASSWORD)
		assert stranger.get(path, values).status in (403, 404)
		for url in (world.file_url, world.own_file_url):
			Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)


def test_other_prints_go_frappe_s_way(period, engine, monkeypatch):
	"""Another format, another document, or a document that the caller brings along is none of the app's papers."""
	asked = []
	monkeypatch.setattr(
		"frappe.utils.print_format.download_pdf", lambda doctype, name, format=None: asked.append(format)
	)
	for given in (
		{"doctype": "Timebank Period", "name": period, "format": "Standard"},
		{"doctype": "Issue", "name": period, "format": "Period Statement"},
		{"doctype": "Timebank Period", "name": period, "format": "Period Statement", "doc": "{}"},
		{"doctype": "Timebank Period", "name": ["x"], "format": "Period Statement"},
	):
		monkeypatch.setattr(frappe.local, "form_dict", frappe._dict(given, cmd="x"))
		paper.download_pdf()
	assert asked == ["Standard", *["Period Statement"] * 3]
	assert not engine
