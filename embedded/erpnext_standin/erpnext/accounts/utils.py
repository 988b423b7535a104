"""Small questions about accounts."""

import frappe
from frappe import _
from frappe.utils import cstr


def get_account_currency(account: str | None) -> str | None:
	"""The currency of an account, else of its company."""
	if not account:
		return None
	company, currency = frappe.get_cached_value("Account", account, ["company", "account_currency"])
	return currency or frappe.get_cached_value("Company", company, "default_currency")


def get_autoname_with_number(number: str | None, title: str, company: str) -> str:
	"""`1510 - Debtors - EA`: number, title and the company's abbreviation."""
	abbr = frappe.get_cached_value("Company", company, "abbr")
	parts = [title.strip(), abbr]
	if cstr(number).strip():
		parts.insert(0, cstr(number).strip())
	return " - ".join(parts)


def validate_account_head(idx: int, account: str, company: str, context: str = "") -> None:
	"""Refuses accounts of another company and groups."""
	found = frappe.get_cached_value("Account", account, ["company", "is_group"], as_dict=True) or {}
	if found.get("company") != company:
		frappe.throw(
			_("Row {0}: {3} Account {1} does not belong to Company {2}").format(
				idx, frappe.bold(account), frappe.bold(company), context
			),
			title=_("Invalid Account"),
		)
	if found.get("is_group"):
		frappe.throw(
			_("Row {0}: Account {1} is a Group Account").format(idx, frappe.bold(account)),
			title=_("Invalid Account"),
		)
