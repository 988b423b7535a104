"""Timesheet: booked time, its overlaps, its billing and costing, and what of it is invoiced.

Hours are floats of hours, amounts in the timesheet's currency. As in ERPNext the base amounts are worked out
by the form only, and a row first saved without billing hours gets its billing amount at the next save.
"""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Date
from frappe.utils import (
	add_to_date,
	flt,
	get_datetime,
	getdate,
	time_diff_in_hours,
	time_diff_in_seconds,
)

from erpnext.setup.utils import get_exchange_rate

TOTALS = (
	"total_hours",
	"total_billable_hours",
	"total_billed_hours",
	"total_billable_amount",
	"base_total_billable_amount",
	"total_costing_amount",
	"base_total_costing_amount",
	"total_billed_amount",
	"base_total_billed_amount",
)


class OverlapError(frappe.ValidationError):
	pass


class OverWorkLoggedError(frappe.ValidationError):
	pass


class Timesheet(Document):
	def validate(self) -> None:
		self.set_status()
		self.validate_dates()
		self.calculate_hours()
		self.validate_time_logs()
		self.update_cost()
		self.calculate_total_amounts()
		self.calculate_percentage_billed()
		self.set_dates()

	def before_cancel(self) -> None:
		self.set_status()

	def on_submit(self) -> None:
		self.validate_mandatory_fields()
		self.update_task_and_project()

	def on_cancel(self) -> None:
		self.update_task_and_project()

	# -- times

	def validate_dates(self) -> None:
		for row in self.time_logs:
			if row.from_time and row.to_time and time_diff_in_hours(row.to_time, row.from_time) < 0:
				frappe.throw(_("To date cannot be before from date"))

	def calculate_hours(self) -> None:
		for row in self.time_logs:
			if row.from_time and row.to_time:
				row.hours = time_diff_in_hours(row.to_time, row.from_time)

	def set_to_time(self, data: Document) -> None:
		if data.from_time and data.hours:
			end = get_datetime(add_to_date(data.from_time, hours=data.hours, as_datetime=True))
			if abs(time_diff_in_seconds(end, data.to_time)) >= 1:
				data.to_time = end

	def set_dates(self) -> None:
		if self.docstatus < 2 and self.time_logs:
			self.start_date = min(getdate(row.from_time) for row in self.time_logs)
			self.end_date = max(getdate(row.to_time) for row in self.time_logs)

	def validate_mandatory_fields(self) -> None:
		for row in self.time_logs:
			if not row.from_time and not row.to_time:
				frappe.throw(_("Row {0}: From Time and To Time is mandatory.").format(row.idx))
			if not row.activity_type and self.employee:
				frappe.throw(_("Row {0}: Activity Type is mandatory.").format(row.idx))
			if flt(row.hours) == 0.0:
				frappe.throw(_("Row {0}: Hours value must be greater than zero.").format(row.idx))

	# -- overlaps and projects

	def validate_time_logs(self) -> None:
		for row in self.time_logs:
			self.set_to_time(row)
			self.validate_overlap(row)
			self.set_project(row)
			self.validate_project(row)

	def validate_overlap(self, data: Document) -> None:
		settings = frappe.get_cached_doc("Projects Settings")
		self.validate_overlap_for("user", data, self.user, settings.ignore_user_time_overlap)
		self.validate_overlap_for("employee", data, self.employee, settings.ignore_employee_time_overlap)

	def validate_overlap_for(
		self, fieldname: str, args: Document, value: str | None, ignore_validation: bool = False
	) -> None:
		if not value or ignore_validation:
			return
		existing = self.get_overlap_for(fieldname, args, value)
		if existing:
			frappe.throw(
				_("Row {0}: From Time and To Time of {1} is overlapping with {2}").format(
					args.idx, self.name, existing.name
				),
				OverlapError,
			)

	def get_overlap_for(self, fieldname: str, args: Document, value: str) -> Document | dict | None:
		"""This timesheet when two of its own rows overlap, else another one of the same person."""
		if self.check_internal_overlap(args):
			return self
		sheet, row = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timesheet Detail")
		start, end = str(get_datetime(args.from_time)), str(get_datetime(args.to_time))
		existing = (
			frappe.qb.from_(sheet)
			.join(row)
			.on(row.parent == sheet.name)
			.select(sheet.name)
			.where((row.name != (args.name or "")) & (sheet.name != (args.parent or "")))
			.where((sheet.docstatus < 2) & (sheet[fieldname] == value))
			.where(
				((row.from_time < start) & (row.to_time > start))
				| ((row.from_time < end) & (row.to_time > end))
				| ((row.from_time >= start) & (row.to_time <= end))
			)
			.limit(1)
		).run(as_dict=True)
		return existing[0] if existing else None

	def check_internal_overlap(self, args: Document) -> bool:
		if not (args.from_time and args.to_time):
			return False
		start, end = get_datetime(args.from_time), get_datetime(args.to_time)
		for row in self.time_logs:
			if row.idx == args.idx or not (row.from_time and row.to_time):
				continue
			other_start, other_end = get_datetime(row.from_time), get_datetime(row.to_time)
			if (
				other_start < start < other_end
				or other_start < end < other_end
				or (start <= other_start and end >= other_end)
			):
				return True
		return False

	def set_project(self, data: Document) -> None:
		if not data.project and data.task:
			data.project = frappe.db.get_value("Task", data.task, "project")

	def validate_project(self, data: Document) -> None:
		if self.parent_project and self.parent_project != data.project:
			frappe.throw(
				_("Row {0}: Project must be same as the one set in the Timesheet: {1}.").format(
					data.idx, self.parent_project
				)
			)

	def update_task_and_project(self) -> None:
		for name in _unique(row.task for row in self.time_logs):
			task = frappe.get_doc("Task", name)
			task.update_time_and_costing()
			task.save(ignore_permissions=True)
		for name in _unique(row.project for row in self.time_logs):
			project = frappe.get_doc("Project", name)
			project.update_project()
			project.save(ignore_permissions=True)

	# -- money

	def update_cost(self) -> None:
		for row in self.time_logs:
			if not (row.activity_type or row.is_billable):
				continue
			rate = get_activity_cost(self.employee, row.activity_type)
			if not rate:
				continue
			row.billing_rate = row.billing_rate if flt(row.billing_rate) else flt(rate.get("billing_rate"))
			row.costing_rate = row.costing_rate if flt(row.costing_rate) else flt(rate.get("costing_rate"))
			row.billing_amount = row.billing_rate * flt(row.billing_hours)
			row.costing_amount = row.costing_rate * flt(row.hours)

	def calculate_total_amounts(self) -> None:
		for field in TOTALS:
			self.set(field, 0.0)
		for row in self.time_logs:
			self.update_billing_hours(row)
			self.update_time_rates(row)
			self.total_hours += flt(row.hours)
			self.total_costing_amount += flt(row.costing_amount)
			self.base_total_costing_amount += flt(row.base_costing_amount)
			if row.is_billable:
				self.add_billing(row)

	def add_billing(self, row: Document) -> None:
		self.total_billable_hours += flt(row.billing_hours)
		self.total_billable_amount += flt(row.billing_amount)
		self.base_total_billable_amount += flt(row.base_billing_amount)
		if row.sales_invoice:
			self.total_billed_hours += flt(row.billing_hours)
			self.total_billed_amount += flt(row.billing_amount)
			self.base_total_billed_amount += flt(row.base_billing_amount)

	def update_billing_hours(self, args: Document) -> None:
		"""All hours are billed unless the row says otherwise; none when it is not billable."""
		if not args.is_billable:
			args.billing_hours = 0
		elif flt(args.billing_hours) == 0.0:
			args.billing_hours = args.hours
		elif flt(args.billing_hours) > flt(args.hours):
			frappe.msgprint(
				_("Warning - Row {0}: Billing Hours are more than Actual Hours").format(args.idx),
				indicator="orange",
				alert=True,
			)

	def update_time_rates(self, ts_detail: Document) -> None:
		if not ts_detail.is_billable:
			ts_detail.billing_rate = 0.0

	def calculate_percentage_billed(self) -> None:
		self.per_billed = 0
		if self.total_billed_amount > 0 and self.total_billable_amount > 0:
			self.per_billed = self.total_billed_amount * 100 / self.total_billable_amount
		elif self.total_billed_hours > 0 and self.total_billable_hours > 0:
			self.per_billed = self.total_billed_hours * 100 / self.total_billable_hours

	def set_status(self) -> None:
		self.status = ("Draft", "Submitted", "Cancelled")[int(self.docstatus or 0)]
		if flt(self.per_billed, self.precision("per_billed")) >= 100.0:
			self.status = "Billed"
		if self.sales_invoice:
			self.status = "Completed"


def _unique(names) -> list[str]:
	return list(dict.fromkeys(name for name in names if name))


@frappe.whitelist()
def get_projectwise_timesheet_data(
	project: str | None = None,
	parent: str | None = None,
	from_time: str | date | None = None,
	to_time: str | date | None = None,
) -> list[dict]:
	"""The rows that may be billed: submitted, billable, on no invoice; of a project, sheet or span of days."""
	sheet, row = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timesheet Detail")
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.select(
			row.name,
			row.parent.as_("time_sheet"),
			row.from_time,
			row.to_time,
			row.billing_hours,
			row.billing_amount,
			row.activity_type,
			row.description,
			sheet.currency,
			row.project_name,
		)
		.where((row.parenttype == "Timesheet") & (row.docstatus == 1) & (row.is_billable == 1))
		.where(row.sales_invoice.isnull())
		.orderby(row.from_time)
	)
	if project:
		query = query.where(row.project == project)
	if parent:
		query = query.where(row.parent == parent)
	if from_time and to_time:
		query = query.where(Date(row.from_time)[from_time:to_time])
	return query.run(as_dict=True)


@frappe.whitelist()
def get_timesheet_detail_rate(timelog: str, currency: str) -> float:
	"""The billing amount of a row in another currency."""
	amount, parent = frappe.db.get_value("Timesheet Detail", timelog, ["billing_amount", "parent"])
	own = frappe.db.get_value("Timesheet", parent, "currency")
	return amount * get_exchange_rate(own, currency) if own else amount


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def get_timesheet(doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict | None):
	"""Search of timesheets with something to bill, for an invoice's rows."""
	sheet, row = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timesheet Detail")
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.select(row.parent)
		.distinct()
		.where(sheet.status.isin(["Submitted", "Payslip"]) & (row.docstatus == 1))
		.where((sheet.total_billable_amount > 0) & row.parent.like(f"%{txt}%"))
		.orderby(row.parent)
		.limit(page_len)
		.offset(start)
	)
	if (filters or {}).get("project"):
		query = query.where(row.project == filters["project"])
	return query.run()


@frappe.whitelist()
def get_timesheet_data(name: str, project: str | None) -> dict:
	"""What of a timesheet is left to bill, or the first such row of it in a project."""
	if project:
		rows = get_projectwise_timesheet_data(project, name)
		first = rows[0] if rows else frappe._dict()
		return {
			"billing_hours": first.billing_hours,
			"billing_amount": first.billing_amt,
			"timesheet_detail": first.name,
		}
	fields = ["total_billable_amount", "total_billed_amount", "total_billable_hours"]
	sheet = frappe.db.get_value("Timesheet", name, fields, as_dict=True)
	return {
		"billing_hours": sheet.total_billable_hours if sheet else None,
		"billing_amount": flt(sheet.total_billable_amount) - flt(sheet.total_billed_amount)
		if sheet
		else None,
		"timesheet_detail": None,
	}


@frappe.whitelist()
def make_sales_invoice(
	source_name: str,
	item_code: str | None = None,
	customer: str | None = None,
	currency: str | None = None,
) -> Document:
	"""A new invoice over a timesheet: one row of the unbilled hours, and every billable row as reference."""
	sheet = frappe.get_doc("Timesheet", source_name)
	if not sheet.total_billable_hours:
		frappe.throw(_("Invoice can't be made for zero billing hour"))
	if sheet.total_billable_hours == sheet.total_billed_hours:
		frappe.throw(_("Invoice already created for all billing hours"))
	invoice = frappe.new_doc("Sales Invoice")
	invoice.company = sheet.company
	invoice.project = sheet.parent_project
	if customer:
		invoice.customer = customer
		price_list = frappe.db.get_value("Customer", customer, "default_price_list")
		invoice.selling_price_list = price_list or invoice.selling_price_list
	if currency:
		invoice.currency = currency
	if item_code:
		hours = flt(sheet.total_billable_hours) - flt(sheet.total_billed_hours)
		amount = flt(sheet.total_billable_amount) - flt(sheet.total_billed_amount)
		invoice.append("items", {"item_code": item_code, "qty": hours, "rate": amount / hours})
	for row in sheet.time_logs:
		if row.is_billable:
			invoice.append("timesheets", _reference(sheet, row))
	invoice.run_method("calculate_billing_amount_for_timesheet")
	invoice.run_method("set_missing_values")
	return invoice


def _reference(sheet: Document, row: Document) -> dict:
	copied = ("project_name", "from_time", "to_time", "billing_hours", "billing_amount", "activity_type")
	return {
		**{field: row.get(field) for field in copied},
		"time_sheet": sheet.name,
		"timesheet_detail": row.name,
		"description": row.description,
	}


@frappe.whitelist()
def get_activity_cost(
	employee: str | None = None, activity_type: str | None = None, currency: str | None = None
) -> dict:
	"""The rates per hour of an employee's Activity Cost, else of the Activity Type; empty when there are none."""
	rates = frappe.db.get_value(
		"Activity Cost",
		{"employee": employee, "activity_type": activity_type},
		["costing_rate", "billing_rate"],
		as_dict=True,
	)
	if rates:
		return rates
	rates = frappe.db.get_value(
		"Activity Type", {"activity_type": activity_type}, ["costing_rate", "billing_rate"], as_dict=True
	)
	own = frappe.defaults.get_global_default("currency")
	if rates and currency and currency != own:
		exchange = get_exchange_rate(own, currency)
		rates = frappe._dict({field: flt(rate) * flt(exchange) for field, rate in rates.items()})
	return rates or {}


@frappe.whitelist()
def get_events(start: str | date, end: str | date, filters: str | list | None = None) -> list[dict]:
	"""The rows between two moments, for the calendar. Only timesheets the user may read."""
	sheets = frappe.get_list(
		"Timesheet",
		filters=[*frappe.parse_json(filters or []), ["docstatus", "<", 2]],
		pluck="name",
		limit_page_length=0,
	)
	rows = frappe.get_all(
		"Timesheet Detail",
		{"parent": ["in", sheets], "from_time": ["<=", end], "to_time": [">=", start]},
		[
			"name",
			"docstatus as status",
			"parent",
			"from_time",
			"to_time",
			"hours",
			"activity_type",
			"project",
		],
	)
	return [
		{
			**row,
			"start_date": row.from_time,
			"end_date": row.to_time,
			"title": f"{row.parent} ({flt(row.hours, 2)} hrs)",
			"allDay": 0,
		}
		for row in rows
	]


def get_timesheets_list(
	doctype: str,
	txt: str | None,
	filters: dict | None,
	limit_start: int,
	limit_page_length: int = 20,
	order_by: str = "modified",
) -> list[dict]:
	"""The rows of a customer's invoices and projects, for the website."""
	contact = frappe.db.exists("Contact", {"user": frappe.session.user})
	customer = frappe.get_doc("Contact", contact).get_link_for("Customer") if contact else None
	if not customer:
		return []
	invoices = frappe.get_all("Sales Invoice", {"customer": customer}, pluck="name", order_by=None)
	projects = frappe.get_all("Project", {"customer": customer}, pluck="name", order_by=None)
	if not (invoices or projects):
		return []
	sheet, row = frappe.qb.DocType("Timesheet"), frappe.qb.DocType("Timesheet Detail")
	conditions = [row.project.isin(projects)] if projects else []
	if invoices:
		conditions += [sheet.sales_invoice.isin(invoices), row.sales_invoice.isin(invoices)]
	return (
		frappe.qb.from_(sheet)
		.join(row)
		.on(sheet.name == row.parent)
		.select(
			sheet.name, row.activity_type, sheet.status, row.billing_hours, row.sales_invoice, row.project
		)
		.where(Criterion.any(conditions))
		.orderby(sheet.end_date)
		.limit(limit_page_length)
		.offset(limit_start)
	).run(as_dict=True)


def get_list_context(context=None) -> dict:
	return {
		"show_sidebar": True,
		"show_search": True,
		"no_breadcrumbs": True,
		"title": _("Timesheets"),
		"get_list": get_timesheets_list,
		"list_template": "templates/includes/list/list.html",
		"row_template": "templates/includes/timesheet_row.html",
	}
