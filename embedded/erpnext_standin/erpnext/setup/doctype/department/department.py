"""Department."""

import frappe
from frappe.utils.nestedset import NestedSet, get_root_of

from erpnext import encode_company_abbr


class Department(NestedSet):
	nsm_parent_field = "parent_department"

	def autoname(self) -> None:
		root = get_root_of("Department")
		self.name = self.department_name
		if root and self.department_name != root:
			self.name = encode_company_abbr(self.department_name, self.company)

	def validate(self) -> None:
		if not self.parent_department and not frappe.flags.in_install:
			root = get_root_of("Department")
			self.parent_department = root if root != self.name else None
