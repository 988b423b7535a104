"""Sales Invoice: defaults, totals, status, the timesheets it bills, and credit notes.

No ledger entries are made. What ERPNext reads from its ledger (outstanding amount, the currency a customer has
entries in) is worked out from the submitted invoices themselves.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Sum
from frappe.utils import flt, getdate, nowdate

from erpnext.accounts.party import get_due_date, get_party_account, get_party_gle_currency
from erpnext.accounts.utils import get_account_currency, validate_account_head
from erpnext.controllers.selling_controller import SellingController
from erpnext.projects.doctype.timesheet.timesheet import get_projectwise_timesheet_data


class AccountMissingError(frappe.ValidationError):
	pass


class SalesInvoice(SellingController):
	def validate(self) -> None:
		if self.is_new() and self.amended_from:
			self.set_posting_time = 1
		self.validate_posting_time()
		super().validate()
		self.validate_sales_order_required()
		self.validate_proj_cust()
		self.validate_with_previous_doc()
		self.validate_uom_is_integer("stock_uom", "stock_qty")
		self.validate_uom_is_integer("uom", "qty")
		self.validate_debit_to_acc()
		self.validate_item_accounts()
		self.check_conversion_rate()
		self.is_opening = self.is_opening or "No"
		self.set_against_income_account()
		self.validate_time_sheets_are_submitted()
		if self.is_return:
			self.timesheets = []
		self.set_billing_hours_and_amount()
		self.update_timesheet_billing_for_project()
		self.set_status()

	def before_submit(self) -> None:
		self.remarks = self.remarks or _("No Remarks")

	def on_submit(self) -> None:
		self.validate_qty()
		self.update_sales_orders()
		self.update_outstanding()
		self.update_time_sheet(self.name)
		self.update_project()

	def before_cancel(self) -> None:
		self.update_time_sheet(None)

	def on_cancel(self) -> None:
		self.update_sales_orders()
		self.update_outstanding()
		self.db_set("status", "Cancelled")
		self.update_project()
		self.unlink_sales_invoice_from_timesheets()

	# -- defaults

	@frappe.whitelist()
	def set_missing_values(self, for_validate: bool = False) -> None:
		if not self.debit_to:
			self.debit_to = get_party_account("Customer", self.customer, self.company)
			self.party_account_currency = frappe.db.get_value("Account", self.debit_to, "account_currency")
		if not self.due_date and self.customer:
			self.due_date = get_due_date(
				self.posting_date,
				"Customer",
				self.customer,
				self.company,
				template_name=self.payment_terms_template,
			)
		super().set_missing_values(for_validate)

	def set_against_income_account(self) -> None:
		accounts = dict.fromkeys(item.income_account for item in self.items if item.income_account)
		self.against_income_account = ",".join(accounts)

	# -- validation

	def validate_schedule(self) -> None:
		self.validate_invoice_schedule()

	def validate_currency(self) -> None:
		super().validate_currency()
		self.validate_party_account_currency()
		self.validate_return_against_account()

	def validate_party_account_currency(self) -> None:
		"""A customer's first invoice is in the currency of its account, unless Accounts Settings allow others."""
		if self.is_opening == "Yes":
			return
		currency = get_account_currency(self.debit_to)
		if (
			currency == self.currency
			or get_party_gle_currency("Customer", self.customer, self.company)
			or frappe.db.get_single_value(
				"Accounts Settings", "allow_multi_currency_invoices_against_single_party_account"
			)
		):
			return
		frappe.throw(
			_("Party Account {0} currency ({1}) and document currency ({2}) should be same").format(
				frappe.bold(self.debit_to), currency, self.currency
			)
		)

	def validate_return_against_account(self) -> None:
		if not (self.is_return and self.return_against):
			return
		account = frappe.db.get_value("Sales Invoice", self.return_against, "debit_to")
		if account != self.debit_to:
			frappe.throw(
				_(
					"Please set {0} to {1}, the same account that was used in the original invoice {2}."
				).format(frappe.bold(_("Debit To")), frappe.bold(account), frappe.bold(self.return_against))
			)

	def validate_return(self) -> None:
		"""A credit note larger than what its invoice still owes keeps an outstanding amount of its own."""
		super().validate_return()
		if self.is_return and self.return_against and not self.update_outstanding_for_self:
			left = frappe.db.get_value("Sales Invoice", self.return_against, "outstanding_amount")
			if abs(flt(self.rounded_total) or flt(self.grand_total)) > flt(left):
				self.update_outstanding_for_self = 1

	def validate_sales_order_required(self) -> None:
		if self.is_return or self.is_debit_note:
			return
		if frappe.db.get_single_value("Selling Settings", "so_required") != "Yes":
			return
		if frappe.db.get_value("Customer", self.customer, "so_required"):
			return
		for item in self.items:
			if item.item_code and not item.sales_order:
				frappe.throw(_("{0} is mandatory for Item {1}").format("Sales Order", item.item_code))

	def validate_proj_cust(self) -> None:
		if not (self.project and self.customer):
			return
		owner = frappe.db.get_value("Project", self.project, "customer")
		if owner and owner != self.customer:
			frappe.throw(_("Customer {0} does not belong to project {1}").format(self.customer, self.project))

	def validate_with_previous_doc(self) -> None:
		self.compare_with_previous(
			"Sales Order", "sales_order", ["customer", "company", "project", "currency"]
		)

	def validate_debit_to_acc(self) -> None:
		if not self.debit_to:
			frappe.throw(
				_("{0} Account not found against Customer {1}.").format(
					frappe.bold(_("Debit To")), frappe.bold(self.customer)
				),
				AccountMissingError,
				_("Account Missing"),
			)
		account = frappe.get_cached_doc("Account", self.debit_to)
		if account.report_type != "Balance Sheet" or account.account_type != "Receivable":
			frappe.throw(
				_("Please ensure {} account {} is a Receivable account.").format(
					frappe.bold(_("Debit To")), frappe.bold(self.debit_to)
				),
				title=_("Invalid Account"),
			)
		self.party_account_currency = account.account_currency

	def validate_item_accounts(self) -> None:
		for item in self.items:
			if frappe.get_cached_value("Cost Center", item.cost_center, "company") != self.company:
				frappe.throw(
					_("Row #{0}: Cost Center {1} does not belong to company {2}").format(
						*map(frappe.bold, (item.idx, item.cost_center, self.company))
					)
				)
			validate_account_head(item.idx, item.income_account, self.company, "Income")

	# -- timesheets

	def validate_time_sheets_are_submitted(self) -> None:
		for row in self.timesheets:
			status = row.time_sheet and frappe.db.get_value("Timesheet", row.time_sheet, "status")
			if row.time_sheet and status not in ("Submitted", "Payslip"):
				frappe.throw(_("Timesheet {0} is already completed or cancelled").format(row.time_sheet))

	def set_billing_hours_and_amount(self) -> None:
		if self.project:
			return
		for row in self.timesheets:
			sheet = frappe.get_doc("Timesheet", row.time_sheet)
			row.billing_hours = row.billing_hours or sheet.total_billable_hours
			row.billing_amount = row.billing_amount or sheet.total_billable_amount

	def update_timesheet_billing_for_project(self) -> None:
		if not self.timesheets and self.project and self.is_auto_fetch_timesheet_enabled():
			self.add_timesheet_data()
		else:
			self.calculate_billing_amount_for_timesheet()

	@frappe.whitelist()
	def is_auto_fetch_timesheet_enabled(self) -> int:
		return frappe.db.get_single_value("Projects Settings", "fetch_timesheet_in_sales_invoice")

	@frappe.whitelist()
	def add_timesheet_data(self) -> None:
		"""Puts every row of the project that may be billed on the invoice."""
		self.set("timesheets", [])
		if not self.project:
			return
		for row in get_projectwise_timesheet_data(self.project):
			self.append(
				"timesheets",
				{
					"time_sheet": row.time_sheet,
					"timesheet_detail": row.name,
					"billing_hours": row.billing_hours,
					"billing_amount": row.billing_amount,
					"activity_type": row.activity_type,
					"description": row.description,
				},
			)
		self.calculate_billing_amount_for_timesheet()

	def calculate_billing_amount_for_timesheet(self) -> None:
		self.total_billing_amount = sum(flt(row.billing_amount) for row in self.timesheets)
		self.total_billing_hours = sum(flt(row.billing_hours) for row in self.timesheets)

	def update_time_sheet(self, sales_invoice: str | None) -> None:
		for row in self.timesheets:
			if row.time_sheet:
				sheet = frappe.get_doc("Timesheet", row.time_sheet)
				self.update_time_sheet_detail(sheet, row, sales_invoice)
				_save_billing(sheet)

	def update_time_sheet_detail(
		self, timesheet: Document, args: Document, sales_invoice: str | None
	) -> None:
		"""With a project the named row is billed; without one every row that is on no invoice yet."""
		for row in timesheet.time_logs:
			if (
				(self.project and args.timesheet_detail == row.name)
				or (not self.project and not row.sales_invoice)
				or (not sales_invoice and row.sales_invoice == self.name)
			):
				row.sales_invoice = sales_invoice

	def unlink_sales_invoice_from_timesheets(self) -> None:
		for row in self.timesheets:
			sheet = frappe.get_doc("Timesheet", row.time_sheet)
			for log in sheet.time_logs:
				if log.sales_invoice == self.name:
					log.sales_invoice = None
			_save_billing(sheet)

	# -- what follows from the invoice elsewhere

	def update_outstanding(self) -> None:
		"""Keeps the outstanding amount and status of the invoice a credit note settles."""
		if self.is_return and self.return_against and not self.update_outstanding_for_self:
			invoice = frappe.get_doc("Sales Invoice", self.return_against)
			invoice.db_set("outstanding_amount", invoice.get_outstanding_amount())
			invoice.set_status(update=True)
		elif self.docstatus.is_submitted():
			self.db_set("outstanding_amount", self.get_outstanding_amount())
			self.set_status(update=True)

	def get_outstanding_amount(self) -> float:
		"""The total less the credit notes that settle it, in the currency of the customer's account."""
		base = self.party_account_currency != self.currency
		note = frappe.qb.DocType("Sales Invoice")
		field = note.base_grand_total if base else note.grand_total
		rounded = note.base_rounded_total if base else note.rounded_total
		credited = 0.0
		for total, rounded_total in (
			frappe.qb.from_(note)
			.select(field, rounded)
			.where((note.return_against == self.name) & (note.docstatus == 1) & (note.is_return == 1))
			.where(note.update_outstanding_for_self == 0)
		).run():
			credited += flt(rounded_total or total)
		return flt(get_total_in_party_account_currency(self) + credited, self.precision("outstanding_amount"))

	def update_sales_orders(self) -> None:
		"""Keeps what is billed of the orders the rows came from."""
		if self.is_return and not self.update_billed_amount_in_sales_order:
			return
		orders = dict.fromkeys(item.sales_order for item in self.items if item.so_detail)
		row = frappe.qb.DocType("Sales Invoice Item")
		for name in {item.so_detail for item in self.items if item.so_detail}:
			billed = frappe.qb.from_(row).select(Sum(row.amount))
			billed = billed.where((row.so_detail == name) & (row.docstatus == 1)).run()[0][0]
			frappe.db.set_value("Sales Order Item", name, "billed_amt", flt(billed), update_modified=False)
		for order in orders:
			frappe.get_doc("Sales Order", order).update_billing_status()

	def update_project(self) -> None:
		if frappe.db.get_single_value("Selling Settings", "sales_update_frequency") != "Each Transaction":
			return
		names = dict.fromkeys([*(item.project for item in self.items), self.project])
		for name in filter(None, names):
			project = frappe.get_doc("Project", name)
			project.update_billed_amount()
			project.calculate_gross_margin()
			project.db_update()

	# -- status

	def get_status(self) -> str:
		if self.docstatus == 2:
			return "Cancelled"
		if self.docstatus == 0:
			return "Draft"
		outstanding = flt(self.outstanding_amount, self.precision("outstanding_amount"))
		total = get_total_in_party_account_currency(self)
		if is_overdue(self, total):
			return "Overdue"
		if 0 < outstanding < total:
			return "Partly Paid"
		if outstanding > 0 and getdate(self.due_date) >= getdate():
			return "Unpaid"
		if not self.is_return and frappe.db.exists(
			"Sales Invoice", {"is_return": 1, "return_against": self.name, "docstatus": 1}
		):
			return "Credit Note Issued"
		if self.is_return:
			return "Return"
		return "Paid" if outstanding <= 0 else "Submitted"

	def set_indicator(self) -> None:
		"""Title and colour on the website."""
		late = getdate(self.due_date) < getdate(nowdate())
		if self.outstanding_amount < 0:
			self.indicator_title, self.indicator_color = _("Credit Note Issued"), "gray"
		elif self.outstanding_amount > 0:
			self.indicator_title = _("Overdue") if late else _("Unpaid")
			self.indicator_color = "red" if late else "orange"
		elif self.is_return:
			self.indicator_title, self.indicator_color = _("Return"), "gray"
		else:
			self.indicator_title, self.indicator_color = _("Paid"), "green"


def _save_billing(sheet: Document) -> None:
	sheet.calculate_total_amounts()
	sheet.calculate_percentage_billed()
	sheet.flags.ignore_validate_update_after_submit = True
	sheet.set_status()
	sheet.db_update_all()


def get_total_in_party_account_currency(doc: Document) -> float:
	field = "grand_total" if doc.disable_rounded_total else "rounded_total"
	if doc.party_account_currency != doc.currency:
		field = f"base_{field}"
	return flt(doc.get(field), doc.precision(field))


def is_overdue(doc: Document, total: float) -> bool:
	"""Whether less has been paid than what has fallen due before today."""
	precision = doc.precision("outstanding_amount")
	outstanding = flt(doc.outstanding_amount, precision)
	if outstanding <= 0:
		return False
	today = getdate()
	if not doc.payment_schedule:
		return getdate(doc.due_date) < today
	field = "base_payment_amount" if doc.party_account_currency != doc.currency else "payment_amount"
	due = sum(flt(row.get(field)) for row in doc.payment_schedule if getdate(row.due_date) < today)
	return flt(total - outstanding, precision) < flt(due, precision)


def get_list_context(context=None) -> dict:
	from erpnext.controllers.website_list_for_contact import get_list_context

	return {
		**get_list_context(context),
		"show_sidebar": True,
		"show_search": True,
		"no_breadcrumbs": True,
		"title": _("Invoices"),
	}


@frappe.whitelist()
def make_sales_return(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A draft credit note over what is left of a submitted invoice."""
	from erpnext.controllers.sales_and_purchase_return import make_return_doc

	return make_return_doc("Sales Invoice", source_name, target_doc)
