"""Item, and what is asked about items everywhere: defaults per company, units, whether it may be sold."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, flt, getdate, strip_html

import erpnext


class Item(Document):
	def autoname(self) -> None:
		if not cstr(self.item_code).strip():
			frappe.throw(_("Item Code is mandatory because Item is not automatically numbered"))
		self.item_code = self.item_code.strip()
		self.name = self.item_code

	def validate(self) -> None:
		self.item_name = self.item_name or self.item_code
		if not strip_html(cstr(self.description)).strip():
			self.description = self.item_name
		self.add_default_uom_in_conversion_factor_table()
		self.validate_conversion_factor()
		self.update_defaults_from_item_group()
		self.validate_item_defaults()

	def add_default_uom_in_conversion_factor_table(self) -> None:
		if self.stock_uom not in [row.uom for row in self.uoms]:
			self.append("uoms", {"uom": self.stock_uom, "conversion_factor": 1})

	def validate_conversion_factor(self) -> None:
		seen = set()
		for row in self.uoms:
			if row.uom in seen:
				frappe.throw(
					_(
						"Unit of Measure {0} has been entered more than once in Conversion Factor Table"
					).format(row.uom)
				)
			seen.add(row.uom)
			if row.uom == self.stock_uom and flt(row.conversion_factor) != 1:
				frappe.throw(
					_("Conversion factor for default Unit of Measure must be 1 in row {0}").format(row.idx)
				)

	def update_defaults_from_item_group(self) -> None:
		"""A new item without defaults takes its group's."""
		if self.item_defaults or not (self.is_new() and self.item_group):
			return
		fields = ("company", "default_price_list", "selling_cost_center", "income_account")
		for row in frappe.get_cached_doc("Item Group", self.item_group).item_group_defaults:
			self.append("item_defaults", {field: row.get(field) for field in fields})

	def validate_item_defaults(self) -> None:
		companies = [row.company for row in self.item_defaults]
		if len(companies) != len(set(companies)):
			frappe.throw(_("Cannot set multiple Item Defaults for a company."))
		for row in self.item_defaults:
			for field, doctype in (("income_account", "Account"), ("selling_cost_center", "Cost Center")):
				if (
					row.get(field)
					and frappe.get_cached_value(doctype, row.get(field), "company") != row.company
				):
					frappe.throw(
						_("Row #{0}: {1} {2} doesn't belong to Company {3}. Please select valid {4}.").format(
							row.idx, doctype, row.get(field), row.company, row.meta.get_label(field)
						),
						title=_("Invalid Item Defaults"),
					)

	def after_insert(self) -> None:
		if self.standard_rate:
			for row in self.item_defaults or [frappe._dict()]:
				self.add_price(row.default_price_list)

	def add_price(self, price_list: str | None = None) -> None:
		price_list = price_list or frappe.db.get_single_value("Selling Settings", "selling_price_list")
		if price_list:
			frappe.get_doc(
				{
					"doctype": "Item Price",
					"price_list": price_list,
					"item_code": self.name,
					"uom": self.stock_uom,
					"currency": erpnext.get_default_currency(),
					"price_list_rate": self.standard_rate,
				}
			).insert()

	def on_update(self) -> None:
		prices = {"item_code": self.name}
		values = {"item_name": self.item_name, "item_description": self.description}
		frappe.db.set_value("Item Price", prices, values, update_modified=False)

	def on_trash(self) -> None:
		frappe.db.delete("Item Price", {"item_code": self.name})


def get_item_defaults(item_code: str, company: str) -> dict:
	"""The item's own fields with its defaults in a company over them."""
	item = frappe.get_cached_doc("Item", item_code)
	out = item.as_dict()
	for row in item.item_defaults:
		if row.company == company:
			values = row.as_dict(no_default_fields=True)
			values.pop("name", None)
			out.update(values)
	return out


def get_item_group_defaults(item_code: str, company: str) -> dict:
	"""The defaults of the item's group in a company."""
	group = frappe.get_cached_value("Item", item_code, "item_group")
	for row in frappe.get_cached_doc("Item Group", group).item_group_defaults:
		if row.company == company:
			return row.as_dict(no_default_fields=True)
	return frappe._dict()


def set_item_default(item_code: str, company: str, fieldname: str, value: str) -> None:
	"""Remembers a default of an item in a company, if it has none."""
	item = frappe.get_doc("Item", item_code)
	for row in item.item_defaults:
		if row.company == company:
			if not row.get(fieldname):
				frappe.db.set_value(row.doctype, row.name, fieldname, value)
				item.clear_cache()
			return
	item.append("item_defaults", {fieldname: value, "company": company}).db_insert()
	item.clear_cache()


@frappe.whitelist()
def get_uom_conv_factor(uom: str | None, stock_uom: str | None) -> float | None:
	"""How many of one unit make another, by UOM Conversion Factor; None when nobody has said."""
	if uom == stock_uom:
		return 1.0
	factor = frappe.db.get_value("UOM Conversion Factor", {"from_uom": uom, "to_uom": stock_uom}, "value")
	if factor:
		return factor
	inverse = frappe.db.get_value("UOM Conversion Factor", {"from_uom": stock_uom, "to_uom": uom}, "value")
	return 1 / inverse if inverse else None


def validate_end_of_life(item_code: str, end_of_life=None, disabled: int | None = None) -> None:
	if end_of_life and getdate(end_of_life) <= getdate():
		frappe.throw(_("Item {0} has reached its end of life on {1}").format(item_code, end_of_life))
	if disabled:
		frappe.throw(_("Item {0} is disabled").format(item_code))
