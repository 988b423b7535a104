"""Territory."""

import frappe
from frappe.utils.nestedset import NestedSet, get_root_of


class Territory(NestedSet):
	nsm_parent_field = "parent_territory"

	def validate(self) -> None:
		if not self.parent_territory and not frappe.flags.in_install:
			root = get_root_of("Territory")
			self.parent_territory = root if root != self.name else None
