"""Statuses that follow from a document's own figures."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import comma_or, flt


def validate_status(status: str, options: list[str]) -> None:
	if status not in options:
		frappe.throw(_("Status must be one of {0}").format(comma_or(options)))


class StatusUpdater(Document):
	def get_status(self) -> str:
		"""The status the figures ask for; each doctype answers for itself."""
		return self.status

	def set_status(
		self, update: bool = False, status: str | None = None, update_modified: bool = True
	) -> None:
		"""Sets `status` from the figures; with `update` also in the database."""
		if self.is_new():
			if self.get("amended_from"):
				self.status = "Draft"
			return
		if status and update:
			self.db_set("status", status)
		before, self.status = self.status, self.get_status()
		if self.status != before and self.status not in ("Cancelled", "Partially Ordered", "Ordered"):
			self.add_comment("Label", _(self.status))
		if update:
			self.db_set("status", self.status, update_modified=update_modified)

	def validate_qty(self) -> None:
		"""Quantities are positive, in returns negative; rates are never negative unless the settings say so."""
		negative_rates = frappe.db.get_single_value("Selling Settings", "allow_negative_rates_for_items")
		for item in self.items:
			if flt(item.qty) < 0 and not self.get("is_return"):
				frappe.throw(_("For an item {0}, quantity must be positive number").format(item.item_code))
			if flt(item.qty) > 0 and self.get("is_return"):
				frappe.throw(_("For an item {0}, quantity must be negative number").format(item.item_code))
			if flt(item.rate) < 0 and not negative_rates:
				frappe.throw(
					_(
						"For item {0}, rate must be a positive number."
						" To Allow negative rates, enable {1} in {2}"
					).format(
						frappe.bold(item.item_code),
						frappe.bold(_("`Allow Negative rates for Items`")),
						frappe.utils.get_link_to_form("Selling Settings", "Selling Settings"),
					)
				)
