"""A retainer's terms, as the core wants them."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe.utils import cint, flt

from support_retainer import contracts
from support_retainer.core import pricing
from support_retainer.words import filled


def terms(retainer: frappe._dict) -> pricing.Terms:
	"""Return the pricing terms of a Retainer row: seconds, percent and an hourly rate in its currency."""
	return pricing.Terms(
		increment=cint(retainer.increment_minutes) * 60,
		project_management_percent=Decimal(str(retainer.project_management_percent or 0)),
		rate=Decimal(str(retainer.hourly_rate)),
		surcharge_settlement=retainer.surcharge_settlement,
		minor_unit=contracts.minor_unit(retainer.currency),
	)


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
			filled(
				frappe._("There is no exchange rate from {0} to {1}. Add a Currency Exchange."),
				own,
				retainer.currency,
			)
		)
	return float(
		pricing.round_money(Decimal(str(fee)) * Decimal(str(rate)), contracts.minor_unit(retainer.currency))
	)
