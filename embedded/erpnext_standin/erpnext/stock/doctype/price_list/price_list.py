"""Price List."""

import frappe
from frappe import _, throw
from frappe.model.document import Document


class PriceList(Document):
	def validate(self) -> None:
		if not self.buying and not self.selling:
			throw(_("Price List must be applicable for Buying or Selling"))

	def on_update(self) -> None:
		"""The first selling price list becomes the default; prices follow the list's currency."""
		if self.selling and not frappe.db.get_single_value("Selling Settings", "selling_price_list"):
			settings = frappe.get_doc("Selling Settings")
			settings.selling_price_list = self.name
			settings.flags.ignore_permissions = True
			settings.save()
		frappe.db.set_value(
			"Item Price",
			{"price_list": self.name},
			{"currency": self.currency, "buying": self.buying, "selling": self.selling},
		)
