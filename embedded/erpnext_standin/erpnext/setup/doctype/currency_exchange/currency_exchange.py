"""Currency Exchange: what one unit of a currency is worth in another from a day on."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, nowdate


class CurrencyExchange(Document):
	def autoname(self) -> None:
		self.date = self.date or nowdate()
		purposes = (("Selling", self.for_selling), ("Buying", self.for_buying))
		chosen = [purpose for purpose, wanted in purposes if cint(wanted)] or ["Selling", "Buying"]
		day = getdate(self.date).strftime("%Y-%m-%d")
		self.name = f"{day}-{self.from_currency}-{self.to_currency}-{'-'.join(chosen)}"

	def validate(self) -> None:
		self.validate_value("exchange_rate", ">", 0)
		if self.from_currency == self.to_currency:
			frappe.throw(_("From Currency and To Currency cannot be same"))
		if not cint(self.for_buying) and not cint(self.for_selling):
			frappe.throw(_("Currency Exchange must be applicable for Buying or for Selling."))
