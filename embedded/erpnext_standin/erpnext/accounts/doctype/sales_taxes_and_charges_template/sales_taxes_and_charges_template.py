"""Sales Taxes and Charges Template: the tax rows of a kind of sale, at most one default per company."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from erpnext import encode_company_abbr
from erpnext.accounts.utils import validate_account_head
from erpnext.controllers.accounts_controller import validate_cost_center
from erpnext.controllers.taxes_and_totals import validate_inclusive_tax, validate_taxes_and_charges


class SalesTaxesandChargesTemplate(Document):
	def autoname(self) -> None:
		if self.company and self.title:
			self.name = encode_company_abbr(self.title, self.company)

	def validate(self) -> None:
		if self.is_default and self.disabled:
			frappe.throw(_("Disabled template must not be default template"))
		if self.is_default:
			others = {"is_default": 1, "company": self.company, "name": ["!=", self.name]}
			frappe.db.set_value(self.doctype, others, "is_default", 0, update_modified=False)
		for tax in self.taxes:
			if tax.charge_type == "On Net Total" and not flt(tax.rate):
				tax.rate = frappe.get_cached_value("Account", tax.account_head, "tax_rate")
			validate_taxes_and_charges(tax)
			validate_account_head(tax.idx, tax.account_head, self.company)
			validate_cost_center(tax, self)
			validate_inclusive_tax(tax, self)
