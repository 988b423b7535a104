"""Rates, taxes and totals of a selling transaction, rounded step by step as ERPNext rounds them.

A row's amount is rounded first, then added up; taxes are rounded once per tax row (or per item row, when
Accounts Settings ask for it); the grand total last. Every figure has a twin in the company's currency.
"""

import json

import frappe
from frappe import _, scrub
from frappe.model.document import Document
from frappe.utils import cint, flt, round_based_on_smallest_currency_fraction

import erpnext

PREVIOUS_ROW = ("On Previous Row Amount", "On Previous Row Total")


def calculate_taxes_and_totals(doc: Document) -> None:
	"""Works out every figure of a document from its rows' quantities and rates."""
	if doc.get("items"):
		Totals(doc).calculate()


class Totals:
	def __init__(self, doc: Document):
		self.doc = doc
		self.items = [item for item in doc.items if not item.get("is_alternative")]
		self.taxes = doc.get("taxes") or []
		self.discounted = False
		self.difference = 0.0
		self.total_to_discount = None
		self.round_rows = frappe.db.get_single_value("Accounts Settings", "round_row_wise_tax")

	def calculate(self) -> None:
		self.run()
		self.apply_discount()
		if self.doc.meta.has_field("outstanding_amount") and self.doc.docstatus.is_draft():
			self.set_outstanding_amount()

	def run(self) -> None:
		self.set_conversion_rate()
		if not self.discounted:
			for item in self.doc.items:
				self.set_item_values(item)
		self.start_taxes()
		self.take_included_taxes_out()
		self.add_up_items()
		self.calculate_taxes()
		self.find_inclusive_difference()
		self.set_totals()
		self.set_rounded_total()
		for tax in self.taxes:
			tax.item_wise_tax_detail = json.dumps(tax.item_wise_tax_detail, separators=(",", ":"))

	# -- rows

	def set_conversion_rate(self) -> None:
		doc, own = self.doc, erpnext.get_company_currency(self.doc.company)
		if not doc.currency or doc.currency == own:
			doc.currency, doc.conversion_rate = own, 1.0
		elif not doc.conversion_rate:
			frappe.throw(
				_("{0} is mandatory. Maybe Currency Exchange record is not created for {1} to {2}.").format(
					doc.meta.get_label("conversion_rate"), doc.currency, own
				)
			)
		doc.conversion_rate = flt(doc.conversion_rate)

	def set_item_values(self, item: Document) -> None:
		self.doc.round_floats_in(item)
		self.set_rate_from_price_list(item)
		self.set_margin(item)
		item.net_rate = item.rate
		item.amount = flt(item.rate * self.billed_quantity(item), item.precision("amount"))
		item.net_amount = item.amount
		self.in_company_currency(item, "price_list_rate", "rate", "net_rate", "amount", "net_amount")

	def set_rate_from_price_list(self, item: Document) -> None:
		if item.discount_percentage == 100:
			item.rate = 0.0
		elif item.price_list_rate and not item.rate:
			item.rate = flt(
				item.price_list_rate * (1.0 - item.discount_percentage / 100.0), item.precision("rate")
			)
			item.discount_amount = item.price_list_rate * item.discount_percentage / 100.0

	def set_margin(self, item: Document) -> None:
		"""A rate above the price list is a margin, one below it a discount."""
		item.rate_with_margin = item.base_rate_with_margin = 0.0
		if item.price_list_rate and item.rate > item.price_list_rate:
			item.margin_type, item.rate_with_margin = "Amount", item.rate
			item.margin_rate_or_amount = flt(
				item.rate - item.price_list_rate, item.precision("margin_rate_or_amount")
			)
		elif item.price_list_rate and item.margin_type and item.margin_rate_or_amount:
			percent = item.margin_type != "Amount"
			margin = item.margin_rate_or_amount * (item.price_list_rate / 100 if percent else 1)
			item.rate_with_margin = item.price_list_rate + margin
			item.base_rate_with_margin = item.rate_with_margin * self.doc.conversion_rate
		if item.rate_with_margin > 0:
			self.set_rate_with_margin(item)
		elif item.price_list_rate > 0:
			item.discount_amount = item.price_list_rate - item.rate

	def set_rate_with_margin(self, item: Document) -> None:
		item.rate = flt(
			item.rate_with_margin * (1.0 - item.discount_percentage / 100.0), item.precision("rate")
		)
		if item.discount_amount and not item.discount_percentage:
			item.rate = item.rate_with_margin - item.discount_amount
		else:
			item.discount_amount = item.rate_with_margin - item.rate

	def billed_quantity(self, item: Document) -> float:
		"""A return or debit note without quantity stands for its rate once."""
		if not item.qty and self.doc.get("is_return"):
			return -1
		if not item.qty and self.doc.get("is_debit_note"):
			return 1
		return item.qty

	def in_company_currency(self, doc: Document, *fields: str) -> None:
		for field in fields:
			value = flt(doc.get(field), doc.precision(field)) * self.doc.conversion_rate
			doc.set(f"base_{field}", flt(value, doc.precision(f"base_{field}")))

	def add_up_items(self) -> None:
		doc = self.doc
		sums = {
			"total_qty": "qty",
			"total": "amount",
			"base_total": "base_amount",
			"net_total": "net_amount",
			"base_net_total": "base_net_amount",
		}
		for total, field in sums.items():
			doc.set(total, sum(flt(item.get(field)) for item in self.items))
		doc.round_floats_in(doc, ["total", "base_total", "net_total", "base_net_total"])

	# -- taxes

	def start_taxes(self) -> None:
		keep_amount = self.discounted and self.doc.apply_discount_on == "Grand Total"
		for tax in self.taxes:
			if not self.discounted:
				validate_taxes_and_charges(tax)
				validate_inclusive_tax(tax, self.doc)
			tax.item_wise_tax_detail = {}
			tax.total = tax.tax_amount_after_discount_amount = 0.0
			if tax.charge_type != "Actual" and not keep_amount:
				tax.tax_amount = 0.0
			self.doc.round_floats_in(tax)

	def take_included_taxes_out(self) -> None:
		"""The net amounts of rows whose rate already holds the tax."""
		if self.discounted or not any(cint(tax.included_in_print_rate) for tax in self.taxes):
			return
		for item in self.items:
			fraction, per_unit = self.included_tax(item)
			if item.qty and (fraction or per_unit):
				amount = flt(item.amount) - per_unit * item.qty
				item.net_amount = flt(amount / (1 + fraction), item.precision("net_amount"))
				item.net_rate = flt(item.net_amount / item.qty, item.precision("net_rate"))
				self.in_company_currency(item, "net_rate", "net_amount")

	def included_tax(self, item: Document) -> tuple[float, float]:
		"""The part of a row's net price that its included taxes add, and what they add per unit."""
		fractions: list[float] = []
		per_unit = 0.0
		for tax in self.taxes:
			fraction, base = 0.0, 1.0
			if cint(tax.included_in_print_rate):
				if tax.charge_type == "On Item Quantity":
					per_unit += flt(tax.rate)
				else:
					if tax.charge_type == "On Previous Row Amount":
						base = fractions[cint(tax.row_id) - 1]
					elif tax.charge_type == "On Previous Row Total":
						base = 1 + sum(fractions[: cint(tax.row_id)])
					fraction = flt(tax.rate) / 100.0 * base
			fractions.append(fraction)
		return sum(fractions), per_unit

	def calculate_taxes(self) -> None:
		if not self.taxes:
			return
		left = {tax.idx: flt(tax.tax_amount) for tax in self.taxes if tax.charge_type == "Actual"}
		for item in self.items:
			self.tax_item(item, left, last=item is self.items[-1])
		self.note_total_to_discount()
		for index, tax in enumerate(self.taxes):
			tax.tax_amount = flt(tax.tax_amount, tax.precision("tax_amount"))
			tax.tax_amount_after_discount_amount = flt(
				tax.tax_amount_after_discount_amount, tax.precision("tax_amount")
			)
			self.in_company_currency(tax, "tax_amount", "tax_amount_after_discount_amount")
			self.set_running_total(index, tax)
			self.in_company_currency(tax, "total")

	def tax_item(self, item: Document, left: dict[int, float], last: bool) -> None:
		"""Adds one row's share to every tax. A fixed amount's rounding loss falls on the last row."""
		amounts: list[float] = []
		for tax in self.taxes:
			amount = self.tax_on(item, tax, amounts)
			if self.round_rows:
				amount = flt(amount, tax.precision("tax_amount"))
			if tax.charge_type == "Actual":
				left[tax.idx] -= amount
				amount += left[tax.idx] if last else 0
			elif not (self.discounted and self.doc.apply_discount_on == "Grand Total"):
				tax.tax_amount += amount
			tax.tax_amount_after_discount_amount += amount
			amounts.append(amount)
			self.note_item_tax(item, tax, amount)

	def tax_on(self, item: Document, tax: Document, before: list[float]) -> float:
		rate = flt(tax.rate) / 100.0
		if tax.charge_type == "Actual":
			total = self.doc.net_total
			return item.net_amount * flt(tax.tax_amount) / total if total else 0.0
		if tax.charge_type == "On Item Quantity":
			return flt(tax.rate) * item.qty
		if tax.charge_type == "On Previous Row Amount":
			return rate * before[cint(tax.row_id) - 1]
		if tax.charge_type == "On Previous Row Total":
			return rate * (item.net_amount + sum(before[: cint(tax.row_id)]))
		return rate * item.net_amount

	def note_item_tax(self, item: Document, tax: Document, amount: float) -> None:
		key = item.item_code or item.item_name
		earlier = tax.item_wise_tax_detail.get(key, [0, 0.0])[1]
		tax.item_wise_tax_detail[key] = [flt(tax.rate), flt(earlier + amount * self.doc.conversion_rate)]

	def set_running_total(self, index: int, tax: Document) -> None:
		before = self.taxes[index - 1].total if index else self.doc.net_total
		tax.total = flt(before + tax.tax_amount_after_discount_amount, tax.precision("total"))

	def find_inclusive_difference(self) -> None:
		"""With included taxes, the rounding that keeps the total what the rates said."""
		if not any(cint(tax.included_in_print_rate) for tax in self.taxes):
			return
		last = self.taxes[-1]
		outside = sum(t.tax_amount_after_discount_amount for t in self.taxes if not t.included_in_print_rate)
		difference = self.doc.total + outside - flt(last.total, last.precision("total"))
		if self.discounted:
			difference -= flt(self.doc.discount_amount)
		difference = flt(difference, self.doc.precision("rounding_adjustment"))
		small = abs(difference) <= 5.0 / 10 ** last.precision("tax_amount")
		self.difference = difference if small else 0.0

	# -- discount

	def note_total_to_discount(self) -> None:
		doc = self.doc
		if doc.apply_discount_on != "Grand Total" or not (
			self.discounted or doc.discount_amount or doc.additional_discount_percentage
		):
			return
		for index, tax in enumerate(self.taxes):
			if self.discounted:
				tax.tax_amount_after_discount_amount = flt(
					tax.tax_amount_after_discount_amount, tax.precision("tax_amount")
				)
			self.set_running_total(index, tax)
		if self.discounted:
			self.difference = flt(
				self.total_to_discount - doc.discount_amount - self.taxes[-1].total,
				doc.precision("grand_total"),
			)
		else:
			self.total_to_discount = self.taxes[-1].total

	def apply_discount(self) -> None:
		doc = self.doc
		if doc.additional_discount_percentage:
			base = flt(doc.get(scrub(doc.apply_discount_on)))
			doc.discount_amount = flt(
				base * doc.additional_discount_percentage / 100, doc.precision("discount_amount")
			)
		discount = flt(doc.discount_amount)
		if not discount:
			doc.base_discount_amount = 0
			return
		self.validate_discount(discount)
		doc.base_discount_amount = flt(discount * doc.conversion_rate, doc.precision("base_discount_amount"))
		self.share_discount(discount)

	def validate_discount(self, discount: float) -> None:
		doc = self.doc
		if not doc.apply_discount_on:
			frappe.throw(_("Please select Apply Discount On"))
		if discount > doc.grand_total if doc.grand_total >= 0 else discount < doc.grand_total:
			frappe.throw(
				_(
					"Additional Discount Amount ({discount_amount}) cannot exceed "
					"the total before such discount ({total_before_discount})"
				).format(
					discount_amount=doc.get_formatted("discount_amount"),
					total_before_discount=doc.get_formatted("grand_total"),
				),
				title=_("Invalid Discount Amount"),
			)

	def share_discount(self, discount: float) -> None:
		"""Takes the discount off the rows' net amounts in proportion; rounding is carried from row to row."""
		base = self.discount_base()
		if not base:
			return
		exact = rounded = 0.0
		for item in self.items:
			share = discount * item.net_amount / base
			exact += item.net_amount - share
			item.net_amount = flt(item.net_amount - share, item.precision("net_amount"))
			rounded += item.net_amount
			carried = flt(exact - rounded, self.doc.precision("net_total"))
			item.net_amount = flt(item.net_amount + carried, item.precision("net_amount"))
			item.distributed_discount_amount = flt(
				share + carried, item.precision("distributed_discount_amount")
			)
			rounded += carried
			item.net_rate = flt(item.net_amount / item.qty, item.precision("net_rate")) if item.qty else 0
			self.in_company_currency(item, "net_rate", "net_amount")
		self.discounted = True
		self.run()

	def discount_base(self) -> float:
		"""The sum the discount is shared over: net total, or grand total less what does not depend on it."""
		if self.doc.apply_discount_on == "Net Total" or not self.taxes:
			return self.doc.net_total
		fixed: dict[int, float] = {}
		for tax in self.taxes:
			if tax.charge_type in ("Actual", "On Item Quantity"):
				fixed[tax.idx] = tax.tax_amount
			elif tax.charge_type == "On Previous Row Amount" and cint(tax.row_id) in fixed:
				fixed[tax.idx] = fixed[cint(tax.row_id)] * tax.rate / 100
			elif tax.charge_type == "On Previous Row Total" and cint(tax.row_id) in fixed:
				upto = sum(amount for idx, amount in fixed.items() if idx <= cint(tax.row_id))
				fixed[tax.idx] = upto * tax.rate / 100
		total = self.doc.grand_total if self.total_to_discount is None else self.total_to_discount
		return total - sum(fixed.values())

	# -- totals

	def set_totals(self) -> None:
		doc = self.doc
		doc.grand_total = flt(self.taxes[-1].total) + self.difference if self.taxes else flt(doc.net_total)
		doc.total_taxes_and_charges = flt(
			doc.grand_total - doc.net_total - self.difference if self.taxes else 0.0,
			doc.precision("total_taxes_and_charges"),
		)
		self.in_company_currency(doc, "total_taxes_and_charges")
		doc.base_grand_total = (
			flt(doc.grand_total * doc.conversion_rate, doc.precision("base_grand_total"))
			if doc.total_taxes_and_charges
			else doc.base_net_total
		)
		doc.round_floats_in(doc, ["grand_total", "base_grand_total"])

	def set_rounded_total(self) -> None:
		doc = self.doc
		if doc.is_rounded_total_disabled():
			doc.rounded_total = doc.base_rounded_total = doc.rounding_adjustment = 0
			return
		doc.rounded_total = round_based_on_smallest_currency_fraction(
			doc.grand_total, doc.currency, doc.precision("rounded_total")
		)
		doc.rounding_adjustment = flt(
			doc.rounded_total - doc.grand_total, doc.precision("rounding_adjustment")
		)
		self.in_company_currency(doc, "rounding_adjustment", "rounded_total")

	def set_outstanding_amount(self) -> None:
		"""A credit note that settles its invoice has nothing outstanding of its own."""
		doc = self.doc
		doc.total_advance = 0.0
		if doc.is_return and doc.return_against and not doc.update_outstanding_for_self:
			doc.outstanding_amount = 0
		elif doc.party_account_currency == doc.currency:
			doc.outstanding_amount = flt(
				doc.rounded_total or doc.grand_total, doc.precision("outstanding_amount")
			)
		else:
			doc.outstanding_amount = flt(
				doc.base_rounded_total or doc.base_grand_total, doc.precision("outstanding_amount")
			)


def validate_taxes_and_charges(tax: Document) -> None:
	"""A tax on a previous row names one above it, others name none."""
	if tax.charge_type in PREVIOUS_ROW:
		if cint(tax.idx) == 1:
			frappe.throw(
				_(
					"Cannot select charge type as 'On Previous Row Amount' or 'On Previous Row Total'"
					" for first row"
				)
			)
		if not tax.row_id:
			frappe.throw(
				_("Please specify a valid Row ID for row {0} in table {1}").format(tax.idx, _(tax.doctype))
			)
		if cint(tax.row_id) >= cint(tax.idx):
			frappe.throw(
				_("Cannot refer row number greater than or equal to current row number for this Charge type")
			)
	elif tax.charge_type in ("Actual", "On Net Total") and tax.row_id:
		frappe.throw(
			_("Can refer row only if the charge type is 'On Previous Row Amount' or 'Previous Row Total'")
		)
	if tax.charge_type == "Actual":
		tax.rate = None


def validate_inclusive_tax(tax: Document, doc: Document) -> None:
	"""A tax inside the rate builds only on taxes that are inside it too, and is never a fixed amount."""
	if not cint(tax.included_in_print_rate):
		return
	if tax.charge_type == "Actual":
		frappe.throw(
			_("Charge of type 'Actual' in row {0} cannot be included in Item Rate or Paid Amount").format(
				tax.idx
			)
		)
	if tax.charge_type not in PREVIOUS_ROW:
		return
	upto = cint(tax.row_id)
	first = upto - 1 if tax.charge_type == "On Previous Row Amount" else 0
	if not all(cint(row.included_in_print_rate) for row in doc.taxes[first:upto]):
		frappe.throw(
			_("To include tax in row {0} in Item rate, taxes in rows {1} must also be included").format(
				tax.idx, f"{first + 1} - {upto}"
			)
		)
