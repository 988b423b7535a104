"""Reports and pages asked with values that no form sends: an answer at once, or a sentence."""

from __future__ import annotations

import math
import time

import frappe
import pytest

from support_retainer.setup.custom_fields import MODULE
from tests.factories import IssueFactory, RetainerFactory, book
from tests.visiting import contact_for, visit

pytestmark = pytest.mark.security
LONG = 20  # seconds, on a machine that has other work
DATES = ("from_date", "to_date", "on_date")
OTHERS = ("customer", "retainer", "period", "company", "employee", "sla_rule", "status", "assigned_to")
NUMBERS = ("below_percent", "older_than", "hours_per_day")


@pytest.fixture(autouse=True)
def now(at):
	with at("2026-11-20 12:00"):
		retainer = RetainerFactory()
		ticket = IssueFactory(customer=retainer.customer)
		book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
		yield frappe._dict(retainer=retainer, ticket=ticket)


def run(report: str, filters) -> None:
	from frappe.desk.query_report import run as run_report

	run_report(report, filters=filters)


def reports() -> list[str]:
	return frappe.get_all("Report", {"module": MODULE}, pluck="name", order_by="name")


def test_reports_of_all_time_answer_at_once():
	wrong = []
	for report in reports():
		for first, last in (
			("0001-01-01", "9999-12-31"),
			("1000-01-01", "2026-11-20"),
			("2026-11-20", "9999-12-31"),
		):
			began = time.perf_counter()
			try:
				run(report, {"from_date": first, "to_date": last, "on_date": last, "retainer": "RET-0"})
			except frappe.ValidationError as error:
				assert str(error)
			except frappe.PermissionError:
				pass
			if time.perf_counter() - began > LONG:
				wrong.append((report, first, last, time.perf_counter() - began))
	assert not wrong


@pytest.mark.parametrize(
	"value", [{}, {"a": 1}, [], ["like", "%"], [[]], math.nan, "0000-00-00", "x" * 10_000, "\0", True]
)
def test_strange_filters(value):
	wrong = []
	for report in reports():
		for name in DATES if value == "0000-00-00" else (*DATES, *OTHERS, *NUMBERS):
			try:
				run(report, {name: value})
			except frappe.ValidationError:
				continue
			except Exception as error:
				wrong.append((report, name, repr(error)[:200]))
			else:
				wrong.append((report, name, "taken"))
	assert not wrong


PAGES = {
	"/support": ("customer", "done"),
	"/support/tickets": ("q", "state", "urgency", "page", "customer"),
	"/support/time": ("period", "kind", "ticket", "from", "to", "corrections", "page", "customer"),
	"/support/approvals": ("kind", "name", "done"),
	"/support/new": ("subject", "expected_hours", "urgency", "customer"),
	"/support/ticket": ("name",),
	"/support/order": ("moved",),
}
TEXTS = (
	*(
		"0001-01-01",
		"9999-12-31",
		"0000-00-00",
		"nan",
		"1e400",
		"-1",
		"999999",
		"%00",
		"%ED%A0%80",
		"{}",
		"[]",
		"null",
	),
	*("%25" * 100, "x" * 5000, "'%20or%201=1--", "../../x"),
)


def test_strange_words_in_the_address_of_every_page(now):
	user = contact_for(now.retainer.customer, "anna.adress@example.com")
	wrong = []
	for path, names in PAGES.items():
		for name in names:
			for text in TEXTS:
				began = time.perf_counter()
				page = visit(user, f"{path}?{name}={text}")
				if (
					page.status not in (200, 301, 302, 303, 403, 404, 417)
					or time.perf_counter() - began > LONG
				):
					wrong.append((path, name, text[:20], page.status, page.text[:200]))
	assert not wrong


def test_pages_have_a_limit_for_each_person(now, monkeypatch):
	"""Whatever address the sender says they have."""
	from support_retainer.portal import page

	monkeypatch.setattr(page, "PAGES_PER_HOUR", 3)
	one = contact_for(now.retainer.customer, "ett.tak@example.com")
	other = contact_for(now.retainer.customer, "annat.tak@example.com")
	assert [visit(one, "/support/tickets").status for _time in range(4)] == [200, 200, 200, 429]
	assert visit(other, "/support/tickets").status == 200
