"""A site of its own for the browser, in a process of its own: an agency with two customers, served until its input closes.

Run as `python -m tests.portal.agency`; prints one line of JSON with what the browser needs to know.
"""

from __future__ import annotations

import json
import sys

import embedded

PASSWORD = "norrsken-9"
AGENT = "disa@example.com"
ROLES = (
	"Support Agent",
	"Retainer Manager",
	"Support Team",
	"Projects User",
	"Employee",
	"Accounts User",
	"Sales User",
)


def main() -> None:
	"""Open a throw-away copy, fill it, serve it, and wait."""
	with embedded.open_site() as _site:
		import frappe

		told = fill()
		frappe.db.commit()
		with embedded.server() as server:
			print(json.dumps({"url": server.url, "agent": AGENT, "password": PASSWORD, **told}), flush=True)
			sys.stdin.read()


def fill() -> dict:
	"""Make an agent and two customers whose contracts began with this month; returns their names."""
	import frappe

	from tests import world
	from tests.factories import CustomerFactory, EmployeeFactory, RetainerFactory

	world.prepare()
	frappe.get_doc(
		{
			"doctype": "User",
			"email": AGENT,
			"first_name": "Disa",
			"send_welcome_email": 0,
			"new_password": PASSWORD,
			"time_zone": "Europe/Stockholm",
			"roles": [{"role": role} for role in ROLES],
		}
	).insert()
	employee = EmployeeFactory(first_name="Disa", user_id=AGENT)
	since = frappe.utils.get_first_day(frappe.utils.nowdate())
	dates = {"start_date": since, "takeover_completed_on": since}
	shop = RetainerFactory(customer=CustomerFactory(customer_name="Fjällbutiken AB").name, **dates)
	cafe = RetainerFactory(
		customer=CustomerFactory(customer_name="Kaféet i Visby").name,
		mode="Without Timebank",
		hours_per_period=0,
		hourly_rate=1200,
		invoice_delivery="Post",
		**dates,
	)
	return {
		"employee": employee.name,
		"shop": shop.customer,
		"shop_retainer": shop.name,
		"cafe": cafe.customer,
		"today": frappe.utils.nowdate(),
	}


if __name__ == "__main__":
	main()
