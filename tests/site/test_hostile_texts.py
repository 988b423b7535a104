"""Texts that a browser, a spreadsheet, a mail program or a template engine would take for more than text."""

from __future__ import annotations

import re
from html import unescape

import frappe
import pytest
from bs4 import BeautifulSoup
from frappe.utils.password import update_password

from support_retainer.permissions.texts import is_missed
from support_retainer.words import bold, filled, html, plain
from tests import kinds
from tests.factories import IssueFactory, RetainerFactory
from tests.visiting import customer_with_contact, visit
from tests.web import Web

pytestmark = pytest.mark.security

ANNA = "anna.texts@example.com"
PASSWORD = "norrsken-9"
RUN = "window.ran=1"
HOSTILE = (
	f"<script>{RUN}</script>",
	f'<img src=x onerror="{RUN}">',
	f'"><img src=x onerror={RUN}>',
	f"<svg/onload={RUN}>",
	f"&lt;/title&gt;&lt;script&gt;{RUN}&lt;/script&gt;",
	f"&amp;lt;script&amp;gt;{RUN}&amp;lt;/script&amp;gt;",
	f"<!-- markdown --><!--><img src=x onerror={RUN}>",
	f"<!--><img src=x onerror={RUN}>",
	f'"<img src=x onerror={RUN}>"',
	f"<img src=x onerror={RUN} //",
	f'<a href="javascript:{RUN}">x</a>',
	"{{ 7 * 191 }}{% for a in [1] %}1337{% endfor %}",
	"{index}{next}<!-- csrf_token -->",
	"\u202eabc\u0000\u2028def",
)


def scripts(page: str) -> list[str]:
	"""What a browser would run of a page: scripts written in it, handlers, and links that are scripts."""
	soup = BeautifulSoup(page, "html5lib" if _has_html5lib() else "html.parser")
	found = [
		each.text
		for each in soup.find_all("script")
		if not each.get("src") and each.get("type") != "application/json"
	]
	for each in soup.find_all(True):
		found += [
			f"{name}={value}"
			for name, value in each.attrs.items()
			if name.startswith("on") or (name in ("href", "src", "action") and "javascript:" in str(value))
		]
	return [each for each in found if RUN in each]


def _has_html5lib() -> bool:
	try:
		import html5lib  # noqa: F401
	except ImportError:
		return False
	return True


# the helper -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_is_filled_in_reads_as_it_was_written(text):
	message = filled("Ticket {0} of {1}.", text, bold("a & b"))
	assert "<img" not in message and "<script" not in message and "<svg" not in message
	assert unescape(html(text)) == text
	assert filled("{0}", message) == message  # what is HTML already stays so
	assert plain(filled("Ticket {0}.", "a < b & c")) == "Ticket a < b & c."


# what Frappe's cleaner misses -------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_browser_would_run_is_kept_in_a_ticket(at, text):
	with at("2026-11-02 10:00"):
		retainer = RetainerFactory()
		try:
			ticket = IssueFactory(customer=retainer.customer, subject=text[:140], description=text)
		except (
			frappe.ValidationError
		):  # nothing is left of the subject once it is cleaned, or it cannot be kept
			return
	kept = frappe.db.get_value("Issue", ticket.name, ["subject", "description"])
	for value in kept:
		assert not is_missed(value or "")
		assert scripts(f"<div>{value}</div>") == []
	assert not any(re.search(r"<(script|svg/onload|img[^>]*onerror)", value or "") for value in kept)


@pytest.mark.parametrize("kept", [HOSTILE[place] for place in (1, 3, 6, 7, 8, 9, 10)])
def test_what_stands_in_the_database_already_becomes_text(at, kept):
	from support_retainer.patches import texts_the_cleaner_missed

	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=RetainerFactory().customer, subject="x", description="<p>bra</p>")
	frappe.db.set_value("Issue", ticket.name, "subject", kept)
	texts_the_cleaner_missed.execute()
	subject, description = frappe.db.get_value("Issue", ticket.name, ["subject", "description"])
	assert "<" not in subject and RUN in subject
	assert description == "<p>bra</p>"


def test_comparisons_and_plain_markup_stay_as_they_are(at):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(
			customer=RetainerFactory().customer, subject="Pris < 100 & moms > 0", description="<p>a < b</p>"
		)
	assert unescape(frappe.db.get_value("Issue", ticket.name, "subject")) == "Pris < 100 & moms > 0"


# the pages --------------------------------------------------------------------------------------


@pytest.fixture
def shop(at):
	customer, _anna = customer_with_contact(ANNA)
	return RetainerFactory(customer=customer)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_page_of_a_ticket_shows_its_subject_as_text(shop, at, text):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=shop.customer, subject="x", raised_by=ANNA)
		frappe.db.set_value("Issue", ticket.name, "subject", text)  # as it may stand there, cleaned or not
		frappe.db.set_value("Customer", shop.customer, "customer_name", text)
		frappe.clear_document_cache("Customer", shop.customer)
		for user, path in (
			(ANNA, f"/support/tickets/{ticket.name}"),
			(ANNA, "/support/tickets"),
			(ANNA, "/support/order"),
			(ANNA, "/support"),
			("Administrator", f"/support/tickets/{ticket.name}?customer={shop.customer}"),
		):
			page = visit(user, path)
			assert page.status == 200, (path, page.text[:300])
			assert scripts(page.html) == [], path
			shown = " ".join(text.replace("\u0000", "").replace("\u2028", " ").split())
			assert shown in " ".join(unescape(page.html).split()) or "\u0000" in text, path
			if path.startswith("/support/tickets/"):
				title = page.html.partition("<title>")[2].partition("</title>")[0]
				assert unescape(title).strip() == text.strip() or "\u0000" in text


# the policy -------------------------------------------------------------------------------------


def policies(page) -> list[dict[str, str]]:
	"""The policies of an answer, each as what it says of what."""
	found = []
	for policy in page.headers["Content-Security-Policy"].split(","):
		rules = (rule.strip().partition(" ") for rule in policy.split(";"))
		found.append({name: value for name, _space, value in rules})
	return found


@pytest.mark.parametrize(
	"path",
	("/support", "/support/tickets", "/support/new", "/support/order", "/support/time", "/support/approvals"),
)
def test_pages_run_no_script_that_is_written_in_them(web_page, path):
	page = web_page(path)
	first, second = policies(page)
	assert first["script-src"] == "'self'"
	assert first["object-src"] == first["base-uri"] == "'none'"
	assert first["frame-ancestors"] == first["form-action"] == "'self'"
	nonce = re.fullmatch(r"'nonce-([\w-]{20,})' 'strict-dynamic'", second["script-src"]).group(1)
	tags = re.findall(r"<script\b[^>]*>", page.text)
	assert tags
	for tag in tags:
		assert f'nonce="{nonce}"' in tag or 'type="application/json"' in tag, tag
		assert "src=" in tag or 'type="application/json"' in tag, tag
	assert not re.search(r"<[^>]+\son\w+=", page.text)


def test_each_page_has_a_nonce_of_its_own(web_page):
	one, two = (policies(web_page("/support"))[1]["script-src"] for _time in range(2))
	assert one != two


def test_other_pages_keep_frappes_own_policy(web_page):
	assert "script-src" not in web_page("/login").headers.get("Content-Security-Policy", "")


@pytest.fixture
def web_page(shop):
	"""Pages over HTTP, as Anna gets them."""
	update_password(ANNA, PASSWORD)
	with kinds.cache_as_it_is() as forget:
		web = Web(watch=lambda: frappe.db.count("Issue"), forget=forget)
		visitor = web.visitor(ANNA, PASSWORD)
		kinds.keep_cache_as_it_is()
		yield visitor.get
