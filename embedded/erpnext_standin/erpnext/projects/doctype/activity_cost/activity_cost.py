"""Activity Cost: what an hour of an activity costs and is billed at, for one employee or for all."""

import frappe
from frappe import _
from frappe.model.document import Document


class DuplicationError(frappe.ValidationError):
	pass


class ActivityCost(Document):
	def validate(self) -> None:
		self.set_title()
		others = {
			"activity_type": self.activity_type,
			"employee": self.employee or ["is", "not set"],
			"name": ["!=", self.name],
		}
		if not frappe.db.exists("Activity Cost", others):
			return
		if self.employee:
			text = _("Activity Cost exists for Employee {0} against Activity Type - {1}").format(
				self.employee, self.activity_type
			)
		else:
			text = _("Default Activity Cost exists for Activity Type - {0}").format(self.activity_type)
		frappe.throw(text, DuplicationError)

	def set_title(self) -> None:
		self.title = self.activity_type
		if self.employee:
			self.employee_name = self.employee_name or frappe.db.get_value(
				"Employee", self.employee, "employee_name"
			)
			self.title = _("{0} for {1}").format(self.employee_name, self.activity_type)
