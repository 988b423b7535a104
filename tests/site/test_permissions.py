"""What the permission hooks add to the roles: User Permissions through the retainer, and a closed desk for the website's people."""

import frappe
import pytest

from support_retainer import people, permissions
from support_retainer.tickets import set_multiple_status, set_status
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book

pytestmark = pytest.mark.security

LEDGER = ("Retainer", "Retainer Terms", "Timebank Period", "Timebank Entry")


def person(email: str, *roles: str, **values) -> str:
	return (
		frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": email.split("@")[0],
				"send_welcome_email": 0,
				"roles": [{"role": role} for role in roles],
				**values,
			}
		)
		.insert()
		.name
	)


def worked_for() -> frappe._dict:
	retainer = RetainerFactory()
	ticket = IssueFactory(customer=retainer.customer)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	retainer.reload().update({"hourly_rate": 1100, "terms_from": "2026-12-01"})
	retainer.save()
	return frappe._dict(retainer=retainer, ticket=ticket, customer=retainer.customer)


def limit(user: str, doctype: str, name: str) -> None:
	frappe.get_doc({"doctype": "User Permission", "user": user, "allow": doctype, "for_value": name}).insert()


def seen(doctype: str, retainer: str) -> bool:
	"""Whether the user of the session has a retainer's record in the list, and may read it."""
	field = "name" if doctype == "Retainer" else "retainer"
	listed = bool(frappe.get_list(doctype, filters={field: retainer}))
	name = frappe.get_all(doctype, filters={field: retainer}, pluck="name")[0]
	assert frappe.has_permission(doctype, "read", doc=name) == listed
	return listed


@pytest.mark.parametrize("doctype", LEDGER)
def test_staff_of_one_customer_see_that_customers_ledger_alone(at, doctype):
	with at("2026-11-05 10:00"):
		ours, other = worked_for(), worked_for()
		agent = person("disa@example.com", "Support Agent")
		limit(agent, "Customer", ours.customer)
		frappe.set_user(agent)
		assert seen(doctype, ours.retainer.name)
		assert not seen(doctype, other.retainer.name)


@pytest.mark.parametrize("doctype", LEDGER)
def test_staff_of_another_company_see_nothing_of_this_ones_ledger(at, doctype):
	"""Ledger records have no company of their own: it is their retainer's."""
	with at("2026-11-05 10:00"):
		ours = worked_for()
		company = frappe.get_doc(
			{"doctype": "Company", "company_name": "Annan Byrå AB", "abbr": "ANB", "default_currency": "SEK"}
		).insert()
		agent = person("disa@example.com", "Support Agent")
		limit(agent, "Company", company.name)
		frappe.set_user(agent)
		assert not seen(doctype, ours.retainer.name)


@pytest.mark.parametrize("doctype", LEDGER)
def test_a_website_user_reads_nothing_even_with_a_role_given_by_mistake(at, doctype):
	with at("2026-11-05 10:00"):
		ours = worked_for()
		contact = person("kund@example.com", user_type="Website User")
		frappe.set_user(contact)
		name = frappe.get_all(doctype, pluck="name", limit=1)[0]
		assert not permissions.has_permission(frappe.get_doc(doctype, name), "read")
		assert permissions.conditions(contact, doctype) == "1=0"
		assert not frappe.has_permission("Retainer", "read", doc=ours.retainer.name)


def test_names_in_conditions_are_escaped(at):
	with at("2026-11-05 10:00"):
		RetainerFactory(customer=CustomerFactory(customer_name="O'Hara \\ Söner").name)
		agent = person("disa@example.com", "Support Agent")
		limit(agent, "Customer", CustomerFactory().name)
		frappe.set_user(agent)
		assert frappe.get_list("SLA Rule")  # those of every retainer
		assert frappe.get_list("Timebank Entry") == []


def test_a_contact_written_by_its_own_person_opens_no_customers_portal():
	"""Everybody who can log in may write a Contact, and link it to whom they like."""
	customer = CustomerFactory()
	user = person("frammande@example.com", "Customer", user_type="Website User")
	frappe.set_user(user)
	frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": "Frammande",
			"user": user,
			"links": [{"link_doctype": "Customer", "link_name": customer.name}],
		}
	).insert()
	assert people.customers_of(user) == []


@pytest.mark.parametrize(
	"call", [set_status, lambda name, status: set_multiple_status(f'["{name}"]', status)]
)
def test_only_who_may_write_a_ticket_sets_its_status(call):
	ticket = IssueFactory()
	frappe.set_user(person("kund@example.com", "Customer", user_type="Website User"))
	with pytest.raises(frappe.PermissionError):
		call(ticket.name, "Closed")
	assert frappe.db.get_value("Issue", ticket.name, "status") == "Open"


def test_a_contact_assigns_no_ticket():
	ticket = IssueFactory(customer=RetainerFactory().customer)
	user = person("kund@example.com", "Customer", user_type="Website User")
	frappe.set_user(user)
	todo = {"doctype": "ToDo", "description": "x", "allocated_to": user}
	frappe.get_doc(todo).insert()
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(todo | {"reference_type": "Issue", "reference_name": ticket.name}).insert()


def test_tags_are_for_those_who_may_write():
	ticket = IssueFactory()
	frappe.set_user(person("kund@example.com", "Customer", user_type="Website User"))
	with pytest.raises(frappe.PermissionError):
		permissions.add_tag("x", "Issue", ticket.name)
	with pytest.raises(frappe.PermissionError):
		permissions.add_tags('["x"]', "Issue", f'["{ticket.name}"]')
	frappe.set_user("Administrator")
	permissions.add_tag("vip", "Issue", ticket.name)
	assert "vip" in frappe.db.get_value("Issue", ticket.name, "_user_tags")
	permissions.remove_tag("vip", "Issue", ticket.name)
	assert "vip" not in (frappe.db.get_value("Issue", ticket.name, "_user_tags") or "")


def test_a_ticket_raised_for_a_former_customer_is_no_longer_shown():
	"""ERPNext lets whoever raised a ticket read it; after they left the customer it is not theirs to read."""
	user = person("kund@example.com", "Customer", user_type="Website User")
	ticket = IssueFactory(raised_by=user, customer=CustomerFactory().name)
	assert not frappe.has_website_permission(ticket, "read", user)
	assert frappe.has_website_permission(IssueFactory(raised_by=user), "read", user)
