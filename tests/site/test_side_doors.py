"""Mails, papers and the bell: what a customer's text does on its way through them."""

from __future__ import annotations

import contextlib
import email
import re
import threading
from email import policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.utils import escape_html
from frappe.utils.pdf import get_pdf

from support_retainer import consent, paper, tickets
from support_retainer.permissions.texts import without_addresses
from tests import kinds
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book, outgoing_account
from tests.visiting import contact_for, person

pytestmark = pytest.mark.security

ANNA, AGENT = "anna.doors@example.com", "agent.doors@example.com"
JINJA = "{{ 7 * 191 }}{% if 1 %}{{ frappe.session.user }}{% endif %}"
HEADERS = "Hej\r\nBcc: tjuv@example.com\r\nX-Evil: 1\r\n\r\nbrödtext"


@pytest.fixture
def shop(at):
	"""Fjällbutiken, Anna its contact; an agent who is told of her tickets."""
	with at("2026-11-01 08:00"):
		customer = CustomerFactory().name
		contact_for(customer, ANNA)
		frappe.get_doc(
			{
				"doctype": "Contact",
				"first_name": "Anna",
				"email_ids": [{"email_id": ANNA, "is_primary": 1}],
				"links": [{"link_doctype": "Customer", "link_name": customer}],
			}
		).insert()
		person(AGENT, "Support Agent")
		outgoing_account()
		frappe.db.set_single_value("Retainer Settings", "notices_since", "2026-01-01 00:00:00")
		return RetainerFactory(customer=customer)


def queued() -> list[tuple[str, email.message.Message]]:
	"""What waits to be sent: each mail as it goes out, and parsed as a mail program does."""
	rows = frappe.get_all("Email Queue", {"message": ("is", "set")}, pluck="message")
	return [(row, email.message_from_string(row, policy=policy.default)) for row in rows]


def words(message) -> str:
	body = message.get_body(preferencelist=("html", "plain"))
	return body.get_content() if body else ""


# mail -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	"subject", [HEADERS, JINJA, "a\u2028Bcc: tjuv@example.com", "x" * 60 + "\r\n" + "y" * 60]
)
def test_a_subject_is_neither_a_header_nor_a_template(shop, at, subject):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(
			customer=shop.customer, subject=subject, raised_by=ANNA, description=f"<p>{JINJA}</p>"
		)
		assign_to.add({"assign_to": [AGENT], "doctype": "Issue", "name": ticket.name, "description": JINJA})
	with at("2026-11-10 10:00"):
		tickets.escalate()
	with at("2026-11-10 10:30"):
		asked = IssueFactory(customer=shop.customer, subject=subject, raised_by=ANNA, expected_hours=6)
		consent.ask("Issue", asked.name, note=JINJA)
		paper.tell_due()
	found = [each for each in queued() if ticket.name in each[0] or asked.name in each[0]]
	assert any(ticket.name in str(message["Subject"]) for _raw, message in found)  # who is at work was told
	for raw, message in found:
		assert message["Bcc"] is None and message["X-Evil"] is None
		assert "tjuv@example.com" not in (message["To"] or "") + (message["Cc"] or "")
		assert not re.search(r"^(Bcc|X-Evil):", re.split(r"\r?\n\r?\n", raw)[0], re.MULTILINE)
		assert "1337" not in words(message) and "1337" not in str(message["Subject"])
		if subject == JINJA and ticket.name in str(message["Subject"]):
			assert "7 * 191" in words(message)
	for subject in frappe.get_all("Communication", pluck="subject") + frappe.get_all(
		"Notification Log", pluck="subject"
	):
		assert "1337" not in (subject or "")


# paper ------------------------------------------------------------------------------------------


class Asked(BaseHTTPRequestHandler):
	paths: ClassVar[list[str]] = []

	def do_GET(self):
		self.paths.append(self.path)
		self.send_response(200)
		self.end_headers()

	def log_message(self, *args) -> None:
		pass


@pytest.fixture
def listener():
	"""A server inside, and what it is asked for."""
	Asked.paths = []
	server = HTTPServer(("127.0.0.1", 0), Asked)
	threading.Thread(target=server.serve_forever, daemon=True).start()
	yield f"http://127.0.0.1:{server.server_port}", Asked.paths
	server.shutdown()
	server.server_close()


def draw(html: str) -> None:
	"""Make a PDF. The print's own stylesheets come from the site's address, which need not be served here."""
	with contextlib.suppress(OSError):
		get_pdf(html)


def test_the_listener_hears_what_a_pdf_fetches(listener):
	base, paths = listener
	draw(f'<html><body><img src="{base}/heard.png"></body></html>')
	assert (
		paths == ["/heard.png"] or kinds.KIND != "bench"
	)  # the embedded site's PDFs fetch nothing from elsewhere


def loaders(base: str) -> str:
	"""HTML that a reader would fetch things for, in every way there is."""
	return (
		f'<p>text</p><img src="{base}/img"><img srcset="{base}/set 2x"><iframe src="{base}/frame"></iframe>'
		f'<link rel="stylesheet" href="{base}/css"><link rel="attachment" href="file:///etc/passwd">'
		f'<object data="{base}/object"></object><embed src="{base}/embed"><style>@import "{base}/import";</style>'
		f'<p style="background: url({base}/bg)">b</p><table background="{base}/table"><tr><td>c</td></tr></table>'
		f'<svg><image href="{base}/svg" xlink:href="{base}/xlink"/></svg><base href="{base}/">'
		'<img src="file:///etc/hostname"><img src="//127.0.0.1/x"><img src="/files/../../private/x"><img src="relative">'
		f'<a href="{base}/link">a link</a><img src="/files/mine.png"><meta http-equiv="refresh" content="0;url={base}/m">'
	)


def test_of_a_text_only_the_sites_own_pictures_are_left():
	left = without_addresses(loaders("http://inside.example"))
	assert re.findall(r'(?:src|srcset|data|background)="([^"]*)"', left) == ["/files/mine.png"]
	assert 'href="http://inside.example/link"' in left  # nobody follows a link by itself
	assert left.count("inside.example") == 1
	assert left.count("<img") == 1  # Frappe's PDF fails on a picture without an address
	for word in ("file:", "url(", "<iframe", "<link", "<style", "<base", "<meta", "relative"):
		assert word not in left, word


def test_a_tickets_print_fetches_nothing_that_its_text_names(shop, at, listener):
	base, paths = listener
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=shop.customer, raised_by=ANNA)
	frappe.db.set_value("Issue", ticket.name, "description", loaders(base))  # as a letter may have brought it
	frappe.clear_document_cache("Issue", ticket.name)
	html = frappe.get_print("Issue", ticket.name, "Standard")
	assert base not in re.sub(r'<a href="[^"]*"', "", html)
	draw(html)
	assert paths == []


def test_our_papers_fetch_nothing_that_a_text_names(shop, at, listener):
	base, paths = listener
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=shop.customer, raised_by=ANNA)
		sheet = book(ticket, ("2026-11-02 09:00", "2026-11-02 10:00"))
	image = f'<img src="{base}/s">'
	frappe.db.set_value("Issue", ticket.name, "subject", f"{image} {escape_html(image)}")
	frappe.db.set_value("Timesheet Detail", sheet.time_logs[0].name, "description", loaders(base))
	period = frappe.get_all("Timebank Period", {"retainer": shop.name}, pluck="name")[0]
	html = frappe.get_print("Timebank Period", period, "Period Statement")
	assert "&lt;img" in html and '<img src="http' not in html and "<iframe" not in html
	assert not re.search(rf"<[^>]*{base}", html)
	draw(html)
	assert paths == []


# the bell ---------------------------------------------------------------------------------------


def test_the_bell_rings_for_whom_the_ticket_is_assigned_to_alone(shop, at):
	from support_retainer.portal import letters

	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=shop.customer, subject="Hemlig", raised_by=ANNA)
		assign_to.add({"assign_to": [AGENT], "doctype": "Issue", "name": ticket.name})
		before = set(frappe.get_all("Notification Log", pluck="name"))
		frappe.set_user(ANNA)
		letters._tell_assigned(frappe.get_doc("Issue", ticket.name))
		frappe.set_user("Administrator")
	new = frappe.get_all(
		"Notification Log", {"name": ("not in", before)}, ["for_user", "subject", "document_name"]
	)
	assert {row.for_user for row in new} <= {AGENT}
	assert all("Hemlig" not in row.subject for row in new)
