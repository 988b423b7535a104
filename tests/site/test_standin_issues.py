"""What the app relies on in ERPNext's issues and customers. It holds on ERPNext, and the stand-in to it."""

import frappe

from tests.factories import CustomerFactory, IssueFactory


def contact(address, customer):
	values = {
		"first_name": "Kim",
		"email_ids": [{"email_id": address, "is_primary": 1}],
		"links": [{"link_doctype": "Customer", "link_name": customer}],
	}
	return frappe.get_doc({"doctype": "Contact", **values}).insert()


def test_a_ticket_finds_its_customer_by_the_senders_address():
	customer = CustomerFactory().name
	kim = contact("kim@kund.example.com", customer)
	issue = IssueFactory(raised_by="Kim <kim@kund.example.com>")
	assert (issue.customer, issue.contact, issue.status) == (customer, kim.name, "Open")
	assert str(issue.opening_date) == frappe.utils.today()


def test_a_ticket_from_the_website_stands_in_its_timeline():
	issue = IssueFactory(via_customer_portal=1, description="Hej")
	messages = {"reference_doctype": "Issue", "reference_name": issue.name, "sent_or_received": "Received"}
	assert frappe.db.count("Communication", messages) == 1


def test_a_split_takes_the_message_and_what_came_after_it():
	issue = frappe.get_doc("Issue", IssueFactory().name)
	values = {
		"subject": "Om en sak",
		"content": "Hej",
		"reference_doctype": "Issue",
		"reference_name": issue.name,
	}
	message = frappe.get_doc({"doctype": "Communication", "sent_or_received": "Received", **values}).insert()
	name = issue.split_issue("En annan sak", message.name)
	assert frappe.db.get_value("Communication", message.name, "reference_name") == name
	assert frappe.db.get_value("Issue", name, ["subject", "issue_split_from"]) == ("En annan sak", issue.name)


def test_status_from_the_list_is_written_past_the_document():
	from erpnext.support.doctype.issue.issue import set_multiple_status, set_status

	first, second = IssueFactory().name, IssueFactory().name
	set_status(first, "On Hold")
	set_multiple_status(frappe.as_json([second]), "Replied")
	assert frappe.db.get_value("Issue", first, "status") == "On Hold"
	assert frappe.db.get_value("Issue", second, "status") == "Replied"


def test_a_customers_people_see_its_tickets_on_the_website():
	customer, other = CustomerFactory(), CustomerFactory()
	issue = IssueFactory(customer=customer.name)
	user = frappe.get_doc({"doctype": "User", "email": "kim@kund.example.com", "first_name": "Kim"})
	user.flags.no_welcome_mail = True
	user.insert()
	for party, allowed in ((other, False), (customer, True)):
		party.append("portal_users", {"user": user.name})
		party.save()
		with_user = frappe.get_doc("Issue", issue.name)
		frappe.set_user(user.name)
		try:
			assert bool(frappe.has_website_permission(with_user)) is allowed
		finally:
			frappe.set_user("Administrator")
