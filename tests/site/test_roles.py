"""The role profiles, what they let people do in ERPNext, and that ERPNext's own rules are followed and left as they were."""

import frappe
import pytest

from support_retainer.setup import permissions, standard
from tests.factories import EmployeeFactory, IssueFactory, RetainerFactory, time_log
from tests.world import COMPANY

RULES = ("role", "permlevel", "if_owner", "read", "write", "create", "delete", "select")


def employee_of(profile: str) -> tuple[str, str]:
	"""Return a new user with a role profile's roles, and the employee they are."""
	roles = frappe.get_all(
		"Has Role", filters={"parenttype": "Role Profile", "parent": profile}, pluck="role"
	)
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": f"{frappe.scrub(profile)}@example.com",
			"first_name": profile,
			"send_welcome_email": 0,
			"roles": [{"role": role} for role in roles],
		}
	).insert()
	return user.name, EmployeeFactory(user_id=user.name).name


def rules(kind: str, doctype: str) -> list:
	rows = frappe.get_all(kind, filters={"parent": doctype}, fields=list(RULES))
	return sorted(tuple(str(row[field] or 0) for field in RULES) for row in rows)


def installed() -> dict[str, str]:
	return standard.installed_records(frappe.get_doc("Retainer Settings"))


@pytest.mark.parametrize("profile", ["Support Agent", "Retainer Manager"])
def test_a_days_work_of_an_agent(at, profile):
	"""Reads who the customer is, takes a ticket, books time on it, submits it, and sees what it drew."""
	with at("2026-11-05 10:00"):
		customer = RetainerFactory().customer
		user, employee = employee_of(profile)
		frappe.set_user(user)
		assert [row.name for row in frappe.get_list("Customer", filters={"name": customer})] == [customer]
		frappe.has_permission("Contact", "read", throw=True)
		frappe.has_permission("Activity Type", "read", throw=True)
		ticket = IssueFactory(customer=customer)
		ticket.update({"description": "Bilderna syns inte"}).save()
		sheet = frappe.get_doc(
			{
				"doctype": "Timesheet",
				"company": COMPANY,
				"employee": employee,
				"time_logs": [time_log(ticket, "2026-11-05 08:00", "2026-11-05 09:00")],
			}
		).insert()
		sheet.submit()
		drawn = frappe.get_list("Timebank Entry", filters={"ticket": ticket.name}, pluck="entry_type")
		assert "Draw" in drawn


def test_an_agent_may_change_no_customer_contract_or_price():
	user, _employee = employee_of("Support Agent")
	frappe.set_user(user)
	for doctype in ("Customer", "Contact", "Retainer", "SLA Rule", "Retainer Settings", "Support Settings"):
		assert frappe.has_permission(doctype, "read"), doctype
		assert not frappe.has_permission(doctype, "write"), doctype
	for doctype in ("Sales Invoice", "Quotation", "Sales Order"):
		assert not frappe.has_permission(doctype, "read"), doctype


def test_a_manager_makes_customers_and_contracts_and_no_invoices_by_hand():
	user, _employee = employee_of("Retainer Manager")
	frappe.set_user(user)
	for doctype in ("Customer", "Quotation", "Retainer", "SLA Rule"):
		assert frappe.has_permission(doctype, "create"), doctype
	assert not frappe.has_permission("Sales Invoice", "create")


def test_an_agent_opens_a_ticket_without_being_told_off():
	"""ERPNext's ticket form asks for a value of Support Settings as the person who opens it."""
	user, _employee = employee_of("Support Agent")
	frappe.set_user(user)
	from frappe.client import get_value

	get_value("Support Settings", "allow_resetting_service_level_agreement", {"name": "Support Settings"})


@pytest.mark.parametrize("doctype", permissions.READ)
def test_erpnexts_own_rules_stay_beside_ours(doctype):
	ours = [row for row in rules("Custom DocPerm", doctype) if row[0] in permissions.ROLES]
	assert len(ours) == 2
	assert sorted(set(rules("Custom DocPerm", doctype)) - set(ours)) == rules("DocPerm", doctype)


def test_rules_that_a_newer_erpnext_brings_arrive():
	frappe.get_doc(
		{
			"doctype": "DocPerm",
			"parent": "Customer",
			"parenttype": "DocType",
			"parentfield": "permissions",
			"role": "Projects Manager",
			"read": 1,
		}
	).insert()
	standard.make()
	assert "Projects Manager" in {row[0] for row in rules("Custom DocPerm", "Customer")}
	assert {"Support Agent", "Retainer Manager"} < {row[0] for row in rules("Custom DocPerm", "Customer")}


def test_rules_the_user_edited_are_left_alone():
	frappe.db.delete("Custom DocPerm", {"parent": "Customer", "role": "Stock User"})
	frappe.db.delete("Custom DocPerm", {"parent": "Contact", "role": "Support Agent"})
	frappe.db.delete("DocPerm", {"parent": "Customer", "role": "Stock Manager"})
	edited = rules("Custom DocPerm", "Customer"), rules("Custom DocPerm", "Contact")
	standard.make()
	assert (rules("Custom DocPerm", "Customer"), rules("Custom DocPerm", "Contact")) == edited


def test_taking_back_leaves_erpnexts_rules_or_the_users():
	before = rules("DocPerm", "Customer")
	frappe.db.delete("Custom DocPerm", {"parent": "Contact", "role": "Maintenance User"})
	permissions.take_back(installed())
	assert rules("Custom DocPerm", "Customer") == []
	assert rules("DocPerm", "Customer") == before
	roles = {row[0] for row in rules("Custom DocPerm", "Contact")}
	assert "Sales User" in roles
	assert not roles & set(permissions.ROLES)
