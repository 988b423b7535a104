"""Customer Group."""

import frappe
from frappe.utils.nestedset import NestedSet, get_root_of


class CustomerGroup(NestedSet):
	nsm_parent_field = "parent_customer_group"

	def validate(self) -> None:
		if not self.parent_customer_group and not frappe.flags.in_install:
			root = get_root_of("Customer Group")
			self.parent_customer_group = root if root != self.name else None
