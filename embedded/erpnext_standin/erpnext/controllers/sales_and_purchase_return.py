"""Credit notes: an invoice again with negative quantities, never more than was sold."""

import frappe
from frappe import _, bold
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.query_builder.functions import Abs, Sum
from frappe.utils import flt, format_datetime, get_datetime


class StockOverReturnError(frappe.ValidationError):
	pass


def validate_return(doc: Document) -> None:
	if doc.get("is_return") and doc.return_against:
		validate_return_against(doc)
		validate_returned_items(doc)


def validate_return_against(doc: Document) -> None:
	"""A credit note has its invoice's customer and exchange rate, and comes after it."""
	if not frappe.db.exists(doc.doctype, doc.return_against):
		frappe.throw(_("Invalid {0}: {1}").format(doc.meta.get_label("return_against"), doc.return_against))
	invoice = frappe.get_doc(doc.doctype, doc.return_against)
	if invoice.customer != doc.customer:
		frappe.throw(
			_("The {0} {1} does not match with the {0} {2} in the {3} {4}").format(
				doc.meta.get_label("customer"),
				bold(doc.customer),
				bold(invoice.customer),
				invoice.doctype,
				invoice.name,
			),
			title=_("Party Mismatch"),
		)
	if invoice.company != doc.company or not invoice.docstatus.is_submitted():
		return
	moment = _posting_moment(invoice)
	if _posting_moment(doc) < moment:
		frappe.throw(_("Posting timestamp must be after {0}").format(format_datetime(moment)))
	if doc.conversion_rate != invoice.conversion_rate:
		frappe.throw(
			_("Exchange Rate must be same as {0} {1} ({2})").format(
				doc.doctype, doc.return_against, invoice.conversion_rate
			)
		)


def _posting_moment(doc: Document):
	return get_datetime(f"{doc.posting_date} {doc.get('posting_time') or '00:00:00'}")


def validate_returned_items(doc: Document) -> None:
	"""Each row takes back at most what its invoice row still has, at no higher rate."""
	sold = {row.name: row for row in frappe.get_doc(doc.doctype, doc.return_against).items}
	codes = {row.item_code for row in sold.values()}
	returned = returned_quantities(doc.return_against)
	any_returned = False
	for item in doc.items:
		row = sold.get(item.sales_invoice_item)
		if item.item_code and flt(item.qty) <= 0:
			if (item.sales_invoice_item and not row) or item.item_code not in codes:
				frappe.msgprint(
					_("Row # {0}: Returned Item {1} does not exist in {2} {3}").format(
						item.idx, item.item_code, doc.doctype, doc.return_against
					),
					raise_exception=bool(item.sales_invoice_item),
				)
			elif row:
				_validate_row(doc, item, row, returned.get(row.name, 0.0))
			any_returned = True
		elif item.item_name:
			any_returned = True
	if not any_returned:
		frappe.throw(_("Atleast one item should be entered with negative quantity in return document"))


def _validate_row(doc: Document, item: Document, row: Document, returned: float) -> None:
	precision = item.precision("qty")
	left = flt(flt(row.qty, precision) - flt(returned, precision), precision)
	if row.qty and flt(item.qty) > 0:
		frappe.throw(_("{0} must be negative in return document").format("Qty"))
	if row.qty and returned >= row.qty and flt(item.qty) >= 0:
		frappe.throw(_("Item {0} has already been returned").format(item.item_code), StockOverReturnError)
	if row.qty and abs(flt(item.qty, precision)) > left:
		frappe.throw(
			_("Row # {0}: Cannot return more than {1} for Item {2}").format(item.idx, left, item.item_code),
			StockOverReturnError,
		)
	if row.rate and flt(item.rate) > row.rate:
		frappe.throw(
			_("Row # {0}: Rate cannot be greater than the rate used in {1} {2}").format(
				item.idx, doc.doctype, doc.return_against
			)
		)


def returned_quantities(invoice: str) -> dict[str, float]:
	"""How much submitted credit notes have taken back, by the name of the invoice's row."""
	parent, row = frappe.qb.DocType("Sales Invoice"), frappe.qb.DocType("Sales Invoice Item")
	rows = (
		frappe.qb.from_(row)
		.join(parent)
		.on(row.parent == parent.name)
		.select(row.sales_invoice_item, Sum(Abs(row.qty)))
		.where((parent.docstatus == 1) & (parent.is_return == 1) & (parent.return_against == invoice))
		.groupby(row.sales_invoice_item)
	).run()
	return {name: flt(quantity) for name, quantity in rows}


def make_return_doc(doctype: str, source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A draft credit note over what is left of a submitted invoice."""
	returned = returned_quantities(source_name)

	def set_missing_values(source: Document, target: Document) -> None:
		target.is_return = 1
		target.ignore_pricing_rule = 1
		target.return_against = source.name
		target.party_account_currency = source.party_account_currency
		for tax in target.taxes:
			if tax.charge_type == "Actual":
				tax.tax_amount = -1 * tax.tax_amount
		if target.discount_amount:
			target.discount_amount = -1 * source.discount_amount
		target.run_method("calculate_taxes_and_totals")

	def update_item(source: Document, target: Document, source_parent: Document) -> None:
		target.qty = -1 * flt(source.qty - returned.get(source.name, 0.0))
		target.stock_qty = target.qty * flt(source.conversion_factor)
		target.sales_order, target.so_detail = source.sales_order, source.so_detail
		target.sales_invoice_item = source.name

	return get_mapped_doc(
		doctype,
		source_name,
		{
			doctype: {"doctype": doctype, "validation": {"docstatus": ["=", 1]}},
			f"{doctype} Item": {
				"doctype": f"{doctype} Item",
				"postprocess": update_item,
				"condition": lambda row: row.qty,
			},
		},
		target_doc,
		set_missing_values,
	)
