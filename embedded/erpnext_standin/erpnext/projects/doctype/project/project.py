"""Project: the totals it keeps of time, cost, billing and progress."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Max, Min, Sum
from frappe.utils import flt, get_datetime
from frappe.utils.user import is_website_user

from erpnext.controllers.website_list_for_contact import get_customers_suppliers


class Project(Document):
	def onload(self) -> None:
		row = frappe.qb.DocType("Timesheet Detail")
		hours = Sum(row.hours)
		summary = (
			frappe.qb.from_(row)
			.select(row.activity_type, hours.as_("total_hours"))
			.where((row.project == self.name) & (row.docstatus < 2))
			.groupby(row.activity_type)
			.orderby(hours, order=frappe.qb.desc)
		)
		self.set_onload("activity_summary", summary.run(as_dict=True))

	def validate(self) -> None:
		self.update_costing()
		self.update_percent_complete()
		self.validate_from_to_dates("expected_start_date", "expected_end_date")
		self.validate_from_to_dates("actual_start_date", "actual_end_date")

	def after_insert(self) -> None:
		if self.sales_order:
			frappe.db.set_value("Sales Order", self.sales_order, "project", self.name)

	def on_trash(self) -> None:
		frappe.db.set_value("Sales Order", {"project": self.name}, "project", "")

	def update_project(self) -> None:
		"""Called when a task or timesheet of the project changes."""
		self.update_percent_complete()
		self.update_costing()
		self.db_update()

	# -- progress

	def update_percent_complete(self) -> None:
		tasks = frappe.get_all("Task", {"project": self.name}, ["status", "progress", "task_weight"])
		if self.status == "Completed" and not tasks:
			self.percent_complete_method = "Manual"
		if self.percent_complete_method == "Manual":
			self.percent_complete = 100 if self.status == "Completed" else self.percent_complete
			return
		self.percent_complete = flt(self.progress_of(tasks), 2) if tasks else 0
		if self.status != "Cancelled":
			self.status = "Completed" if self.percent_complete == 100 else "Open"

	def progress_of(self, tasks: list[dict]) -> float:
		if self.percent_complete_method == "Task Progress":
			return sum(flt(task.progress) for task in tasks) / len(tasks)
		if self.percent_complete_method == "Task Weight":
			weights = sum(flt(task.task_weight) for task in tasks)
			done = sum(flt(task.progress) * flt(task.task_weight) for task in tasks)
			return done / weights if weights else 0
		return 100 * sum(task.status in ("Cancelled", "Completed") for task in tasks) / len(tasks)

	# -- money

	def update_costing(self) -> None:
		row = frappe.qb.DocType("Timesheet Detail")
		totals = (
			frappe.qb.from_(row)
			.select(
				Sum(row.costing_amount).as_("cost"),
				Sum(row.billing_amount).as_("billing"),
				Min(row.from_time).as_("start"),
				Max(row.to_time).as_("end"),
				Sum(row.hours).as_("hours"),
			)
			.where((row.project == self.name) & (row.docstatus == 1))
		).run(as_dict=True)[0]
		self.actual_start_date = get_datetime(totals.start) if totals.start else None
		self.actual_end_date = get_datetime(totals.end) if totals.end else None
		self.actual_time = totals.hours
		self.total_costing_amount = totals.cost
		self.total_billable_amount = totals.billing
		self.total_purchase_cost = 0
		self.update_sales_amount()
		self.update_billed_amount()
		self.calculate_gross_margin()

	def update_sales_amount(self) -> None:
		order = frappe.qb.DocType("Sales Order")
		query = frappe.qb.from_(order).select(Sum(order.base_net_total))
		self.total_sales_amount = flt(
			query.where((order.project == self.name) & (order.docstatus == 1)).run()[0][0]
		)

	def update_billed_amount(self) -> None:
		"""Rows of submitted invoices that name the project, and rows without one of invoices that do."""
		invoice, row = frappe.qb.DocType("Sales Invoice"), frappe.qb.DocType("Sales Invoice Item")
		self.total_billed_amount = flt(
			frappe.qb.from_(invoice)
			.join(row)
			.on(row.parent == invoice.name)
			.select(Sum(row.base_net_amount))
			.where(invoice.docstatus == 1)
			.where((row.project == self.name) | (row.project.isnull() & (invoice.project == self.name)))
			.run()[0][0]
		)

	def calculate_gross_margin(self) -> None:
		expense = flt(self.total_costing_amount) + flt(self.total_purchase_cost)
		self.gross_margin = flt(self.total_billed_amount) - expense
		if self.total_billed_amount:
			self.per_gross_margin = self.gross_margin / flt(self.total_billed_amount) * 100


def get_project_list(
	doctype: str,
	txt: str | None,
	filters: Any,
	limit_start: int,
	limit_page_length: int = 20,
	order_by: str = "modified desc",
) -> list[dict]:
	"""The projects of the user's customers, for the website."""
	website = is_website_user() and frappe.session.user != "Guest"
	conditions = [["project_name", "like", f"%{txt}%"]] if txt else []
	if website:
		customers = get_customers_suppliers("Project", frappe.session.user)[0]
		if not customers:
			return []
		conditions.append(["customer", "in", customers])
	return frappe.get_list(
		"Project",
		filters=conditions,
		fields=["*"],
		limit_start=limit_start,
		limit_page_length=limit_page_length,
		order_by=order_by,
		ignore_permissions=website,
	)


def get_list_context(context: Any = None) -> dict:
	return {
		"show_sidebar": True,
		"show_search": True,
		"no_breadcrumbs": True,
		"title": _("Projects"),
		"get_list": get_project_list,
		"list_template": "templates/includes/list/list.html",
		"row_template": "templates/includes/project_row.html",
	}
