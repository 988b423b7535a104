"""A customer is written to in their own language, whoever is at work; errors speak the language of whoever is at work."""

import frappe
import pytest

from support_retainer.words import in_language_of
from tests.factories import CustomerFactory


def test_the_customers_language_then_the_readers_again():
	frappe.local.lang = "de"
	with in_language_of(CustomerFactory(language="sv").name) as language:
		assert (language, frappe.local.lang) == ("sv", "sv")
	assert frappe.local.lang == "de"


def test_no_language_of_their_own_is_the_sites():
	frappe.local.lang = "de"
	customer = CustomerFactory()
	customer.db_set("language", None)
	for name in (customer.name, None, "Ingen alls"):
		with in_language_of(name):
			assert frappe.local.lang == frappe.get_system_settings("language")


def test_one_customer_within_another():
	with in_language_of(CustomerFactory(language="sv").name):
		with in_language_of(CustomerFactory(language="de").name):
			assert frappe.local.lang == "de"
		assert frappe.local.lang == "sv"


def test_an_error_gives_the_language_back():
	frappe.local.lang = "de"
	with pytest.raises(ValueError), in_language_of(CustomerFactory(language="sv").name):
		raise ValueError
	assert frappe.local.lang == "de"
