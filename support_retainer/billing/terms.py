"""A retainer's terms, as the core wants them."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe.utils import cint, flt

from support_retainer import contracts
from support_retainer.core import pricing


def terms(retainer: frappe._dict) -> pricing.Terms:
	"""Return the pricing terms of a Retainer row: seconds, percent and an hourly rate in its currency."""
	return pricing.Terms(
		increment=cint(retainer.increment_minutes) * 60,
		project_management_percent=Decimal(str(retainer.project_management_percent or 0)),
		rate=Decimal(str(retainer.hourly_rate)),
		surcharge_settlement=retainer.surcharge_settlement,
		minor_unit=minor_unit(retainer.currency),
	)


def minor_unit(currency: str) -> Decimal:
	"""Return the smallest amount a ledger entry can have: the currency's own, or a coarser one the site rounds to."""
	return Decimal(1).scaleb(-min(_digits_of_currency(currency), _digits_of_site()))


def postal_fee(retainer: frappe._dict) -> float:
	"""Return the fee for an invoice by post in the retainer's currency; the settings give it in the company's.

	Raises:
	        frappe.ValidationError: there is no exchange rate between the two.
	"""
	fee = flt(contracts.settings().postal_invoice_fee)
	own = frappe.get_cached_value("Company", retainer.company, "default_currency")
	if not fee or own == retainer.currency:
		return fee
	from erpnext.setup.utils import get_exchange_rate

	rate = flt(get_exchange_rate(own, retainer.currency))
	if not rate:
		frappe.throw(
			frappe._("There is no exchange rate from {0} to {1}. Add a Currency Exchange.").format(
				own, retainer.currency
			)
		)
	return float(pricing.round_money(Decimal(str(fee)) * Decimal(str(rate)), minor_unit(retainer.currency)))


def _digits_of_currency(currency: str) -> int:
	number_format = frappe.get_cached_value("Currency", currency, "number_format")
	return _digits(number_format) if number_format else 2


def _digits_of_site() -> int:
	precision = frappe.db.get_default("currency_precision")
	if precision not in (None, ""):
		return cint(precision)
	return _digits(frappe.db.get_default("number_format") or "#,###.##")


def _digits(number_format: str) -> int:
	return frappe.utils.get_number_format_info(number_format)[2]
