"""The ground the tests stand on: a Swedish company, an empty holiday list, and settings that point at them."""

from __future__ import annotations

import frappe

COMPANY = "Testbyrån AB"
MANAGER = "systemansvarig@example.com"
NO_HOLIDAYS = "Support Retainer Tests: no holidays"


def prepare() -> None:
	"""Make what is missing; running it again changes nothing."""
	if not frappe.db.exists("Company", COMPANY):
		frappe.get_doc(
			{
				"doctype": "Company",
				"company_name": COMPANY,
				"abbr": "TB",
				"default_currency": "SEK",
				"country": "Sweden",
				"chart_of_accounts": "Standard",
			}
		).insert()
	frappe.db.set_default("company", COMPANY)
	frappe.db.set_default("currency", "SEK")
	if not frappe.db.exists("User", MANAGER):
		# Frappe makes the first person on a site a System Manager; the tests' people must not be that one
		frappe.get_doc(
			{
				"doctype": "User",
				"email": MANAGER,
				"first_name": "Systemansvarig",
				"send_welcome_email": 0,
				"roles": [{"role": "System Manager"}],
			}
		).insert()
	if not frappe.db.exists("Holiday List", NO_HOLIDAYS):
		frappe.get_doc(
			{
				"doctype": "Holiday List",
				"holiday_list_name": NO_HOLIDAYS,
				"from_date": "2025-01-01",
				"to_date": "2029-12-31",
				"holidays": [],
			}
		).insert()
	settings = frappe.get_single("Retainer Settings")
	settings.holiday_list = NO_HOLIDAYS
	settings.save()
