"""What every transaction shares: its posting time and the references to earlier documents."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, get_time, now_datetime

from erpnext.controllers.status_updater import StatusUpdater


class UOMMustBeIntegerError(frappe.ValidationError):
	pass


class TransactionBase(StatusUpdater):
	def validate_posting_time(self) -> None:
		"""Unless the user asked to set the posting time, it is now, also for a draft saved again later."""
		if frappe.flags.in_import and self.posting_date:
			self.set_posting_time = 1
		if not self.get("set_posting_time"):
			now = now_datetime()
			self.posting_date = now.strftime("%Y-%m-%d")
			self.posting_time = now.strftime("%H:%M:%S.%f")
		elif self.posting_time:
			try:
				get_time(self.posting_time)
			except ValueError:
				frappe.throw(_("Invalid Posting Time"))

	def validate_uom_is_integer(self, uom_field: str, qty_fields: str | list[str]) -> None:
		validate_uom_is_integer(self, uom_field, qty_fields)

	def compare_with_previous(self, doctype: str, link_field: str, fields: list[str]) -> None:
		"""Holds values of this document to those of the documents its items were made from."""
		for name in {item.get(link_field) for item in self.items if item.get(link_field)}:
			previous = frappe.db.get_value(doctype, name, fields, as_dict=True)
			if not previous:
				frappe.throw(_("Invalid reference {0} {1}").format(doctype, name))
			for field in fields:
				if previous[field] not in (None, ""):
					self.validate_value(field, "=", previous[field])


def validate_uom_is_integer(doc: Document, uom_field: str, qty_fields: str | list[str]) -> None:
	"""Refuses fractions of a unit that must be whole."""
	fields = [qty_fields] if isinstance(qty_fields, str) else qty_fields
	units = {row.get(uom_field) for row in doc.get_all_children()} - {None, ""}
	whole = {u for u in units if frappe.get_cached_value("UOM", u, "must_be_whole_number")}
	for row in doc.get_all_children():
		if row.get(uom_field) not in whole:
			continue
		for field in fields:
			quantity = flt(row.get(field), row.precision(field))
			if abs(cint(quantity) - quantity) > 0.0000001:
				frappe.throw(
					_(
						"Row {1}: Quantity ({0}) cannot be a fraction. To allow this, disable '{2}' in UOM {3}."
					).format(
						quantity,
						row.idx,
						frappe.bold(_("Must be Whole Number")),
						frappe.bold(row.get(uom_field)),
					),
					UOMMustBeIntegerError,
				)
