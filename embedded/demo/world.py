"""The agency of the demonstration: a company, its people, its customers and their contracts."""

from __future__ import annotations

import frappe

COMPANY = "Norrsken Webb AB"
PEOPLE = {"Alva": "alva@norrsken.example", "Bo": "bo@norrsken.example", "Disa": "disa@norrsken.example"}
AGENT_ROLES = ("Support Agent", "Support Team", "Projects User", "Employee")
MANAGER_ROLES = (*AGENT_ROLES, "Retainer Manager", "Projects Manager", "Accounts User", "Sales User")
PASSWORD = "norrsken"

CONTRACTS = {
	"Fjällbutiken AB": {"hours_per_period": 10, "hourly_rate": 1000},
	"Kaféet i Visby": {"mode": "Without Timebank", "hourly_rate": 1200, "invoice_delivery": "Post"},
	"Nordljus Optik AB": {"hours_per_period": 15, "hourly_rate": 1100, "surcharge_settlement": "Timebank"},
	"Tångens Bageri": {"hours_per_period": 6, "hourly_rate": 1150, "rounding_scope": "Ticket and Day"},
	"Västkustcykel AB": {"hours_per_period": 4, "hourly_rate": 950, "overage_policy": "Ask First"},
}


def prepare() -> None:
	"""Make everything the month needs on a fresh site. Names and numbers come out the same each time."""
	frappe.flags.mute_emails = True
	_company()
	_holidays()
	for first_name, email in PEOPLE.items():
		_person(first_name, email, MANAGER_ROLES if first_name == "Alva" else AGENT_ROLES)


def sign(customer: str) -> str:
	"""Make a customer and sign its contract; returns the Retainer's name."""
	frappe.get_doc(
		{
			"doctype": "Customer",
			"customer_name": customer,
			"customer_type": "Company",
			"customer_group": frappe.db.get_value("Customer Group", {"is_group": 0}),
			"territory": frappe.db.get_value("Territory", {"is_group": 0}),
		}
	).insert()
	terms = {"mode": "With Timebank", **CONTRACTS[customer]}
	return (
		frappe.get_doc(
			{
				"doctype": "Retainer",
				"customer": customer,
				"company": COMPANY,
				"status": "Active",
				"start_date": "2026-11-01",
				"takeover_completed_on": "2026-10-15",
				"maintenance_waived_because": "Förvaltning ingår i hostingavtalet",
				"currency": "SEK",
				"fee_billing": "Not Billed",
				**terms,
			}
		)
		.insert()
		.name
	)


def employee(first_name: str) -> str:
	"""Return a person's Employee."""
	return frappe.db.get_value("Employee", {"first_name": first_name})


def _company() -> None:
	if not frappe.db.exists("Company", COMPANY):
		frappe.get_doc(
			{
				"doctype": "Company",
				"company_name": COMPANY,
				"abbr": "NW",
				"default_currency": "SEK",
				"country": "Sweden",
			}
		).insert()
	frappe.db.set_default("company", COMPANY)


def _holidays() -> None:
	name = "Inga helgdagar"
	frappe.get_doc(
		{
			"doctype": "Holiday List",
			"holiday_list_name": name,
			"from_date": "2026-01-01",
			"to_date": "2027-12-31",
		}
	).insert()
	settings = frappe.get_single("Retainer Settings")
	settings.holiday_list = name
	settings.save()


def _person(first_name: str, email: str, roles: tuple[str, ...]) -> None:
	frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": first_name,
			"send_welcome_email": 0,
			"new_password": PASSWORD,
			"roles": [{"role": role} for role in roles if frappe.db.exists("Role", role)],
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Employee",
			"first_name": first_name,
			"gender": "Female",
			"date_of_birth": "1990-01-01",
			"date_of_joining": "2020-01-01",
			"company": COMPANY,
			"user_id": email,
		}
	).insert()
