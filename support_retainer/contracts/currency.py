"""Whether a company can invoice a customer in a currency, by ERPNext's own rules for Sales Invoices."""

from __future__ import annotations

from decimal import Decimal

import frappe
from erpnext.accounts.party import get_party_account, get_party_gle_currency
from erpnext.setup.utils import get_exchange_rate
from frappe import _
from frappe.utils import cint, get_number_format_info

from support_retainer import clock
from support_retainer.words import bold, filled


def check_currency(customer: str, company: str, currency: str) -> None:
	"""Refuse a currency an invoice to the customer could not be made out in.

	Raises:
	        frappe.ValidationError: says which currency would do, or which record is missing.
	"""
	company_currency = frappe.get_cached_value("Company", company, "default_currency")
	account = get_party_account("Customer", customer, company)
	account_currency = account and frappe.get_cached_value("Account", account, "account_currency")
	account_currency = account_currency or company_currency
	takes_any = account_currency == company_currency and (
		get_party_gle_currency("Customer", customer, company) or _is_multi_currency_allowed()
	)
	if currency != account_currency and not takes_any:
		frappe.throw(
			filled(
				_(
					"{0} is booked on {1}, which is kept in {2}. Choose that currency, or give the customer an account "
					"in {3}."
				),
				bold(customer),
				account,
				bold(account_currency),
				currency,
			),
			title=_("Currency"),
		)
	if currency != company_currency and not get_exchange_rate(currency, company_currency, clock.today()):
		frappe.throw(
			filled(
				_("There is no exchange rate from {0} to {1}. Add a Currency Exchange, then try again."),
				bold(currency),
				bold(company_currency),
			),
			title=_("Currency"),
		)


def _is_multi_currency_allowed() -> bool:
	field = "allow_multi_currency_invoices_against_single_party_account"
	return bool(frappe.db.get_single_value("Accounts Settings", field))


def minor_unit(currency: str) -> Decimal:
	"""Return the smallest amount a ledger entry can have: the currency's own, or a coarser one the site rounds to."""
	return Decimal(1).scaleb(-min(_digits_of_currency(currency), _digits_of_site()))


def _digits_of_currency(currency: str) -> int:
	number_format = frappe.get_cached_value("Currency", currency, "number_format")
	return get_number_format_info(number_format)[2] if number_format else 2


def _digits_of_site() -> int:
	precision = frappe.db.get_default("currency_precision")
	if precision not in (None, ""):
		return cint(precision)
	return get_number_format_info(frappe.db.get_default("number_format") or "#,###.##")[2]
