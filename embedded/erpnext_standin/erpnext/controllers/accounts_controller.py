"""What Quotation, Sales Order and Sales Invoice share: defaults, currencies, payment schedule, validation."""

import frappe
from frappe import _
from frappe.model import child_table_fields, default_fields
from frappe.model.document import Document
from frappe.utils import flt, getdate, money_in_words, today

import erpnext
from erpnext.accounts.party import (
	DateLike,
	due_date_of_term,
	get_party_account_currency,
	validate_due_date,
	validate_party_frozen_disabled,
)
from erpnext.controllers.taxes_and_totals import calculate_taxes_and_totals
from erpnext.exceptions import InvalidCurrency
from erpnext.setup.utils import get_exchange_rate
from erpnext.stock.doctype.item.item import get_uom_conv_factor
from erpnext.stock.get_item_details import get_item_details
from erpnext.utilities.transaction_base import TransactionBase

TAXES = "Sales Taxes and Charges Template"
# A row takes these from the item even when it has a value of its own.
FORCED_FIELDS = ("item_group", "stock_uom", "pricing_rules")


class InvalidQtyError(frappe.ValidationError):
	pass


class AccountsController(TransactionBase):
	@property
	def company_currency(self) -> str | None:
		return erpnext.get_company_currency(self.company)

	def get_party(self) -> tuple[str, str | None]:
		return "Customer", self.get("customer")

	def validate(self) -> None:
		if not (self.get("is_return") or self.get("is_debit_note")):
			self.validate_qty_is_not_zero()
		if self.get("_action") and self._action != "update_after_submit":
			self.set_missing_values(for_validate=True)
		self.validate_income_is_not_party_account()
		if self.get("is_return"):
			self.validate_qty()
		self.validate_enabled_taxes_and_charges()
		self.validate_tax_account_company()
		self.set_taxes_and_charges()
		self.calculate_taxes_and_totals()
		if not self.get("is_return"):
			self.validate_value("base_grand_total", ">=", 0)
		self.validate_return()
		self.validate_schedule()
		validate_party_frozen_disabled(*self.get_party())
		self.validate_currency()
		self.set_total_in_words()
		if not self.letter_head:
			self.letter_head = frappe.get_cached_value("Company", self.company, "default_letter_head")

	# -- defaults

	def set_missing_values(self, for_validate: bool = False) -> None:
		"""Fills in what the user left out. ERPNext sets the date only while testing."""
		for field in ("posting_date", "transaction_date"):
			if frappe.flags.in_test and self.meta.has_field(field) and not self.get(field):
				self.set(field, today())

	def set_price_list_currency(self) -> None:
		date = self.get("posting_date") or self.get("transaction_date")
		if self.selling_price_list:
			self.price_list_currency = frappe.db.get_value("Price List", self.selling_price_list, "currency")
			if self.price_list_currency == self.company_currency:
				self.plc_conversion_rate = 1.0
			elif not self.plc_conversion_rate:
				self.plc_conversion_rate = get_exchange_rate(
					self.price_list_currency, self.company_currency, date, "for_selling"
				)
		if not self.currency:
			self.currency, self.conversion_rate = self.price_list_currency, self.plc_conversion_rate
		elif self.currency == self.company_currency:
			self.conversion_rate = 1.0
		elif not self.conversion_rate:
			self.conversion_rate = get_exchange_rate(
				self.currency, self.company_currency, date, "for_selling"
			)

	def set_missing_item_details(self, for_validate: bool = False) -> None:
		shared = {field: self.get(field) for field in self.meta.get_valid_columns()}
		shared["customer"] = self.get_party()[1]
		for item in self.items:
			if item.item_code:
				self._set_item_details(item, shared)
			else:
				self._set_units(item)

	def _set_item_details(self, item: Document, shared: dict) -> None:
		args = {**shared, **item.as_dict(), "doctype": self.doctype, "name": self.name}
		args["transaction_date"] = args.get("transaction_date") or args.get("posting_date")
		for field, value in get_item_details(args, self.as_dict()).items():
			if value is None or not item.meta.has_field(field):
				continue
			empty = not item.get(field)
			if (
				item.get(field) is None
				or field in FORCED_FIELDS
				or (field in ("cost_center", "conversion_factor") and empty)
			):
				item.set(field, value)
		if item.meta.has_field("cost_center") and not item.cost_center:
			item.cost_center = self.get("cost_center") or erpnext.get_default_cost_center(self.company)

	def _set_units(self, item: Document) -> None:
		"""A row without item has the unit and factor the user gave it."""
		if bool(item.uom) != bool(item.stock_uom):
			item.uom = item.stock_uom = item.uom or item.stock_uom
		item.conversion_factor = get_uom_conv_factor(item.uom, item.stock_uom) or item.conversion_factor or 1

	# -- taxes and totals

	def set_taxes(self) -> None:
		"""The company's default taxes, for a new document without any."""
		if not self.is_new() or self.taxes:
			return
		if self.company and not self.taxes_and_charges:
			self.taxes_and_charges = frappe.db.get_value(TAXES, {"is_default": 1, "company": self.company})
		self.append_taxes_from_master()

	def set_other_charges(self) -> None:
		self.set("taxes", [])
		self.set_taxes()

	def set_taxes_and_charges(self) -> None:
		from_template = frappe.db.get_single_value(
			"Accounts Settings", "add_taxes_from_taxes_and_charges_template"
		)
		if not self.taxes and from_template:
			self.append_taxes_from_master()

	def append_taxes_from_master(self) -> None:
		if self.taxes_and_charges:
			self.extend("taxes", get_taxes_and_charges(TAXES, self.taxes_and_charges))

	def calculate_taxes_and_totals(self) -> None:
		calculate_taxes_and_totals(self)

	def is_rounded_total_disabled(self) -> bool:
		return bool(self.disable_rounded_total)

	def set_total_in_words(self) -> None:
		exact = self.is_rounded_total_disabled()
		self.in_words = money_in_words(abs(self.grand_total if exact else self.rounded_total), self.currency)
		base = self.base_grand_total if exact else self.base_rounded_total
		self.base_in_words = money_in_words(abs(flt(base)), self.company_currency)

	# -- validation

	def validate_qty_is_not_zero(self) -> None:
		for item in self.items:
			if not flt(item.qty) and not self.flags.allow_zero_qty:
				frappe.throw(
					_("Row #{0}: Quantity for Item {1} cannot be zero.").format(
						item.idx, frappe.bold(item.item_code)
					),
					InvalidQtyError,
					_("Invalid Quantity"),
				)

	def validate_income_is_not_party_account(self) -> None:
		for item in self.items:
			if self.get("debit_to") and item.get("income_account") == self.debit_to:
				frappe.throw(
					_("Row {0}: {1} {2} cannot be same as {3} (Party Account) {4}").format(
						item.idx,
						frappe.bold("Income Account"),
						item.income_account,
						frappe.bold("Debit To"),
						self.debit_to,
					)
				)

	def validate_enabled_taxes_and_charges(self) -> None:
		if self.taxes_and_charges and frappe.get_cached_value(TAXES, self.taxes_and_charges, "disabled"):
			frappe.throw(_("{0} '{1}' is disabled").format(TAXES, self.taxes_and_charges))

	def validate_tax_account_company(self) -> None:
		for tax in self.taxes:
			if frappe.get_cached_value("Account", tax.account_head, "company") != self.company:
				frappe.throw(
					_("Row #{0}: Account {1} does not belong to company {2}").format(
						tax.idx, tax.account_head, self.company
					)
				)

	def validate_currency(self) -> None:
		"""A customer whose account is in a foreign currency is billed in that currency only."""
		party_type, party = self.get_party()
		if not party:
			return
		currency = get_party_account_currency(party_type, party, self.company)
		if currency and currency != self.company_currency and self.currency != currency:
			frappe.throw(
				_("Accounting Entry for {0}: {1} can only be made in currency: {2}").format(
					party_type, party, currency
				),
				InvalidCurrency,
			)

	def check_conversion_rate(self) -> None:
		own = self.company_currency
		if not own:
			frappe.throw(_("Please enter default currency in Company Master"))
		if not self.conversion_rate:
			frappe.throw(_("Conversion rate cannot be 0"))
		if self.currency == own and flt(self.conversion_rate) != 1.00:
			frappe.throw(_("Conversion rate must be 1.00 if document currency is same as company currency"))
		if self.currency != own and flt(self.conversion_rate) == 1.00:
			frappe.msgprint(
				_("Conversion rate is 1.00, but document currency is different from company currency")
			)

	def validate_return(self) -> None:
		from erpnext.controllers.sales_and_purchase_return import validate_return

		validate_return(self)

	# -- payment schedule

	def validate_schedule(self) -> None:
		"""Orders and quotations. An invoice also has a due date of its own."""
		self.set_payment_schedule()
		self.validate_payment_schedule_dates()
		self.validate_payment_schedule_amount()

	def validate_invoice_schedule(self) -> None:
		if self.is_return or self.is_opening == "Yes":
			self.payment_terms_template, self.payment_schedule = "", []
		if self.is_return:
			return
		self.validate_payment_schedule_dates()
		self.set_due_date()
		self.set_payment_schedule()
		if not self.ignore_default_payment_terms_template:
			self.validate_payment_schedule_amount()
			if not self.due_date:
				frappe.throw(_("Due Date is mandatory"))
			validate_due_date(self.posting_date, self.due_date, self.payment_terms_template)

	def set_payment_schedule(self) -> None:
		if self.get("is_opening") == "Yes":
			self.payment_terms_template = ""
			return
		date = self.get("posting_date") or self.get("transaction_date")
		total, base_total = self.amounts_to_pay()
		if not self.payment_schedule and self.payment_terms_template:
			self.extend("payment_schedule", get_payment_terms(self.payment_terms_template, date))
		elif not self.payment_schedule:
			self.append(
				"payment_schedule", {"due_date": self.get("due_date") or date, "invoice_portion": 100}
			)
		for row in self.payment_schedule:
			if row.invoice_portion:
				part = flt(row.invoice_portion) / 100
				row.payment_amount = flt(total * part, row.precision("payment_amount"))
				row.base_payment_amount = flt(base_total * part, row.precision("base_payment_amount"))
				row.outstanding = row.payment_amount
			else:
				row.base_payment_amount = flt(
					row.payment_amount * self.conversion_rate, row.precision("base_payment_amount")
				)
			row.base_outstanding = row.base_payment_amount

	def amounts_to_pay(self) -> tuple[float, float]:
		"""The document's total, rounded if it rounds, in its own and the company's currency."""
		return self.rounded_total or self.grand_total, self.base_rounded_total or self.base_grand_total

	def set_due_date(self) -> None:
		dates = [getdate(row.due_date) for row in self.payment_schedule if row.due_date]
		if dates:
			self.due_date = max(dates)

	def validate_payment_schedule_dates(self) -> None:
		dates = [getdate(row.due_date) for row in self.payment_schedule]
		if self.doctype == "Sales Order":
			for row in self.payment_schedule:
				if getdate(row.due_date) < getdate(self.transaction_date):
					frappe.throw(
						_(
							"Row {0}: Due Date in the Payment Terms table cannot be before Posting Date"
						).format(row.idx)
					)
		twice = [str(date) for date in dict.fromkeys(dates) if dates.count(date) > 1]
		if twice:
			frappe.throw(
				_("Rows with duplicate due dates in other rows were found: {0}").format(", ".join(twice))
			)

	def validate_payment_schedule_amount(self) -> None:
		if self.get("is_opening") == "Yes" or not self.payment_schedule:
			return
		total, base_total = self.amounts_to_pay()
		paid = sum(flt(row.payment_amount) for row in self.payment_schedule)
		base_paid = sum(flt(row.base_payment_amount) for row in self.payment_schedule)
		if abs(flt(paid - total, 6)) > 0.1 or abs(flt(base_paid - base_total, 6)) > 0.1:
			frappe.throw(_("Total Payment Amount in Payment Schedule must be equal to Grand / Rounded Total"))


@frappe.whitelist()
def get_taxes_and_charges(master_doctype: str, master_name: str | None) -> list[dict] | None:
	"""The tax rows of a template, as values for rows of a transaction."""
	if not master_name:
		return None
	skipped = {*default_fields, *child_table_fields}
	rows = frappe.get_cached_doc(master_doctype, master_name).taxes
	return [{k: v for k, v in row.as_dict().items() if k not in skipped} for row in rows]


@frappe.whitelist()
def get_default_taxes_and_charges(
	master_doctype: str, tax_template: str | None = None, company: str | None = None
) -> dict | None:
	if not company:
		return {}
	if tax_template and frappe.get_cached_value(master_doctype, tax_template, "company") == company:
		return None
	default = frappe.db.get_value(master_doctype, {"is_default": 1, "company": company})
	return {"taxes_and_charges": default, "taxes": get_taxes_and_charges(master_doctype, default)}


@frappe.whitelist()
def get_payment_terms(terms_template: str, posting_date: DateLike) -> list[dict]:
	"""The rows of a payment schedule that a template asks for, from an invoice's day."""
	copied = ("description", "invoice_portion", "due_date_based_on", "credit_days", "credit_months")
	terms = frappe.get_cached_doc("Payment Terms Template", terms_template).terms
	return [
		{
			**{field: term.get(field) for field in copied},
			"due_date": max(getdate(due_date_of_term(term, posting_date)), getdate(posting_date)),
		}
		for term in terms
	]


def validate_cost_center(row: Document, doc: Document) -> None:
	if not row.cost_center:
		return
	if frappe.get_cached_value("Cost Center", row.cost_center, "company") != doc.company:
		frappe.throw(
			_("Row {0}: Cost Center {1} does not belong to Company {2}").format(
				row.idx, frappe.bold(row.cost_center), frappe.bold(doc.company)
			),
			title=_("Invalid Cost Center"),
		)


def update_invoice_status() -> None:
	"""Daily: what has passed its day becomes overdue."""
	unpaid = {"docstatus": 1, "outstanding_amount": [">", 0], "status": ["in", ["Unpaid", "Partly Paid"]]}
	for name in frappe.get_all("Sales Invoice", unpaid, pluck="name", order_by=None):
		invoice = frappe.get_doc("Sales Invoice", name)
		if invoice.get_status() == "Overdue":
			frappe.db.set_value("Sales Invoice", name, "status", "Overdue", update_modified=False)
