"""Cost Center."""

import frappe
from frappe import _
from frappe.utils.nestedset import NestedSet

from erpnext.accounts.utils import get_autoname_with_number


class CostCenter(NestedSet):
	nsm_parent_field = "parent_cost_center"

	def autoname(self) -> None:
		self.name = get_autoname_with_number(self.cost_center_number, self.cost_center_name, self.company)

	def validate(self) -> None:
		if self.cost_center_name == self.company:
			self.parent_cost_center = None
		elif not self.parent_cost_center:
			frappe.throw(_("Please enter parent cost center"))
		elif not frappe.db.get_value("Cost Center", self.parent_cost_center, "is_group"):
			frappe.throw(
				_("{0} is not a group node. Please select a group node as parent cost center").format(
					frappe.bold(self.parent_cost_center)
				)
			)
