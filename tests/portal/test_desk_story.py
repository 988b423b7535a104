"""The story by hand, in the desk: a ticket, Assign To, time on it, submit, and the draft invoice."""

import re

import pytest
from playwright.sync_api import expect

from tests.portal.desk import Desk

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(page, agency):
	desk = Desk(page)
	desk.log_in(agency["agent"], agency["password"])
	return desk


def test_the_first_line_of_the_story(desk, agency):
	ticket = register(desk, agency["shop"], "Fraktkostnaden stämmer inte")
	assert desk.value("budget_state") == "Within"
	assert desk.value("sla_rule") == "Normal, within budget"
	expect(desk.page.locator(".form-message:visible").first).to_contain_text("Normal, within budget")

	desk.assign_to_me()
	desk.page.reload()
	expect(desk.page.locator(".form-message:visible").first).to_contain_text("as promised")

	note = book(desk, agency, ticket, "09:00:00", "09:50:00")
	# 50 min start 4 quarters = 1:00; 25 % of it 0:15; 10:00 - 1:15 = 8:45
	for part in (
		"4 started quarters = 1:00",
		"0:15 project management",
		"1:15 from the time bank",
		"8:45 left",
	):
		assert part in note
	desk.submit()

	desk.open("Timebank Period", f"{agency['shop_retainer']}-{agency['today'][:8]}01")
	assert desk.value("drawn") == 75 * 60
	assert desk.value("balance") == 8 * 3600 + 45 * 60
	desk.open("Issue", ticket)
	assert desk.value("start_status") == "Met"


def test_what_the_bank_does_not_cover_is_on_a_draft_invoice(desk, agency):
	ticket = register(desk, agency["cafe"], "Fel öppettider")
	assert desk.value("sla_rule") == "Normal, outside budget"
	book(desk, agency, ticket, "11:00:00", "11:01:00")
	desk.submit()

	desk.open_from_list("Sales Invoice", agency["cafe"])
	assert desk.value("docstatus") == 0
	# a started quarter of 1 200 = 300, its project management 75, the fee for an invoice by post 75
	assert [item["amount"] for item in desk.value("items")] == [300, 75, 75]
	assert desk.value("net_total") == 450


def register(desk: Desk, customer: str, subject: str) -> str:
	desk.new("Issue")
	desk.type("subject", subject)
	desk.choose("customer", customer)
	desk.save()
	return desk.name


def book(desk: Desk, agency: dict, ticket: str, start: str, end: str) -> str:
	"""Fill in a timesheet of one row; returns what the row says after saving."""
	desk.new("Timesheet")
	if desk.value("employee") != agency["employee"]:
		desk.choose("employee", agency["employee"])
	desk.page.locator('[data-fieldname="time_logs"] .grid-row .btn-open-row').first.click()
	row = desk.page.locator('[data-fieldname="time_logs"] .grid-row-open')
	desk.choose("ticket", ticket, within=row)
	desk.choose("activity_type", "Execution", within=row)
	desk.type_moment("from_time", f"{agency['today']} {start}", within=row)
	desk.type_moment("to_time", f"{agency['today']} {end}", within=row)
	row.locator(".grid-collapse-row").first.click()
	desk.save()
	assert re.match(r"TS-\d{4}-", desk.name)
	return desk.page.evaluate("() => cur_frm.doc.time_logs[0].timebank_note")
