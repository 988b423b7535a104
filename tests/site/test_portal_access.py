"""Who acts for which customer: portal users, linked contacts, and nobody else."""

import frappe
import pytest

from support_retainer import people, portal
from tests.factories import CustomerFactory

pytestmark = pytest.mark.security


def person(email, *roles, enabled=1):
	return frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": email.partition("@")[0],
			"send_welcome_email": 0,
			"enabled": enabled,
			"roles": [{"role": role} for role in roles],
		}
	).insert()


def contact_of(user, *customers):
	"""Link the contact Frappe made for the user to customers."""
	contact = frappe.get_doc("Contact", {"user": user.name})
	for customer in customers:
		contact.append("links", {"link_doctype": "Customer", "link_name": customer.name})
	return contact.save()


@pytest.fixture
def anna():
	return person("anna.access@example.com", "Customer")


def test_a_portal_user_acts_for_the_customer_that_lists_them(anna):
	shop, other = CustomerFactory(), CustomerFactory()
	shop.append("portal_users", {"user": anna.name})
	shop.save()
	assert people.customers_of(anna.name) == [shop.name]
	portal.check_customer(shop.name, anna.name)
	with pytest.raises(frappe.PermissionError, match="There is nothing here"):
		portal.check_customer(other.name, anna.name)


def test_a_linked_contact_acts_for_each_of_its_customers(anna):
	shop, cafe = CustomerFactory(), CustomerFactory()
	contact_of(anna, shop, cafe)
	assert people.customers_of(anna.name) == sorted([shop.name, cafe.name])
	frappe.set_user(anna.name)
	assert portal.current_customer() is None  # one of two is still to be chosen
	frappe.form_dict.customer = cafe.name
	assert portal.current_customer() == cafe.name
	assert portal.viewing_as() is None


def test_a_customer_in_the_address_is_refused_unless_it_is_theirs(anna):
	shop, other = CustomerFactory(), CustomerFactory()
	contact_of(anna, shop)
	frappe.set_user(anna.name)
	said = set()
	for name in (other.name, "No such customer"):
		frappe.form_dict.customer = name
		with pytest.raises(frappe.PermissionError) as refused:
			portal.visitor()
		said.add(str(refused.value))
	assert len(said) == 1  # the answer does not tell whether it exists


def test_the_disabled_the_unknown_and_guests_act_for_nobody(anna):
	shop = CustomerFactory()
	contact_of(anna, shop)
	assert people.customers_of("Guest") == []
	assert people.customers_of("no.such.user@example.com") == []
	frappe.get_doc("User", anna.name).update({"enabled": 0}).save()
	assert people.customers_of(anna.name) == []


def test_a_disabled_customer_has_no_portal(anna):
	shop = CustomerFactory()
	contact_of(anna, shop)
	shop.disabled = 1
	shop.save()
	assert people.customers_of(anna.name) == []


def test_staff_look_as_a_customer_and_act_for_none():
	shop = CustomerFactory()
	agent = person("agent.access@example.com", "Support Agent", "Sales User")
	contact_of(agent, shop)  # even if somebody linked them
	assert people.customers_of(agent.name) == []
	with pytest.raises(frappe.PermissionError):
		portal.check_customer(shop.name, agent.name)
	frappe.set_user(agent.name)
	assert portal.viewing_as() is None
	frappe.form_dict.customer = shop.name
	seen = portal.visitor()
	assert portal.viewing_as() == shop.name == seen.customer
	assert seen.is_staff and not seen.may_write
	frappe.form_dict.customer = "No such customer"
	with pytest.raises(frappe.PermissionError):
		portal.visitor()


@pytest.fixture(autouse=True)
def no_form():
	frappe.local.form_dict = frappe._dict()
