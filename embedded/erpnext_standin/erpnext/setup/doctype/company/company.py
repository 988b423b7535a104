"""Company: comes with a small chart of accounts, a cost centre and departments when it is inserted."""

import frappe
from frappe import _
from frappe.contacts.address_and_contact import load_address_and_contact
from frappe.model.document import Document
from frappe.utils.nestedset import NestedSet

from erpnext.accounts.chart import ROOTS, TAXES
from erpnext.accounts.utils import get_account_currency

DEPARTMENTS = ("Accounts", "Marketing", "Sales", "Operations", "Customer Service", "Research & Development")
ACCOUNT_FIELDS = (
	"default_cash_account",
	"default_receivable_account",
	"default_payable_account",
	"default_expense_account",
	"default_income_account",
	"write_off_account",
	"exchange_gain_loss_account",
	"round_off_account",
)


class Company(NestedSet):
	nsm_parent_field = "parent_company"

	def onload(self) -> None:
		load_address_and_contact(self, "company")

	def validate(self) -> None:
		self.validate_abbr()
		self.validate_default_accounts()
		self.validate_currency()
		if self.parent_company and not frappe.db.get_value("Company", self.parent_company, "is_group"):
			frappe.throw(_("Parent Company must be a group company"))

	def validate_abbr(self) -> None:
		self.abbr = (self.abbr or "".join(word[0] for word in self.company_name.split()).upper()).strip()
		if not self.abbr:
			frappe.throw(_("Abbreviation is mandatory"))
		if frappe.db.exists("Company", {"abbr": self.abbr, "name": ["!=", self.name]}):
			frappe.throw(_("Abbreviation already used for another company"))

	def validate_default_accounts(self) -> None:
		"""The accounts a company uses by default are its own ledgers in its own currency."""
		for field in filter(self.get, ACCOUNT_FIELDS):
			name, label = self.get(field), self.meta.get_label(field)
			account = frappe.get_cached_doc("Account", name)
			if account.disabled:
				frappe.throw(_("Account {0} is disabled.").format(frappe.bold(name)))
			if account.is_group:
				frappe.throw(_("{0}: {1} is a group account.").format(frappe.bold(label), frappe.bold(name)))
			if account.company != self.name:
				frappe.throw(_("Account {0} does not belong to company: {1}").format(name, self.name))
			if get_account_currency(name) != self.default_currency:
				frappe.throw(
					_(
						"{0} currency must be same as company's default currency."
						" Please select another account."
					).format(frappe.bold(label))
				)

	def validate_currency(self) -> None:
		before = self.get_doc_before_save()
		if before and before.default_currency != self.default_currency and self.check_if_transactions_exist():
			frappe.throw(
				_(
					"Cannot change company's default currency, because there are existing transactions."
					" Transactions must be cancelled to change the default currency."
				)
			)

	@frappe.whitelist()
	def check_if_transactions_exist(self) -> bool:
		return any(
			frappe.db.exists(doctype, {"company": self.name, "docstatus": 1})
			for doctype in ("Sales Invoice", "Sales Order", "Quotation")
		)

	def on_update(self) -> None:
		super().on_update()
		if not frappe.db.exists("Account", {"company": self.name}):
			self.create_default_accounts()
			self.create_default_tax_template()
		if not frappe.db.exists("Cost Center", {"company": self.name, "is_group": 0}):
			self.create_default_cost_center()
		if not frappe.db.exists("Department", {"company": self.name}):
			self.create_default_departments()
		frappe.db.set_value("Currency", self.default_currency, "enabled", 1)
		self.set_global_defaults()
		frappe.clear_cache()

	def create_default_accounts(self) -> None:
		defaults = {}
		for root_type, title, groups in ROOTS:
			root = self._account(title, None, is_group=1, root_type=root_type)
			for group, ledgers in groups.items():
				parent = self._account(group, root.name, is_group=1)
				for ledger in ledgers:
					account = self._account(ledger.title, parent.name, account_type=ledger.account_type)
					if ledger.company_field:
						defaults[ledger.company_field] = account.name
		self.db_set({field: name for field, name in defaults.items() if not self.get(field)})

	def _account(self, title: str, parent: str | None, **values) -> Document:
		return _insert("Account", account_name=title, parent_account=parent, company=self.name, **values)

	@frappe.whitelist()
	def create_default_tax_template(self) -> None:
		"""The country's value added tax. ERPNext knows more countries."""
		duties = {"company": self.name, "account_name": "Duties and Taxes", "is_group": 1}
		parent = frappe.db.get_value("Account", duties)
		for tax in TAXES.get(self.country, ()):
			account = self._account(
				tax.account_name,
				parent,
				account_number=tax.account_number,
				account_type="Tax",
				tax_rate=tax.rate,
			)
			row = {
				"charge_type": "On Net Total",
				"account_head": account.name,
				"description": tax.description,
				"rate": tax.rate,
			}
			_insert("Sales Taxes and Charges Template", title=tax.title, company=self.name, taxes=[row])

	def create_default_cost_center(self) -> None:
		root = _insert("Cost Center", cost_center_name=self.name, company=self.name, is_group=1)
		main = _insert(
			"Cost Center", cost_center_name=_("Main"), company=self.name, parent_cost_center=root.name
		)
		self.db_set({"cost_center": main.name, "round_off_cost_center": main.name})

	def create_default_departments(self) -> None:
		root = frappe.db.exists("Department", _("All Departments"))
		if not root:
			root = _insert("Department", department_name=_("All Departments"), is_group=1).name
		for title in DEPARTMENTS:
			_insert("Department", department_name=_(title), parent_department=root, company=self.name)

	def set_global_defaults(self) -> None:
		"""What ERPNext's setup wizard does for the first company."""
		settings = frappe.get_doc("Global Defaults")
		if settings.default_company:
			return
		settings.update(
			{
				"default_company": self.name,
				"default_currency": self.default_currency,
				"country": self.country,
			}
		)
		settings.flags.ignore_permissions = True
		settings.save()

	def on_trash(self) -> None:
		super().on_trash()
		for doctype in ("Sales Taxes and Charges Template", "Account", "Cost Center", "Department"):
			frappe.db.delete(doctype, {"company": self.name})


def _insert(doctype: str, **values) -> Document:
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.flags.ignore_permissions = True
	doc.flags.ignore_mandatory = True
	return doc.insert()
