"""Item Group."""

import frappe
from frappe.utils.nestedset import NestedSet, get_root_of


class ItemGroup(NestedSet):
	nsm_parent_field = "parent_item_group"

	def validate(self) -> None:
		if not self.parent_item_group and not frappe.flags.in_install:
			root = get_root_of("Item Group")
			self.parent_item_group = root if root != self.name else None
