"""An agency's first day, driven by hand: settings, retainer, ticket, assignment, timer, timesheet, invoice.

Runs on the embedded desk, and on a bench's when `BENCH_URL` says where that is (`make test-bench BENCH_URL=…`). It makes people and
customers of its own; on a bench they stay.
"""

import os
import re
from datetime import date, datetime

import pytest
from playwright.sync_api import expect

from tests.portal.desk import Desk
from tests.portal.remote import Remote

pytestmark = pytest.mark.browser

PASSWORD = "Norrsken-lyser-9-vintrar"  # a bench asks for one that is hard to guess
ROLES = (
	"Support Agent",
	"Retainer Manager",
	"Support Team",
	"Projects User",
	"Accounts User",
	"Sales User",
	"HR Manager",
)


@pytest.fixture
def manager(new_context):
	"""The system manager: makes the user and the customer, as on any ERPNext."""
	return Remote(new_context().new_page(), "Administrator", os.environ.get("BENCH_PASSWORD", "admin"))


@pytest.fixture
def ronja(manager):
	"""Ronja, who starts today: a user and an employee."""
	stamp = f"{datetime.now():%Y%m%d%H%M%S}"
	user = manager.insert(
		"User",
		email=f"ronja.{stamp}@example.com",
		first_name="Ronja",
		last_name=stamp,
		send_welcome_email=0,
		new_password=PASSWORD,
		time_zone="Europe/Stockholm",
		language="en",
		roles=[{"role": role} for role in ROLES],
	)
	manager.insert(
		"Employee",
		first_name="Ronja",
		last_name=stamp,
		gender=manager.first("Gender"),
		date_of_birth="1990-01-01",
		date_of_joining="2020-01-01",
		status="Active",
		company=manager.first("Company"),
		user_id=user["name"],
	)
	return user["name"]


@pytest.fixture
def customer(manager):
	group, territory = (
		manager.first(doctype, '[["is_group","=",0]]') for doctype in ("Customer Group", "Territory")
	)
	name = f"Första kunden {datetime.now():%H%M%S} AB"
	manager.insert(
		"Customer", customer_name=name, customer_type="Company", customer_group=group, territory=territory
	)
	return name


@pytest.fixture
def settings(manager):
	"""The settings as they were are put back: other tests share the site."""
	before = manager.get("Retainer Settings", "Retainer Settings")
	manager.update("System Settings", "System Settings", enable_onboarding=1)
	yield before
	manager.update("Retainer Settings", "Retainer Settings", holiday_list=before["holiday_list"])


def test_from_the_settings_to_the_first_invoice(page, new_context, ronja, customer, settings):
	desk = Desk(page)
	desk.log_in(ronja, PASSWORD)

	page.goto(f"{desk.root}/support-retainer")
	expect(page.get_by_text("Urgent, Open", exact=True).first).to_be_visible()
	expect(page.get_by_text("Fill in the settings").first).to_be_visible()

	fill_in_the_settings(desk)
	retainer = write_the_contract(desk, customer)
	ticket = register_a_ticket(desk, customer)
	sheet = work_and_book(desk, new_context, ronja, ticket)
	submit_the_time(desk, sheet, retainer)
	send_the_invoice(desk, customer)


def fill_in_the_settings(desk: Desk) -> None:
	page = desk.page
	page.goto(f"{desk.root}/retainer-settings")
	page.wait_for_function("() => window.cur_frm && cur_frm.doctype === 'Retainer Settings'")
	desk.press("Fill Swedish Holidays")
	dialog = page.locator(".modal:visible")
	desk.type("holiday_list", "Sverige", within=dialog)
	dialog.locator(".btn-primary:visible").click()
	expect(dialog).to_have_count(0)
	expect(page.get_by_text("days added to Sverige").first).to_be_visible()
	if desk.value("holiday_list") != "Sverige":
		desk.choose("holiday_list", "Sverige")
	if page.evaluate("() => cur_frm.is_dirty()"):
		desk.save()
	assert desk.value("holiday_list") == "Sverige"


def write_the_contract(desk: Desk, customer: str) -> str:
	page, first = desk.page, date.today().replace(day=1)
	desk.new("Retainer")
	desk.choose("customer", customer)
	desk.type("hours_per_period", "10")
	desk.type("hourly_rate", "1000")
	desk.type("retainer_fee", "10000")
	desk.type_moment("start_date", f"{first}")
	words = page.locator('.frappe-control[data-fieldname="in_words"]:visible')
	expect(words).to_contain_text(re.compile(r"10 hours a month for \D*10.000[.,]00\D* in advance"))
	expect(words).to_contain_text("unused time expires; urgent work is charged +75 % / +150 %")
	desk.type(
		"hours_per_period", "0.25".replace(".", desk.decimal_point())
	)  # so little that the first work goes beyond it
	expect(words).to_contain_text("0:15 hours a month for")
	desk.type_moment("takeover_completed_on", f"{first}")
	desk.write("maintenance_waived_because", "Drift ingår i ett annat avtal")
	desk.pick("status", "Active")
	desk.save()
	glance = page.locator('.frappe-control[data-fieldname="bank"]:visible')
	expect(glance).to_contain_text("In the bank")
	expect(glance).to_contain_text("0:15")
	return desk.name


def register_a_ticket(desk: Desk, customer: str) -> str:
	desk.new("Issue")
	desk.type("subject", "Kassan tar inte emot kort")
	desk.choose("customer", customer)
	desk.save()
	expect(desk.headline()).to_contain_text("Normal, within budget")
	expect(desk.headline()).to_contain_text("To be assigned by")
	expect(desk.headline()).not_to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))  # nobody promises seconds
	expect(desk.headline()).to_contain_text("0:15 left for this ticket in the time bank")
	desk.assign_to_me()
	desk.page.reload()
	expect(desk.headline()).to_contain_text("To be started by")
	return desk.name


def work_and_book(desk: Desk, new_context, user: str, ticket: str) -> str:
	"""The timer runs on in another browser; the charge is shown before it is made. Returns the timesheet."""
	desk.press("Start work")
	expect(desk.headline()).to_contain_text("Your timer runs")
	expect(desk.headline()).to_contain_text("Begun as promised")

	elsewhere = Desk(new_context().new_page())
	elsewhere.log_in(user, PASSWORD)
	elsewhere.open("Issue", ticket)
	expect(elsewhere.headline()).to_contain_text("Your timer runs")
	elsewhere.press("Stop and log")
	dialog = elsewhere.page.locator(".modal:visible")
	# a started quarter, and 25 % of it: 0:15 of the bank's 0:15, and 0:03:45 at 1 000 an hour
	for part in (
		"1 started quarter = 0:15, plus 0:03:45 project management",
		"0:15 from the time bank, 0:00 left",
		"0:03:45 beyond the bank",
	):
		expect(dialog).to_contain_text(part)
	elsewhere.write("note", "Bytte nyckel hos kortföretaget", within=dialog)
	dialog.locator(".btn-primary:visible", has_text="Book").click()
	expect(dialog).to_have_count(0)
	elsewhere.page.get_by_role("link", name="Open the timesheet").click()
	elsewhere.page.wait_for_function("() => window.cur_frm && cur_frm.doctype === 'Timesheet'")
	return elsewhere.name


def submit_the_time(desk: Desk, sheet: str, retainer: str) -> None:
	desk.open("Timesheet", sheet)
	desk.submit()
	desk.open("Timebank Period", f"{retainer}-{date.today().replace(day=1)}")
	assert (desk.value("drawn"), desk.value("balance")) == (900, 0)
	expect(desk.headline()).to_contain_text("0:00 of 0:15 left")
	desk.open("Retainer", retainer)
	expect(desk.page.locator('.frappe-control[data-fieldname="bank"]:visible')).to_contain_text(
		"0:03:45 beyond"
	)


def send_the_invoice(desk: Desk, customer: str) -> None:
	"""The bank covered 0:12 of the quarter and 25 % of that; the other 0:03 cost 50, their 0:00:45 12.50, and the period its fee."""
	desk.open_from_list("Sales Invoice", customer)
	assert sorted(item["amount"] for item in desk.value("items")) == [12.5, 50, 10000]
	desk.submit()
	assert desk.value("net_total") == 10062.5
