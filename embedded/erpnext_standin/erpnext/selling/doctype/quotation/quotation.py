"""Quotation: an offer to a customer, and how much of it was ordered."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.query_builder.functions import Sum
from frappe.utils import flt, getdate, nowdate

from erpnext.controllers.selling_controller import SellingController


class Quotation(SellingController):
	def get_party(self) -> tuple[str, str | None]:
		return "Customer", self.party_name if self.quotation_to == "Customer" else None

	def validate(self) -> None:
		super().validate()
		self.set_status()
		self.validate_uom_is_integer("stock_uom", "stock_qty")
		self.validate_uom_is_integer("uom", "qty")
		if self.valid_till and getdate(self.valid_till) < getdate(self.transaction_date):
			frappe.throw(_("Valid till date cannot be before transaction date"))
		if self.party_name and self.quotation_to == "Customer":
			self.customer_name = frappe.db.get_value("Customer", self.party_name, "customer_name")

	def on_cancel(self) -> None:
		self.set_status(update=True)

	def get_status(self) -> str:
		if self.docstatus == 2:
			return "Cancelled"
		if self.docstatus == 0:
			return "Draft"
		ordered = get_ordered_items(self.name)
		if not ordered:
			return "Lost" if self.status == "Lost" else "Open"
		wanted = [item for item in self.items if not item.is_alternative]
		if any(item.qty > ordered.get(item.name, 0.0) for item in wanted):
			return "Partially Ordered"
		return "Ordered"

	@frappe.whitelist()
	def declare_enquiry_lost(
		self,
		lost_reasons_list: list | None = None,
		competitors: list | None = None,
		detailed_reason: str = "",
	) -> None:
		"""The customer said no. Reasons as records are left out here; the text is kept."""
		if get_ordered_items(self.name):
			frappe.throw(_("Cannot set as Lost as Sales Order is made."))
		self.db_set({"status": "Lost", "order_lost_reason": detailed_reason})

	def set_indicator(self) -> None:
		late = self.valid_till and getdate(self.valid_till) < getdate(nowdate())
		self.indicator_title = _("Expired") if late else _("Submitted")
		self.indicator_color = "gray" if late else "blue"


def get_ordered_items(quotation: str) -> dict[str, float]:
	"""How much of each row submitted orders have taken, by the row's name."""
	row = frappe.qb.DocType("Sales Order Item")
	rows = (
		frappe.qb.from_(row)
		.select(row.quotation_item, Sum(row.qty))
		.where((row.prevdoc_docname == quotation) & (row.docstatus == 1))
		.groupby(row.quotation_item)
	).run()
	return {name: flt(quantity) for name, quantity in rows}


def set_expired_status() -> None:
	"""Daily: submitted offers past their day, without an order, have expired."""
	past = {
		"docstatus": 1,
		"status": ["not in", ["Expired", "Lost", "Ordered", "Partially Ordered"]],
		"valid_till": ["<", nowdate()],
	}
	for name in frappe.get_all("Quotation", past, pluck="name", order_by=None):
		frappe.db.set_value("Quotation", name, "status", "Expired")


def get_list_context(context: Any = None) -> dict:
	from erpnext.controllers.website_list_for_contact import get_list_context

	return {
		**get_list_context(context),
		"show_sidebar": True,
		"show_search": True,
		"no_breadcrumbs": True,
		"title": _("Quotations"),
	}


@frappe.whitelist()
def make_sales_order(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A draft order over what of an offer has not been ordered."""
	valid_till = frappe.db.get_value("Quotation", source_name, "valid_till")
	if valid_till and getdate(valid_till) < getdate():
		frappe.throw(_("Validity period of this quotation has ended."))
	ordered = get_ordered_items(source_name)

	def set_missing_values(source: Document, target: Document) -> None:
		if source.quotation_to == "Customer":
			target.customer, target.customer_name = source.party_name, source.customer_name
		target.run_method("set_missing_values")
		target.run_method("calculate_taxes_and_totals")

	def update_item(source: Document, target: Document, source_parent: Document) -> None:
		target.qty = max(source.qty - ordered.get(source.name, 0.0), 0)
		target.stock_qty = flt(target.qty) * flt(source.conversion_factor)

	return get_mapped_doc(
		"Quotation",
		source_name,
		{
			"Quotation": {"doctype": "Sales Order", "validation": {"docstatus": ["=", 1]}},
			"Quotation Item": {
				"doctype": "Sales Order Item",
				"field_map": {"parent": "prevdoc_docname", "name": "quotation_item"},
				"postprocess": update_item,
				"condition": lambda row: not row.is_alternative and row.qty > ordered.get(row.name, 0.0),
			},
			"Sales Taxes and Charges": {"doctype": "Sales Taxes and Charges", "reset_value": True},
		},
		target_doc,
		set_missing_values,
	)


@frappe.whitelist()
def make_sales_invoice(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A draft invoice over a whole offer."""

	def set_missing_values(source: Document, target: Document) -> None:
		if source.quotation_to == "Customer":
			target.customer, target.customer_name = source.party_name, source.customer_name
		target.run_method("set_missing_values")
		target.run_method("calculate_taxes_and_totals")

	return get_mapped_doc(
		"Quotation",
		source_name,
		{
			"Quotation": {"doctype": "Sales Invoice", "validation": {"docstatus": ["=", 1]}},
			"Quotation Item": {
				"doctype": "Sales Invoice Item",
				"condition": lambda row: not row.is_alternative,
			},
			"Sales Taxes and Charges": {"doctype": "Sales Taxes and Charges", "reset_value": True},
		},
		target_doc,
		set_missing_values,
	)
