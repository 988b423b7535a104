"""Invoice lines say what they are: one share of project management a line, and a part of a day's work says so."""

import frappe
import pytest

from support_retainer.patches import management_percent
from tests.factories import RetainerFactory, book, urgent_issue


@pytest.fixture
def retainer(at):
	with at("2026-11-01 08:00"):
		return RetainerFactory(hours_per_period=1)


@pytest.fixture(autouse=True)
def now(at):
	with at("2026-11-20 18:00"):
		yield


def test_two_shares_of_project_management_are_two_lines(retainer, ticket):
	"""1:00 in the bank. 3 Nov 2:00 + 0:30 at 25 %: the bank gives 0:48 and 0:12, so 1:12 and 0:18 are invoiced.
	20 Nov 2:00 + 0:12 at 10 %: all of it is."""
	book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))
	change(retainer, 10, "2026-11-15")
	book(ticket, ("2026-11-20 09:00", "2026-11-20 11:00"))
	lines = items(retainer)
	management = [row for row in lines if "Project management" in row.description]
	assert [(row.amount, label(row)) for row in management] == [
		(300, "Project management 25 % at"),
		(200, "Project management 10 % at"),
	]
	assert "charged 0:18" in management[0].description and "charged 0:12" in management[1].description
	work = next(row for row in lines if "Support beyond" in row.description)
	assert "worked 2:00, of which 0:48 from the bank, charged 1:12" in work.description
	assert "worked 2:00, charged 2:00" in work.description


def test_a_surcharge_and_a_split_by_hours_say_what_they_are_a_part_of(at, retainer):
	"""Tue 3 Nov 16:30–17:30, urgent: 2 quarters at +75 % and 2 at +150 %; the bank's 1:00 gives 0:48 of the work."""
	with at("2026-11-03 16:00"):
		ticket = urgent_issue(customer=retainer.customer)
	book(ticket, ("2026-11-03 16:30", "2026-11-03 17:30"))
	book(ticket, ("2026-11-04 16:30", "2026-11-04 17:30"))
	work = next(row for row in items(retainer) if "Support beyond" in row.description)
	assert "worked 1:00, of which" in work.description
	assert "worked 0:30 of 1:00, charged 0:30" in work.description


def test_entries_from_before_learn_the_share_of_their_day(retainer, ticket):
	book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))
	change(retainer, 10, "2026-11-15")
	book(ticket, ("2026-11-20 09:00", "2026-11-20 11:00"))
	frappe.db.set_value(
		"Timebank Entry", {"retainer": retainer.name}, "project_management_percent", 0, update_modified=False
	)
	management_percent.execute()
	rows = frappe.get_all(
		"Timebank Entry",
		{"retainer": retainer.name, "component": "Project Management"},
		["occurred_on", "project_management_percent"],
	)
	assert {(row.occurred_on.day, row.project_management_percent) for row in rows} == {(3, 25), (20, 10)}


def change(retainer, percent, since):
	retainer.reload()
	retainer.update({"project_management_percent": percent, "terms_from": since})
	retainer.save()


def items(retainer):
	return frappe.get_last_doc("Sales Invoice", {"retainer": retainer.name}).items


def label(row) -> str:
	return row.description.split("<br>")[1][: len("Project management 25 % at")]
