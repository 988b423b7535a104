"""Bad input gets a sentence that says what to do, and changes nothing."""

import frappe
import pytest

from tests.factories import (
	CustomerFactory,
	EmployeeFactory,
	IssueFactory,
	RetainerFactory,
	book,
	time_log,
)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def retainer():
	return RetainerFactory()


@pytest.fixture
def ticket(retainer):
	return IssueFactory(customer=retainer.customer)


@pytest.fixture
def nothing_written():
	"""Nothing of ours may be there after a refusal that was not there before."""
	doctypes = ("Timebank Entry", "Timesheet", "Sales Invoice")
	before = {doctype: frappe.db.count(doctype) for doctype in doctypes}
	yield
	assert {doctype: frappe.db.count(doctype) for doctype in doctypes} == before


def refused(match: str):
	return pytest.raises(frappe.ValidationError, match=match)


def test_another_customer_s_ticket_on_a_timesheet(ticket, nothing_written):
	other = CustomerFactory().name
	with refused(f"belongs to .*but the timesheet to {other}"):
		book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"), customer=other)


def test_another_customer_s_project_on_a_row(ticket):
	other = CustomerFactory().name
	project = frappe.get_doc({"doctype": "Project", "project_name": "Annat", "customer": other}).insert()
	row = time_log(ticket, "2026-11-03 09:00", "2026-11-03 10:00") | {"project": project.name}
	with refused(f"but the project to {other}"):
		frappe.get_doc(
			{"doctype": "Timesheet", "employee": EmployeeFactory().name, "time_logs": [row]}
		).insert()


def test_an_end_before_its_start(ticket, nothing_written):
	with refused("before"):
		book(ticket, ("2026-11-03 10:00", "2026-11-03 09:00"))


def test_a_ticket_that_does_not_exist(nothing_written):
	ticket = frappe._dict(name="ISS-0000-00000")
	with pytest.raises(frappe.ValidationError):
		book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))


@pytest.mark.parametrize("ignore", [0, 1])
def test_overlapping_time_of_one_employee(ticket, ignore):
	"""Refused by ERPNext, and by us where Projects Settings lets times overlap: a minute is charged once."""
	frappe.db.set_single_value("Projects Settings", "ignore_employee_time_overlap", ignore)
	frappe.db.set_single_value("Projects Settings", "ignore_user_time_overlap", 1)
	employee = EmployeeFactory().name
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"), employee=employee)
	with refused("overlap"):
		book(ticket, ("2026-11-03 09:30", "2026-11-03 10:30"), employee=employee)
	with refused("overlap"):
		book(
			ticket,
			("2026-11-04 09:00", "2026-11-04 10:00"),
			("2026-11-04 09:59", "2026-11-04 10:30"),
			employee=employee,
		)


def test_colleagues_may_work_at_the_same_time(ticket):
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))


def test_work_after_the_retainer_ended(retainer, ticket):
	retainer.update({"status": "Ended", "end_date": "2026-11-10"})
	retainer.save()
	book(
		ticket, ("2026-11-10 09:00", "2026-11-10 10:00")
	)  # its last day, handed in later: not a minute is lost
	with refused(f"retainer {retainer.name} of ticket {ticket.name} ended"):
		book(ticket, ("2026-11-11 09:00", "2026-11-11 10:00"))


def test_work_before_the_retainer_began(ticket):
	with refused("starts .*after this work"):
		book(ticket, ("2026-10-30 09:00", "2026-10-30 10:00"))


def test_no_rule_for_the_work(at, retainer, ticket, nothing_written):
	frappe.db.set_value("SLA Rule", {"name": ("like", "Normal%")}, "disabled", 1)
	frappe.clear_cache(doctype="SLA Rule")
	with refused("No SLA Rule"):
		book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))


def test_a_ticket_comes_in_even_without_a_rule(retainer):
	frappe.db.set_value("SLA Rule", {"name": ("like", "Normal%")}, "disabled", 1)
	ticket = IssueFactory(customer=retainer.customer)
	assert (ticket.retainer, ticket.sla_rule, ticket.assign_by) == (retainer.name, None, None)


def test_invoicing_without_items_in_the_settings(retainer, ticket):
	settings = frappe.get_single("Retainer Settings")
	settings.surcharge_item = None
	settings.save()
	urgent = IssueFactory(customer=retainer.customer, priority="Urgent")
	sheet = book(urgent, ("2026-11-03 09:00", "2026-11-03 10:00"))  # the work is never held up by an invoice
	assert sheet.docstatus == 1
	assert not frappe.db.exists("Sales Invoice", {"retainer": retainer.name})
	(waits,) = frappe.get_all(
		"Background Problem", {"retainer": retainer.name, "status": "Waiting"}, pluck="why"
	)
	assert "Surcharge Item" in waits


@pytest.mark.parametrize("doctype", ["Timebank Entry", "Timebank Period"])
def test_the_ledger_is_not_edited(ticket, doctype):
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	name = frappe.get_all(doctype, order_by="creation desc", limit=1, pluck="name")[0]
	doc = frappe.get_doc(doctype, name)
	doc.retainer = doc.retainer
	with pytest.raises(frappe.PermissionError):
		doc.save()
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc(doctype, name)


@pytest.mark.parametrize("missing", ["from_time", "to_time", "both"])
def test_a_row_on_a_ticket_says_when_it_was_worked(ticket, missing, nothing_written):
	"""Imports and the API can leave times out; ERPNext itself lets a row pass that has one of them."""
	row = time_log(ticket, "2026-11-03 09:00", "2026-11-03 10:00")
	for field in ("from_time", "to_time"):
		if missing in (field, "both"):
			del row[field]
	if missing != "from_time":
		row["hours"] = 0
	with refused("says no From Time" if missing != "to_time" else "neither To Time nor Hours"):
		frappe.get_doc(
			{"doctype": "Timesheet", "employee": EmployeeFactory().name, "time_logs": [row]}
		).insert()
