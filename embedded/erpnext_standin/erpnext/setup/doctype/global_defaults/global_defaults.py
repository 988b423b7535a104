"""Global Defaults: company, country and currency that new documents start with."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.model.document import Document

DEFAULTS = {
	"company": "default_company",
	"currency": "default_currency",
	"country": "country",
	"hide_currency_symbol": "hide_currency_symbol",
	"disable_rounded_total": "disable_rounded_total",
	"disable_in_words": "disable_in_words",
}
TOTALS_OF = ("Quotation", "Sales Order", "Sales Invoice")


class GlobalDefaults(Document):
	def on_update(self) -> None:
		for key, field in DEFAULTS.items():
			frappe.db.set_default(key, self.get(field, ""))
		if self.default_currency:
			frappe.db.set_value("Currency", self.default_currency, "enabled", 1)
		for doctype in TOTALS_OF:
			self.show_rounded_total(doctype)
		frappe.clear_cache()

	def show_rounded_total(self, doctype: str) -> None:
		off = int(self.disable_rounded_total or 0)
		for field, attribute in (
			("base_rounded_total", "hidden"),
			("rounded_total", "hidden"),
			("rounded_total", "print_hide"),
		):
			make_property_setter(doctype, field, attribute, off, "Check", validate_fields_for_doctype=False)
		make_property_setter(
			doctype, "disable_rounded_total", "default", off, "Text", validate_fields_for_doctype=False
		)

	@frappe.whitelist()
	def get_defaults(self) -> dict:
		return frappe.defaults.get_defaults()
