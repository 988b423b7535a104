"""Selling Settings: how customers are named, and what new documents start with."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.model.document import Document
from frappe.utils import cint

DEFAULTS = ("cust_master_name", "customer_group", "territory", "selling_price_list")


class SellingSettings(Document):
	def validate(self) -> None:
		for key in DEFAULTS:
			frappe.db.set_default(key, self.get(key, ""))

	def on_update(self) -> None:
		series = self.cust_master_name == "Naming Series"
		for attribute, value in (("reqd", series), ("hidden", not series)):
			make_property_setter(
				"Customer",
				"naming_series",
				attribute,
				cint(value),
				"Check",
				validate_fields_for_doctype=False,
			)
		for doctype in ("Sales Order", "Sales Invoice"):
			for attribute in ("hidden", "print_hide"):
				make_property_setter(
					doctype,
					"tax_id",
					attribute,
					cint(self.hide_tax_id),
					"Check",
					validate_fields_for_doctype=False,
				)
