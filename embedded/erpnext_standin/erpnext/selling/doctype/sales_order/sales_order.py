"""Sales Order: what a customer ordered, and how much of it is billed. Nothing is delivered here."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.query_builder.functions import Sum
from frappe.utils import flt, getdate

from erpnext.accounts.party import get_party_account
from erpnext.controllers.selling_controller import SellingController


class SalesOrder(SellingController):
	def validate(self) -> None:
		super().validate()
		self.validate_delivery_date()
		self.validate_proj_cust()
		self.validate_uom_is_integer("stock_uom", "stock_qty")
		self.validate_uom_is_integer("uom", "qty")
		for item in self.items:
			item.transaction_date = self.transaction_date
		self.compare_with_previous("Quotation", "prevdoc_docname", ["company"])
		self.set_status()
		self.billing_status = self.billing_status or "Not Billed"
		self.delivery_status = self.delivery_status or "Not Delivered"

	def validate_delivery_date(self) -> None:
		"""An order is delivered on a day of its own rows, not before it was made."""
		if self.order_type != "Sales" or self.skip_delivery_note:
			return
		dates = [getdate(item.delivery_date) for item in self.items if item.delivery_date]
		if dates:
			self.delivery_date = max(dates)
		if not self.delivery_date:
			frappe.throw(_("Please enter Delivery Date"))
		for item in self.items:
			item.delivery_date = item.delivery_date or self.delivery_date
			if getdate(self.transaction_date) > getdate(item.delivery_date):
				frappe.throw(
					_("Expected Delivery Date should be after Sales Order Date"),
					title=_("Invalid Delivery Date"),
				)

	def validate_proj_cust(self) -> None:
		owner = self.project and frappe.db.get_value("Project", self.project, "customer")
		if owner and owner != self.customer:
			frappe.throw(_("Customer {0} does not belong to project {1}").format(self.customer, self.project))

	def on_submit(self) -> None:
		self.validate_qty()
		self.update_quotations()
		self.update_project()

	def on_cancel(self) -> None:
		if self.status == "Closed":
			frappe.throw(_("Closed order cannot be cancelled. Unclose to cancel."))
		self.update_project()
		self.db_set("status", "Cancelled")
		self.update_quotations()

	def update_quotations(self) -> None:
		for name in {item.prevdoc_docname for item in self.items if item.prevdoc_docname}:
			quotation = frappe.get_doc("Quotation", name)
			if quotation.docstatus.is_cancelled():
				frappe.throw(_("Quotation {0} is cancelled").format(name))
			quotation.set_status(update=True)

	def update_project(self) -> None:
		if self.project:
			project = frappe.get_doc("Project", self.project)
			project.update_sales_amount()
			project.db_update()

	def update_status(self, status: str) -> None:
		"""Closes, holds or opens the order again."""
		self.set_status(update=True, status=status)

	def update_billing_status(self) -> None:
		"""Called when an invoice over this order is submitted or cancelled."""
		self.reload()
		total = sum(flt(item.amount) for item in self.items)
		billed = sum(min(flt(item.billed_amt), flt(item.amount)) for item in self.items)
		self.db_set("per_billed", flt(billed / total * 100, 6) if total else 0)
		fully = self.per_billed >= 99.999999
		status = "Fully Billed" if fully else "Partly Billed" if self.per_billed > 0.001 else "Not Billed"
		self.db_set("billing_status", status)
		self.set_status(update=True)

	def get_status(self) -> str:
		if self.docstatus == 2:
			return "Cancelled"
		if self.docstatus == 0:
			return "Draft"
		if self.status in ("Closed", "On Hold"):
			return self.status
		delivered = flt(self.per_delivered) >= 100 or self.skip_delivery_note
		if flt(self.per_billed) >= 100:
			return "Completed" if delivered else "To Deliver"
		return "To Bill" if delivered else "To Deliver and Bill"

	def set_indicator(self) -> None:
		done = flt(self.per_billed) >= 100
		self.indicator_title = _(self.status)
		self.indicator_color = "green" if done else "orange"


def get_list_context(context: Any = None) -> dict:
	from erpnext.controllers.website_list_for_contact import get_list_context

	return {
		**get_list_context(context),
		"show_sidebar": True,
		"show_search": True,
		"no_breadcrumbs": True,
		"title": _("Orders"),
	}


@frappe.whitelist()
def update_status(status: str, name: str) -> None:
	order = frappe.get_doc("Sales Order", name, check_permission="submit")
	order.update_status(status)


@frappe.whitelist()
def make_sales_invoice(
	source_name: str, target_doc: str | Document | None = None, ignore_permissions: bool = False
) -> Document:
	"""A draft invoice over what an order has not been billed for."""

	def set_missing_values(source: Document, target: Document) -> None:
		target.flags.ignore_permissions = True
		target.run_method("set_missing_values")
		target.run_method("calculate_taxes_and_totals")
		target.debit_to = get_party_account("Customer", source.customer, source.company)

	def update_item(source: Document, target: Document, order: Document) -> None:
		target.qty = source.qty - (_billed_quantity(source.name) if source.billed_amt else 0)
		target.amount = flt(source.amount) - flt(source.billed_amt)
		target.base_amount = target.amount * flt(order.conversion_rate)

	return get_mapped_doc(
		"Sales Order",
		source_name,
		{
			"Sales Order": {
				"doctype": "Sales Invoice",
				"field_no_map": ["payment_terms_template"],
				"validation": {"docstatus": ["=", 1]},
			},
			"Sales Order Item": {
				"doctype": "Sales Invoice Item",
				"field_map": {"name": "so_detail", "parent": "sales_order"},
				"postprocess": update_item,
				"condition": lambda row: (
					row.qty and (row.base_amount == 0 or abs(row.billed_amt) < abs(row.amount))
				),
			},
			"Sales Taxes and Charges": {"doctype": "Sales Taxes and Charges", "reset_value": True},
		},
		target_doc,
		set_missing_values,
		ignore_permissions=ignore_permissions,
	)


def _billed_quantity(order_row: str) -> float:
	row = frappe.qb.DocType("Sales Invoice Item")
	query = frappe.qb.from_(row).select(Sum(row.qty))
	return flt(query.where((row.docstatus == 1) & (row.so_detail == order_row)).run()[0][0])
