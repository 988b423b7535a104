"""ERPNext's own ways to bill time, with a retainer beside them: what is covered is never offered, what is charged is billed once."""

import frappe
import pytest
from frappe.utils import flt

from support_retainer import billing
from tests.factories import IssueFactory, RetainerFactory, time_log, timesheet
from tests.world import COMPANY

pytestmark = pytest.mark.usefixtures("audited", "now")


@pytest.fixture
def project():
	values = {"project_name": frappe.generate_hash(length=8), "company": COMPANY}
	return frappe.get_doc({"doctype": "Project", **values}).insert()


@pytest.fixture
def make(at, project):
	def made(**terms):
		with at("2026-11-01 08:00"):
			retainer = RetainerFactory(**{"project": project.name, **terms})
			return retainer, IssueFactory(customer=retainer.customer)

	return made


def test_covered_time_is_never_offered(make, project):
	from erpnext.projects.doctype.timesheet.timesheet import (
		get_projectwise_timesheet_data,
		get_timesheet_data,
		make_sales_invoice,
	)

	_retainer, ticket = make()
	sheet = _book(ticket, project, ("2026-11-03 09:00", "2026-11-03 10:00"))
	assert get_projectwise_timesheet_data(project.name) == []
	assert not flt(get_timesheet_data(sheet.name, project.name)["billing_amount"])
	with pytest.raises(frappe.ValidationError, match="zero billing hour"):
		make_sales_invoice(sheet.name, "SUPPORT-HOUR", ticket.customer)
	sheet.reload()
	assert (sheet.status, sheet.total_billable_hours, sheet.total_hours) == ("Submitted", 0, 1)


def test_the_projects_totals_and_per_billed_follow_the_retainers_invoice(make, project):
	# 2:00 + 0:30 of 1:00: 1:12 and 0:18 beyond the bank at 1 000 = 1 500
	retainer, ticket = make(hours_per_period=1)
	sheet = _book(ticket, project, ("2026-11-03 09:00", "2026-11-03 11:00"))
	project.reload()
	assert (flt(project.total_billable_amount), flt(project.total_billed_amount)) == (1500, 0)
	invoice = _invoice(retainer)
	assert (invoice.project, flt(invoice.total_billing_amount)) == (project.name, 1500)
	invoice.submit()
	project.reload()
	sheet.reload()
	assert flt(project.total_billed_amount) == 1500
	assert (flt(sheet.per_billed), sheet.status, flt(sheet.total_billed_amount)) == (100, "Billed", 1500)
	invoice.cancel()
	project.reload()
	sheet.reload()
	assert flt(project.total_billed_amount) == 0
	assert (flt(sheet.per_billed), sheet.status) == (0, "Submitted")


def test_charged_time_that_is_fetched_by_hand_is_refused(make, project):
	from erpnext.projects.doctype.timesheet.timesheet import get_projectwise_timesheet_data

	retainer, ticket = make(hours_per_period=1)
	_book(ticket, project, ("2026-11-03 09:00", "2026-11-03 11:00"))
	(row,) = get_projectwise_timesheet_data(project.name)
	fetched = {"time_sheet": row.time_sheet, "timesheet_detail": row.name, "billing_hours": row.billing_hours}
	with pytest.raises(frappe.ValidationError, match="billed by retainer"):
		_by_hand(ticket, project, timesheets=[{**fetched, "billing_amount": row.billing_amount}]).insert()
	_invoice(retainer).submit()
	assert get_projectwise_timesheet_data(project.name) == []  # on its invoice it is offered no more


def test_a_projects_auto_fetch_takes_other_time_and_leaves_the_retainers(make, project):
	frappe.db.set_single_value("Projects Settings", "fetch_timesheet_in_sales_invoice", 1)
	retainer, ticket = make(hours_per_period=1)
	sheet = _book(ticket, project, ("2026-11-03 09:00", "2026-11-03 11:00"), other=True)
	ours, other = (log.name for log in sorted(sheet.time_logs, key=lambda log: not log.ticket))
	draft = _invoice(retainer)
	assert [row.timesheet_detail for row in draft.timesheets] == [ours]
	by_hand = _by_hand(ticket, project).insert()
	assert [row.timesheet_detail for row in by_hand.timesheets] == [other]
	draft.submit()
	by_hand.reload()
	by_hand.submit()
	sheet.reload()
	assert {log.name: log.sales_invoice for log in sheet.time_logs} == {ours: draft.name, other: by_hand.name}
	assert flt(sheet.per_billed) == 100


def test_a_fee_on_a_project_with_auto_fetch_fetches_nothing(make, project, at):
	frappe.db.set_single_value("Projects Settings", "fetch_timesheet_in_sales_invoice", 1)
	retainer, ticket = make(fee_billing="In Advance", retainer_fee=9000, submit_invoices=1)
	sheet = _book(ticket, project, ("2026-11-03 09:00", "2026-11-03 10:00"), other=True)
	billing.invoice_due()
	invoice = _invoice(retainer)
	assert (invoice.docstatus, flt(invoice.net_total), invoice.timesheets) == (1, 9000, [])
	top_up = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 1, sold=True))
	assert (top_up.docstatus, top_up.timesheets) == (1, [])
	sheet.reload()
	assert not any(log.sales_invoice for log in sheet.time_logs)


def _book(ticket, project, *spans, other: bool = False):
	"""Book spans on a ticket in a project, and an hour of other billable work if asked."""
	sheet = timesheet([(ticket, *span) for span in spans], submit=False)
	for log in sheet.time_logs:
		log.project = project.name
	if other:
		hour = time_log(None, "2026-11-04 09:00", "2026-11-04 10:00")
		sheet.append("time_logs", {**hour, "project": project.name, "is_billable": 1, "billing_rate": 700})
	sheet.save()
	sheet.submit()
	return sheet


def _by_hand(ticket, project, **values):
	item = {"item_code": "SUPPORT-HOUR", "qty": 1, "rate": 700}
	given = {"customer": ticket.customer, "company": COMPANY, "project": project.name, "items": [item]}
	return frappe.get_doc({"doctype": "Sales Invoice", **given, **values})


def _invoice(retainer):
	(name,) = frappe.get_all(
		"Sales Invoice", {"retainer": retainer.name, "docstatus": ("<", 2)}, pluck="name"
	)
	return frappe.get_doc("Sales Invoice", name)
