"""Item Price: what an item costs in a price list, perhaps for one customer or for a time."""

import frappe
from frappe import _
from frappe.model.document import Document


class ItemPriceDuplicateItem(frappe.ValidationError):
	pass


class ItemPrice(Document):
	def validate(self) -> None:
		self.validate_item()
		self.validate_from_to_dates("valid_from", "valid_upto")
		self.update_price_list_details()
		self.item_name, self.item_description = frappe.db.get_value(
			"Item", self.item_code, ["item_name", "description"]
		)
		self.check_duplicates()

	def validate_item(self) -> None:
		if not frappe.db.exists("Item", self.item_code):
			frappe.throw(_("Item {0} not found.").format(self.item_code))
		if self.uom and not frappe.db.exists(
			"UOM Conversion Detail", {"parenttype": "Item", "parent": self.item_code, "uom": self.uom}
		):
			frappe.throw(_("UOM {0} not found in Item {1}").format(self.uom, self.item_code))

	def update_price_list_details(self) -> None:
		values = frappe.db.get_value(
			"Price List", {"name": self.price_list, "enabled": 1}, ["buying", "selling", "currency"]
		)
		if not values:
			link = frappe.utils.get_link_to_form("Price List", self.price_list)
			frappe.throw(_("The price list {0} does not exist or is disabled").format(link))
		self.buying, self.selling, self.currency = values

	def check_duplicates(self) -> None:
		same = {"item_code": self.item_code, "price_list": self.price_list, "name": ["!=", self.name]}
		for field in ("uom", "valid_from", "valid_upto", "customer", "packing_unit"):
			same[field] = self.get(field) or ["is", "not set"]
		if frappe.db.exists("Item Price", same):
			frappe.throw(
				_(
					"Item Price appears multiple times based on Price List, Supplier/Customer, Currency, Item,"
					" Batch, UOM, Qty, and Dates."
				),
				ItemPriceDuplicateItem,
			)

	def before_save(self) -> None:
		if self.selling:
			self.reference = self.customer
