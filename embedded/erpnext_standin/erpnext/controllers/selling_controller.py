"""What documents that sell to a customer share."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from erpnext.accounts.party import collect_party_details, render_address
from erpnext.controllers.accounts_controller import AccountsController, get_taxes_and_charges
from erpnext.stock.doctype.item.item import set_item_default


class SellingController(AccountsController):
	def __setup__(self) -> None:
		self.flags.ignore_permlevel_for_fields = ["selling_price_list", "price_list_currency"]

	def validate(self) -> None:
		super().validate()
		self.validate_items()
		self.validate_max_discount()
		self.set_qty_as_per_stock_uom()
		self.set_default_income_accounts()
		self.set_address_display()
		self.validate_for_duplicate_items()

	def set_missing_values(self, for_validate: bool = False) -> None:
		super().set_missing_values(for_validate)
		self.set_missing_customer_details(for_validate)
		self.set_price_list_currency()
		self.set_missing_item_details(for_validate)

	def set_missing_customer_details(self, for_validate: bool = False) -> None:
		customer = self.get_party()[1]
		if customer:
			details = collect_party_details(
				customer,
				company=self.company,
				posting_date=self.get("posting_date"),
				doctype=self.doctype,
				fetch_payment_terms_template=self.has_value_changed("company"),
				party_address=self.customer_address,
				company_address=self.company_address,
				ignore_permissions=bool(self.flags.ignore_permissions),
			)
			self.update_if_missing(details)
		if self.taxes_and_charges and not self.taxes and not for_validate:
			self.extend(
				"taxes", get_taxes_and_charges("Sales Taxes and Charges Template", self.taxes_and_charges)
			)

	def set_qty_as_per_stock_uom(self) -> None:
		for item in self.items:
			if not item.conversion_factor:
				frappe.throw(_("Row {0}: Conversion Factor is mandatory").format(item.idx))
			item.stock_qty = flt(item.qty) * flt(item.conversion_factor)

	def set_default_income_accounts(self) -> None:
		"""An item that had no income account in the company keeps the one it was first sold on."""
		for item in self.items:
			if item.item_code and item.get("income_account"):
				set_item_default(item.item_code, self.company, "income_account", item.income_account)

	def set_address_display(self) -> None:
		if self.customer_address:
			self.address_display = render_address(self.customer_address)
		if self.company_address:
			self.company_address_display = render_address(self.company_address)

	def validate_items(self) -> None:
		codes = [item.item_code for item in self.items if item.item_code]
		if not codes:
			return
		unsold = frappe.get_all("Item", {"name": ["in", codes], "is_sales_item": 0}, pluck="name")
		if unsold:
			frappe.throw(
				_(
					"Following item {0} is not marked as {1} item."
					" You can enable them as {1} item from its Item master"
				).format(", ".join(unsold), "sales")
			)

	def validate_max_discount(self) -> None:
		if self.get("is_return") or self.get("is_debit_note"):
			return
		for item in self.items:
			limit = item.item_code and flt(frappe.get_cached_value("Item", item.item_code, "max_discount"))
			if limit and flt(item.discount_percentage) > limit:
				frappe.throw(_("Maximum discount for Item {0} is {1}%").format(item.item_code, limit))

	def validate_for_duplicate_items(self) -> None:
		"""One item with one description once, unless Selling Settings allow more."""
		if frappe.db.get_single_value("Selling Settings", "allow_multiple_items"):
			return
		seen = set()
		for item in self.items:
			key = (item.item_code, item.description, item.get("sales_order"))
			if key in seen:
				frappe.throw(
					_("Item {0} entered multiple times.").format(frappe.bold(item.item_code))
					+ "<br><br>"
					+ _("Please enable {} in {} to allow same item in multiple rows").format(
						frappe.bold(_("Allow Item to Be Added Multiple Times in a Transaction")),
						frappe.utils.get_link_to_form("Selling Settings", "Selling Settings"),
					)
				)
			seen.add(key)


@frappe.whitelist()
def preview_totals(doc: str | dict) -> dict:
	"""The figures an unsaved form would have: the document's, its items' and its taxes', without saving."""
	doc = frappe.get_doc(frappe.parse_json(doc))
	doc.check_permission("create" if doc.is_new() else "write")
	doc.set_price_list_currency()
	doc.calculate_taxes_and_totals()
	return {
		"figures": _figures(doc),
		"items": [_figures(row) for row in doc.items],
		"taxes": [_figures(row) for row in doc.taxes],
	}


def _figures(doc: Document) -> dict:
	fields = doc.meta.get("fields", {"fieldtype": ["in", ["Currency", "Float"]]})
	return {df.fieldname: doc.get(df.fieldname) for df in fields}
