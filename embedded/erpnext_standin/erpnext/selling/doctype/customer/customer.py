"""Customer."""

import frappe
from frappe import _, msgprint
from frappe.contacts.address_and_contact import delete_contact_and_address, load_address_and_contact
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.model.naming import set_name_by_naming_series
from frappe.utils import cint

from erpnext.accounts.party import validate_party_accounts
from erpnext.controllers.website_list_for_contact import add_role_for_portal_user
from erpnext.utilities.transaction_base import TransactionBase


class Customer(TransactionBase):
	def onload(self) -> None:
		load_address_and_contact(self)

	def autoname(self) -> None:
		"""By Selling Settings: the customer's name, or a series."""
		if frappe.defaults.get_global_default("cust_master_name") == "Naming Series":
			set_name_by_naming_series(self)
		else:
			self.name = self.get_customer_name()

	def get_customer_name(self) -> str:
		"""The name, with a number after it when it is taken."""
		if not frappe.db.exists("Customer", self.customer_name) or frappe.flags.in_import:
			return self.customer_name
		taken = frappe.get_all("Customer", {"name": ["like", f"{self.customer_name} - %"]}, pluck="name")
		number = 1 + max((cint(name.rsplit(" ", 1)[-1]) for name in taken), default=0)
		name = f"{self.customer_name} - {number}"
		msgprint(
			_("Changed customer name to '{}' as '{}' already exists.").format(name, self.customer_name),
			title=_("Note"),
			indicator="yellow",
		)
		return name

	def validate(self) -> None:
		validate_party_accounts(self)
		for row in self.portal_users:
			add_role_for_portal_user(row, "Customer")

	def on_update(self) -> None:
		if frappe.db.exists("Customer Group", self.name):
			frappe.throw(
				_(
					"A Customer Group exists with same name please change the Customer name"
					" or rename the Customer Group"
				),
				frappe.NameError,
			)
		self.create_primary_contact()

	def create_primary_contact(self) -> None:
		"""A customer entered with a mail address or a number gets its first contact from them."""
		if self.customer_primary_contact or not (
			self.mobile_no or self.email_id or self.first_name or self.last_name
		):
			return
		contact = make_contact(self)
		self.db_set("customer_primary_contact", contact.name)
		self.db_set("mobile_no", self.mobile_no)
		self.db_set("email_id", self.email_id)

	def on_trash(self) -> None:
		self.db_set({"customer_primary_contact": None, "customer_primary_address": None})
		delete_contact_and_address("Customer", self.name)

	def after_rename(self, olddn: str, newdn: str, merge: bool = False) -> None:
		if frappe.defaults.get_global_default("cust_master_name") == "Customer Name":
			self.db_set("customer_name", newdn)


def make_contact(customer: Document, is_primary_contact: int = 1) -> Document:
	"""The contact a customer record speaks of."""
	company = customer.customer_type != "Individual"
	contact = frappe.new_doc("Contact")
	contact.update(
		{
			"is_primary_contact": is_primary_contact,
			"first_name": customer.first_name or ("" if company else customer.customer_name),
			"last_name": customer.last_name,
			"company_name": customer.customer_name if company else None,
		}
	)
	contact.append("links", {"link_doctype": "Customer", "link_name": customer.name})
	if customer.email_id:
		contact.add_email(customer.email_id, is_primary=True)
	if customer.mobile_no:
		contact.add_phone(customer.mobile_no, is_primary_mobile_no=True)
	contact.flags.ignore_permissions = customer.flags.ignore_permissions
	return contact.insert()


@frappe.whitelist()
def make_quotation(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A new quotation for a customer."""

	def set_missing_values(source: Document, target: Document) -> None:
		target.quotation_to = "Customer"
		target.selling_price_list = source.default_price_list or target.selling_price_list
		target.currency = source.default_currency or target.currency
		target.run_method("set_missing_values")
		target.run_method("set_other_charges")

	mapping = {"Customer": {"doctype": "Quotation", "field_map": {"name": "party_name"}}}
	return get_mapped_doc("Customer", source_name, mapping, target_doc, set_missing_values)
