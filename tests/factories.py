"""Records for tests, made by factory-boy through Frappe's own API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import factory
import frappe

from tests import kinds
from tests.world import COMPANY


def of(doctype: str) -> Callable:
	"""Return what factory-boy calls a model: keyword arguments in, an inserted document out."""

	def insert(**values):
		return frappe.get_doc({"doctype": doctype, **values}).insert()

	insert.__name__ = doctype
	return insert


def employee(**values):
	"""Insert an employee, for which ERPNext empties every cache of the site."""
	with kinds.definitions_kept():
		return of("Employee")(**values)


class CustomerFactory(factory.Factory):
	class Meta:
		model = of("Customer")

	customer_name = factory.Sequence(lambda number: f"Kund {number} AB")
	customer_type = "Company"
	customer_group = factory.LazyFunction(lambda: _leaf("Customer Group"))
	territory = factory.LazyFunction(lambda: _leaf("Territory"))


class EmployeeFactory(factory.Factory):
	class Meta:
		model = employee

	first_name = factory.Sequence(lambda number: f"Medarbetare {number}")
	gender = factory.LazyFunction(lambda: frappe.db.get_value("Gender", {}, "name"))
	date_of_birth = "1990-01-01"
	date_of_joining = "2020-01-01"
	status = "Active"
	company = COMPANY


class RetainerFactory(factory.Factory):
	"""Fjällbutiken's terms unless told otherwise: 10 h a month at 1 000 SEK/h, active since 1 Nov 2026."""

	class Meta:
		model = of("Retainer")

	customer = factory.LazyFunction(lambda: CustomerFactory().name)
	company = COMPANY
	status = "Active"
	mode = "With Timebank"
	start_date = "2026-11-01"
	takeover_completed_on = "2026-10-15"
	maintenance_waived_because = "Drift ingår i ett annat avtal"
	currency = "SEK"
	hourly_rate = 1000
	hours_per_period = 10
	period = "Monthly"
	fee_billing = "Not Billed"
	carry_over = "None"
	overage_policy = "Bill"
	surcharge_settlement = "Invoice"
	project_management_percent = 25
	increment_minutes = 15
	rounding_scope = "Time Entry"
	invoice_cadence = "On Submit"
	submit_invoices = 0
	invoice_delivery = "Email"


class IssueFactory(factory.Factory):
	class Meta:
		model = of("Issue")

	subject = factory.Sequence(lambda number: f"Ärende {number}")
	raised_by = "kund@example.com"
	company = COMPANY


def urgent_issue(**values):
	"""Return a new ticket with the app's Urgent priority."""
	return IssueFactory(priority="Urgent", **values)


def book(ticket, *spans: tuple[str, str], employee: str | None = None, submit: bool = True, **values):
	"""Book spans of time on a ticket ("2026-11-02 09:00", "2026-11-02 09:50") and submit the timesheet."""
	return timesheet([(ticket, *span) for span in spans], employee=employee, submit=submit, **values)


def timesheet(rows, employee: str | None = None, submit: bool = True, **values):
	"""Make one timesheet of rows (ticket or None, from, to)."""
	doc = frappe.get_doc(
		{
			"doctype": "Timesheet",
			"company": COMPANY,
			"employee": employee or EmployeeFactory().name,
			"time_logs": [time_log(*row) for row in rows],
			**values,
		}
	).insert()
	if submit:
		doc.submit()
	return doc


def time_log(ticket, start: str, end: str) -> dict:
	"""Return one row of a timesheet."""
	hours = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 3600
	row = {"activity_type": "Execution", "from_time": f"{start}:00", "to_time": f"{end}:00", "hours": hours}
	if ticket:
		row |= {"ticket_type": "Issue", "ticket": ticket.name}
	return row


def sprint_of(*rows, **values):
	"""Make a draft sprint of rows (ticket, hours) of one customer."""
	return frappe.get_doc(
		{
			"doctype": "Support Sprint",
			"title": "Höstens förbättringar",
			"customer": rows[0][0].customer,
			"company": COMPANY,
			"tickets": [
				{"ticket_type": "Issue", "ticket": ticket.name, "work": round(hours * 3600)}
				for ticket, hours in rows
			],
			**values,
		}
	).insert()


def _leaf(doctype: str) -> str:
	return frappe.db.get_value(doctype, {"is_group": 0}, "name") or frappe.db.get_value(doctype, {}, "name")


def outgoing_account() -> None:
	"""Make the account that mail leaves by, where there is none; nothing is sent in tests."""
	if not frappe.db.exists("Email Account", {"default_outgoing": 1}):
		frappe.get_doc(
			{
				"doctype": "Email Account",
				"email_account_name": "Prov",
				"email_id": "prov@example.com",
				"enable_outgoing": 1,
				"default_outgoing": 1,
				"smtp_server": "localhost",
				"no_smtp_authentication": 1,
			}
		).insert()
		frappe.local.outgoing_email_account = {}  # Frappe may remember that there was none
