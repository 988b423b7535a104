"""The customers' side of the agency: contacts who log in, and tickets with time on them for the portal's pages to show."""

from __future__ import annotations

from datetime import date

ANNA = "anna@fjallbutiken.example"
BERTIL = "bertil@kafeet.example"
CECILIA = "cecilia@bada.example"


def fill(shop, cafe, password: str) -> dict:
	"""Make a contact of each customer and one of both, and work on the shop's tickets; returns names."""
	import frappe

	from tests.factories import IssueFactory

	for email, first, customers in (
		(ANNA, "Anna", [shop.customer]),
		(BERTIL, "Bertil", [cafe.customer]),
		(CECILIA, "Cecilia", [shop.customer, cafe.customer]),
	):
		_contact(email, first, customers, password)
	first_day = frappe.utils.getdate(shop.start_date)
	story = IssueFactory(customer=shop.customer, subject="Utcheckningen är långsam", raised_by=ANNA)
	for subject in ("Bilderna på startsidan", "Ny färg på knapparna", "Sökningen hittar inte tält"):
		IssueFactory(customer=shop.customer, subject=subject, raised_by=ANNA)
	secret = IssueFactory(customer=cafe.customer, subject="Hemligt hos kaféet", raised_by=BERTIL)
	_work(story, first_day)
	return {
		"anna": ANNA,
		"bertil": BERTIL,
		"cecilia": CECILIA,
		"story": story.name,
		"secret": secret.name,
		"period": f"{shop.name}-{first_day}",
	}


def _contact(email: str, first: str, customers: list[str], password: str) -> None:
	import frappe

	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": first,
			"send_welcome_email": 0,
			"new_password": password,
			"time_zone": "Europe/Stockholm",
			"roles": [{"role": "Customer"}],
		}
	).insert()
	for customer in customers:
		doc = frappe.get_doc("Customer", customer)
		doc.append("portal_users", {"user": user.name})
		doc.save()


def _work(ticket, day: date) -> None:
	"""Book 50 minutes in the morning of a day."""
	from tests.factories import book

	book(ticket, (f"{day} 09:00", f"{day} 09:50"))
