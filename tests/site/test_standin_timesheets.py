"""What the app relies on in ERPNext's timesheets. It holds on ERPNext; on the embedded site it holds the stand-in to it."""

import frappe
import pytest

from tests.factories import EmployeeFactory
from tests.world import COMPANY


def sheet(*rows, employee=None, **values):
	"""A draft timesheet of rows (from, to, extra fields) on 2 November 2026."""
	logs = [
		{
			"activity_type": "Execution",
			"from_time": f"2026-11-02 {start}:00",
			"to_time": f"2026-11-02 {end}:00",
			**extra,
		}
		for start, end, extra in rows
	]
	values = {"company": COMPANY, "employee": employee or EmployeeFactory().name, **values}
	return frappe.get_doc({"doctype": "Timesheet", "time_logs": logs, **values}).insert()


BILLED = {"is_billable": 1, "billing_hours": 1, "billing_rate": 1000}


def test_hours_follow_the_times_and_totals_follow_the_hours():
	doc = sheet(("09:00", "09:50", BILLED), ("10:00", "11:30", {}))
	assert [round(row.hours, 4) for row in doc.time_logs] == [0.8333, 1.5]
	assert round(doc.total_hours, 4) == 2.3333
	assert (doc.total_billable_hours, doc.total_billable_amount) == (1, 1000)
	assert (str(doc.start_date), str(doc.end_date)) == ("2026-11-02", "2026-11-02")


def test_the_end_follows_the_hours_when_none_is_given():
	row = {"activity_type": "Execution", "from_time": "2026-11-02 09:00:00", "hours": 1.25}
	values = {"company": COMPANY, "employee": EmployeeFactory().name, "time_logs": [row]}
	doc = frappe.get_doc({"doctype": "Timesheet", **values}).insert()
	assert str(doc.time_logs[0].to_time) == "2026-11-02 10:15:00"


def test_what_is_not_billable_has_no_billing_hours_and_no_rate():
	doc = sheet(("09:00", "10:00", {**BILLED, "is_billable": 0}))
	assert (doc.time_logs[0].billing_hours, doc.time_logs[0].billing_rate) == (0, 0)
	assert doc.total_billable_hours == doc.total_billable_amount == 0


def test_the_rate_is_the_employees_own_before_the_activitys():
	frappe.db.set_value("Activity Type", "Research", {"billing_rate": 700, "costing_rate": 300})
	employee, other = EmployeeFactory().name, EmployeeFactory().name
	cost = {"activity_type": "Research", "employee": employee, "billing_rate": 900, "costing_rate": 400}
	frappe.get_doc({"doctype": "Activity Cost", **cost}).insert()
	row = ("09:00", "10:00", {"is_billable": 1, "billing_hours": 1, "activity_type": "Research"})
	for person, billing, costing in ((employee, 900, 400), (other, 700, 300)):
		log = sheet(row, employee=person).time_logs[0]
		assert (log.billing_rate, log.costing_rate, log.billing_amount) == (billing, costing, billing)


@pytest.mark.parametrize(
	("start", "end", "overlaps"),
	[
		("09:30", "10:30", True),
		("08:30", "09:30", True),
		("09:15", "09:45", True),
		("08:00", "11:00", True),
		("09:00", "10:00", True),
		("10:00", "11:00", False),
		("08:00", "09:00", False),
	],
)
def test_one_person_is_in_one_place_at_a_time(start, end, overlaps):
	from erpnext.projects.doctype.timesheet.timesheet import OverlapError

	employee = EmployeeFactory().name
	sheet(("09:00", "10:00", {}), employee=employee)
	if overlaps:
		with pytest.raises(OverlapError):
			sheet((start, end, {}), employee=employee)
	else:
		sheet((start, end, {}), employee=employee)
	sheet((start, end, {}))


def test_rows_of_one_sheet_may_not_overlap():
	from erpnext.projects.doctype.timesheet.timesheet import OverlapError

	with pytest.raises(OverlapError):
		sheet(("09:00", "10:00", {}), ("09:30", "11:00", {}))


def test_the_settings_may_allow_overlaps():
	frappe.db.set_single_value("Projects Settings", "ignore_employee_time_overlap", 1)
	frappe.clear_document_cache("Projects Settings", "Projects Settings")
	try:
		employee = EmployeeFactory().name
		sheet(("09:00", "10:00", {}), employee=employee)
		sheet(("09:30", "10:30", {}), employee=employee)
	finally:
		frappe.db.set_single_value("Projects Settings", "ignore_employee_time_overlap", 0)
		frappe.clear_document_cache("Projects Settings", "Projects Settings")


def test_an_end_before_the_start_is_refused():
	with pytest.raises(frappe.ValidationError):
		sheet(("10:00", "09:00", {}))


def test_activity_and_hours_are_asked_for_on_submit():
	with pytest.raises(frappe.ValidationError, match="Activity Type"):
		sheet(("09:00", "10:00", {"activity_type": None})).submit()


def test_statuses_and_amending():
	doc = sheet(("09:00", "10:00", {}))
	assert doc.status == "Draft"
	doc.submit()
	assert doc.status == "Submitted"
	doc.cancel()
	assert doc.status == "Cancelled"
	amended = frappe.copy_doc(doc)
	amended.update({"amended_from": doc.name, "docstatus": 0})
	amended.insert()
	assert (amended.name, amended.status) == (f"{doc.name}-1", "Draft")


def test_a_project_adds_up_what_is_submitted():
	project = frappe.get_doc(
		{"doctype": "Project", "project_name": frappe.generate_hash(), "company": COMPANY}
	)
	project.insert()
	doc = sheet(("09:00", "10:00", {**BILLED, "project": project.name, "costing_rate": 400}))
	doc.submit()
	project.reload()
	assert (project.total_billable_amount, project.total_costing_amount) == (1000, 400)
	assert project.actual_time == 1
	doc.reload().cancel()
	project.reload()
	assert not project.total_billable_amount
