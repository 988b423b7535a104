"""Time that is not charged, as customers and managers see it; what is internal no customer sees."""

import frappe
import pytest

from support_retainer import billing, paper
from support_retainer.desk import api
from support_retainer.portal import ledger_shown, one_ticket
from support_retainer.report.retainer_profitability import retainer_profitability
from support_retainer.report.time_by_category import time_by_category
from support_retainer.report.utilisation_by_employee import utilisation_by_employee
from support_retainer.words import money
from tests.factories import EmployeeFactory, RetainerFactory, timesheet

pytestmark = pytest.mark.usefixtures("now")

DATES = {"from_date": "2026-11-01", "to_date": "2026-11-30"}


@pytest.fixture
def retainer(at):
	with at("2026-11-01 08:00"):
		return RetainerFactory(hours_per_period=1)


@pytest.fixture
def sheet(ticket):
	"""Tue 3 Nov: 2:00 charged, 1:00 given (worth 1 250), 0:30 internal (worth 625)."""
	doc = timesheet(
		[
			(ticket, "2026-11-03 08:00", "2026-11-03 10:00"),
			(ticket, "2026-11-03 10:00", "2026-11-03 11:00"),
			(ticket, "2026-11-03 11:00", "2026-11-03 11:30"),
		],
		submit=False,
	)
	doc.time_logs[1].update({"not_charged_because": "Our Mistake", "not_charged_note": "Fel deploy"})
	doc.time_logs[2].update({"not_charged_because": "Internal", "not_charged_note": "Hemlig handledning"})
	doc.save()
	doc.submit()
	return doc


def test_the_statement_shows_what_was_given(retainer, sheet):
	period = frappe.get_last_doc("Timebank Period", {"retainer": retainer.name})
	found = paper.statement(period.name)
	assert (found.given_away, found.given_worth) == (3600, 1250)
	assert [charge.given for charge in found.tickets[0].charges] == [0, 3600]
	assert found.tickets[0].total("worked") == 3 * 3600
	html = frappe.get_print("Timebank Period", period.name, "Period Statement")
	assert "1:00 was given and not charged" in html and "Fel deploy" in html
	assert "Hemlig" not in html


def test_the_specification_shows_what_was_given(retainer, sheet):
	invoice = frappe.get_last_doc("Sales Invoice", {"retainer": retainer.name})
	html = frappe.get_print("Sales Invoice", invoice.name, "Invoice Specification")
	assert "Given, not charged" in html and "Fel deploy" in html and "Hemlig" not in html


def test_the_portal_shows_what_was_given(retainer, ticket, sheet):
	charges = one_ticket._charges(ticket.name, retainer.customer)
	assert sorted((charge["given"], charge["worth"]) for charge in charges) == [(0, 0), (3600, 1250)]
	wanted = dict.fromkeys(("period", "kind", "ticket", "from", "to", "corrections"), "")
	rows = ledger_shown._query(retainer.customer, wanted).run(as_dict=True)
	assert [row.would_amount for row in rows if row.entry_type == "Not Charged"] == [1250]
	text = ledger_shown.as_csv(rows)
	assert "Fel deploy" in text and "1250.00" in text and "Hemlig" not in text


def test_reports_count_it(retainer, sheet):
	_columns, rows, *_rest = retainer_profitability.execute(DATES | {"retainer": retainer.name})
	row = next(row for row in rows if row["retainer"] == retainer.name)
	# the manager sees the internal half hour, too
	assert (row["worked"], row["given"], row["worth"]) == (3.5, 1.5, 1875)
	_columns, rows, *_rest = time_by_category.execute(DATES | {"customer": retainer.customer})
	row = next(row for row in rows if row["name"] == retainer.customer)
	# 2:00 charged, 0:30 of project management, 1:00 and 0:30 given
	assert (row["total"], row["given"]) == (4, 1.5)
	_columns, rows, *_rest = utilisation_by_employee.execute(DATES | {"employee": sheet.employee})
	assert (rows[0]["on_retainers"], rows[0]["charged"], rows[0]["given"]) == (3.5, 2, 1.5)


def test_staff_say_so_when_they_log_time(at, retainer, ticket):
	EmployeeFactory(user_id=frappe.session.user)
	span = {
		"from_time": "2026-11-03 13:00:00",
		"to_time": "2026-11-03 14:00:00",
		"activity_type": "Execution",
	}
	asked = {"ticket_type": "Issue", "ticket_name": ticket.name, **span, "not_charged_because": "Goodwill"}
	found = api.preview_time(**asked)
	assert found["notes"] == [f"not charged: given 1:00, worth {money(1250, 'SEK')} (Goodwill)"]
	made = api.log_time(**asked, note="Sökte felet", not_charged_note="Bjuder på den")
	[row] = frappe.get_doc("Timesheet", made["timesheet"]).time_logs
	assert (row.not_charged_because, row.not_charged_note, row.is_billable) == (
		"Goodwill",
		"Bjuder på den",
		0,
	)


def test_no_one_but_a_manager_decides_on_submitted_time(sheet):
	user = frappe.get_doc(
		{"doctype": "User", "email": "agent@example.com", "first_name": "A", "send_welcome_email": 0}
	)
	user.append("roles", {"role": "Support Agent"})
	user.insert()
	frappe.set_user(user.name)
	for call in (
		lambda: billing.api.not_charge([sheet.time_logs[0].name], "Goodwill"),
		lambda: billing.api.charge_after_all([sheet.time_logs[1].name], "x"),
	):
		with pytest.raises(frappe.PermissionError):
			call()
	frappe.set_user("Administrator")
