"""Account: a head of the chart of accounts."""

import frappe
from frappe import _
from frappe.utils.nestedset import NestedSet

from erpnext.accounts.utils import get_autoname_with_number


class Account(NestedSet):
	nsm_parent_field = "parent_account"

	def autoname(self) -> None:
		self.name = get_autoname_with_number(self.account_number, self.account_name, self.company)

	def validate(self) -> None:
		if self.parent_account:
			self.validate_parent()
		elif not self.is_group:
			frappe.throw(_("The root account {0} must be a group").format(frappe.bold(self.name)))
		if not self.report_type:
			balance = self.root_type in ("Asset", "Liability", "Equity")
			self.report_type = "Balance Sheet" if balance else "Profit and Loss"
		if not self.account_currency:
			self.account_currency = frappe.get_cached_value("Company", self.company, "default_currency")

	def validate_parent(self) -> None:
		"""A parent is a group of the same company; root and report type come from it."""
		parent = frappe.db.get_value(
			"Account", self.parent_account, ["is_group", "company", "root_type", "report_type"], as_dict=True
		)
		if not parent:
			frappe.throw(
				_("Account {0}: Parent account {1} does not exist").format(self.name, self.parent_account)
			)
		if not parent.is_group:
			frappe.throw(
				_("Account {0}: Parent account {1} can not be a ledger").format(
					self.name, self.parent_account
				)
			)
		if parent.company != self.company:
			frappe.throw(
				_("Account {0}: Parent account {1} does not belong to company: {2}").format(
					self.name, self.parent_account, self.company
				)
			)
		self.root_type, self.report_type = parent.root_type, parent.report_type
