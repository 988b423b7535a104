"""Task: a piece of a project, with the time booked on it."""

import frappe
from frappe import _
from frappe.query_builder.functions import Max, Min, Sum
from frappe.utils import flt, get_datetime, getdate
from frappe.utils.nestedset import NestedSet


class ParentIsGroupError(frappe.ValidationError):
	pass


class Task(NestedSet):
	nsm_parent_field = "parent_task"

	def validate(self) -> None:
		self.validate_from_to_dates("exp_start_date", "exp_end_date")
		self.validate_from_to_dates("act_start_date", "act_end_date")
		if flt(self.progress) > 100:
			frappe.throw(_("Progress % for a task cannot be more than 100."))
		if self.status == "Completed":
			self.progress = 100
		if self.completed_on and getdate(self.completed_on) > getdate():
			frappe.throw(_("Completed On cannot be greater than Today"))
		if self.parent_task and not frappe.db.get_value("Task", self.parent_task, "is_group"):
			frappe.throw(
				_("Parent Task {0} must be a Group Task").format(self.parent_task), ParentIsGroupError
			)

	def on_update(self) -> None:
		super().on_update()
		self.update_project()

	def update_project(self) -> None:
		if self.project:
			frappe.get_doc("Project", self.project).update_project()

	def update_time_and_costing(self) -> None:
		"""Takes over what submitted timesheets say; the caller saves."""
		row = frappe.qb.DocType("Timesheet Detail")
		totals = (
			frappe.qb.from_(row)
			.select(
				Min(row.from_time).as_("start"),
				Max(row.to_time).as_("end"),
				Sum(row.billing_amount).as_("billing"),
				Sum(row.costing_amount).as_("cost"),
				Sum(row.hours).as_("hours"),
			)
			.where((row.task == self.name) & (row.docstatus == 1))
		).run(as_dict=True)[0]
		if self.status == "Open":
			self.status = "Working"
		self.total_costing_amount = totals.cost
		self.total_billing_amount = totals.billing
		self.actual_time = totals.hours
		self.act_start_date = get_datetime(totals.start).date() if totals.start else None
		self.act_end_date = get_datetime(totals.end).date() if totals.end else None


def set_tasks_as_overdue() -> None:
	"""Daily: open tasks past their end become overdue."""
	filters = {
		"status": ["not in", ["Cancelled", "Completed", "Pending Review"]],
		"exp_end_date": ["<", getdate()],
	}
	for name in frappe.get_all("Task", filters, pluck="name"):
		frappe.db.set_value("Task", name, "status", "Overdue", update_modified=False)
