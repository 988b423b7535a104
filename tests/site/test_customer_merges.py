"""Customers become one: contracts that run stand in the way, everything else follows."""

from __future__ import annotations

import frappe
import pytest

from support_retainer import billing
from tests.factories import IssueFactory, RetainerFactory, book


def merge(old, new):
	frappe.rename_doc("Customer", old, new, merge=True, force=True)


def test_customers_that_both_have_a_running_retainer_are_not_merged(at):
	with at("2026-11-20 10:00"):
		one, other = RetainerFactory(), RetainerFactory()
		with pytest.raises(frappe.ValidationError, match="End one of them"):
			merge(one.customer, other.customer)
		assert frappe.db.exists("Customer", one.customer)
		assert frappe.db.get_value("Retainer", one.name, "customer") == one.customer


def test_after_one_has_ended_they_are_and_everything_follows(at):
	with at("2026-11-20 10:00"):
		one, other = RetainerFactory(), RetainerFactory()
		ticket = IssueFactory(customer=one.customer)
		book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
		one.reload()
		one.update({"status": "Ended", "end_date": "2026-11-19"})
		one.save()
		merge(one.customer, other.customer)
		ticket.reload()
		assert (ticket.customer, ticket.retainer) == (other.customer, other.name)
		assert set(frappe.get_all("Timebank Entry", {"retainer": one.name}, pluck="customer")) == {
			other.customer
		}
		assert not billing.audit()


def test_drafts_and_ended_contracts_stand_in_no_way(at):
	with at("2026-11-20 10:00"):
		ended, other = RetainerFactory(status="Draft"), RetainerFactory()
		merge(ended.customer, other.customer)
		assert frappe.db.get_value("Retainer", ended.name, "customer") == other.customer
		one = RetainerFactory(status="Ended", end_date="2026-11-10")
		two = RetainerFactory(status="Ended", end_date="2026-11-12")
		merge(one.customer, two.customer)
		assert frappe.db.get_value("Retainer", one.name, "customer") == two.customer
		assert not billing.audit()


def test_a_paused_one_runs_too(at):
	with at("2026-11-20 10:00"):
		one, other = RetainerFactory(), RetainerFactory()
		one.status = "Paused"
		one.save()
		with pytest.raises(frappe.ValidationError, match="End one of them"):
			merge(one.customer, other.customer)


def test_a_new_name_is_followed(at):
	with at("2026-11-20 10:00"):
		retainer = RetainerFactory()
		book(IssueFactory(customer=retainer.customer), ("2026-11-03 09:00", "2026-11-03 10:00"))
		frappe.rename_doc("Customer", retainer.customer, "Nytt namn AB", force=True)
		assert set(frappe.get_all("Timebank Entry", {"retainer": retainer.name}, pluck="customer")) == {
			"Nytt namn AB"
		}
		assert not billing.audit()
