"""Home, Tickets and Time ask a fixed number of questions of the database, however long the customer has been there."""

from datetime import datetime, timedelta

import frappe
import pytest

from support_retainer import consent
from tests.factories import IssueFactory, RetainerFactory, book
from tests.visiting import contact_for, visit

MOST = 15  # with those that Frappe's website asks around every page: seven on Frappe 15
MANY = 100_000
PAGES = ("/support", "/support/tickets", "/support/time")


def long_history(retainer, count: int) -> None:
	"""Write a closed past: entries in 60 closed months before the contract's first period."""
	months = [datetime(2026 - back // 12 - 1, 12 - back % 12, 1) for back in range(60)]
	for month in months:
		period = frappe.get_doc(
			{
				"doctype": "Timebank Period",
				"retainer": retainer.name,
				"customer": retainer.customer,
				"from_date": month.date(),
				"to_date": frappe.utils.get_last_day(month),
				"status": "Closed",
			}
		)
		period.name = f"{retainer.name}-{month.date()}"
		period.db_insert()
	stamp = "2026-01-01 00:00:00.000000"
	rows = [
		{
			"name": f"{retainer.name}-{number}",
			"creation": stamp,
			"modified": stamp,
			"retainer": retainer.name,
			"customer": retainer.customer,
			"period": f"{retainer.name}-{months[number % len(months)].date()}",
			"entry_type": "Draw",
			"component": "Work",
			"key": f"OLD:{retainer.name}:{number}",
			"occurred_on": months[number % len(months)] + timedelta(minutes=number % 40_000),
			"lot": f"old-{months[number % len(months)].date()}",
			"seconds": -900 if number % 2 else 900,
			"drawn": 900,
		}
		for number in range(count)
	]
	fields = list(rows[0])
	for start in range(0, count, 10_000):
		part = rows[start : start + 10_000]
		frappe.db.bulk_insert(
			"Timebank Entry", fields, [tuple(row[field] for field in fields) for row in part]
		)


def customer_with(number: int, email: str):
	"""A customer with so many tickets and questions, and an hour of work on the first."""
	retainer = RetainerFactory(estimate_threshold_hours=1)
	contact_for(retainer.customer, email)
	tickets = [IssueFactory(customer=retainer.customer, expected_hours=6) for _each in range(number)]
	for ticket in tickets[1:]:
		consent.ask("Issue", ticket.name)
	for _each in range(number):
		IssueFactory(customer=retainer.customer, origin="Agency", expected_hours=2)
	frappe.db.set_value("Issue", tickets[0].name, "expected_hours", 0)
	book(frappe.get_doc("Issue", tickets[0].name), ("2026-11-02 09:00", "2026-11-02 09:50"))
	return retainer


def queries(monkeypatch, user: str, path: str) -> list[str]:
	"""Return what a page asks of the database. Caches are warm."""
	visit(user, path)
	asked, run = [], frappe.db.sql
	with monkeypatch.context() as patch:
		patch.setattr(
			frappe.db, "sql", lambda query, *a, **k: (asked.append(str(query)), run(query, *a, **k))[1]
		)
		page = visit(user, path)
	assert page.status == 200
	return asked


@pytest.fixture
def two(at):
	with at("2026-11-03 10:00"):
		small, big = customer_with(3, "small.speed@example.com"), customer_with(9, "big.speed@example.com")
		long_history(big, MANY)
		yield small, big


def test_a_page_asks_no_more_of_a_long_ledger_than_of_a_short_one(two, monkeypatch):
	for path in PAGES:
		small = queries(monkeypatch, "small.speed@example.com", path)
		big = queries(monkeypatch, "big.speed@example.com", path)
		print(path, len(big))
		assert len(big) <= MOST, "\n".join([path, *big])
		assert len(big) == len(small), "\n".join([path, *small, "", *big])
