"""Exchange rates."""

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, flt, getdate, nowdate


@frappe.whitelist()
def get_exchange_rate(
	from_currency: str | None,
	to_currency: str | None,
	transaction_date: str | date | None = None,
	args: str | None = None,
) -> float | None:
	"""How much of `to_currency` one unit of `from_currency` is worth on a day.

	The newest Currency Exchange up to that day decides; Accounts Settings may refuse stale ones. `args` is
	"for_selling" or "for_buying". Zero with a message when there is none: ERPNext would ask a rate service.
	"""
	if not (from_currency and to_currency):
		return None
	if from_currency == to_currency:
		return 1
	day = getdate(transaction_date or nowdate())
	filters = [
		["date", "<=", day],
		["from_currency", "=", from_currency],
		["to_currency", "=", to_currency],
	]
	if args in ("for_buying", "for_selling"):
		filters.append([args, "=", 1])
	settings = frappe.get_cached_doc("Accounts Settings")
	if not settings.allow_stale:
		filters.append(["date", ">", add_days(day, -settings.stale_days)])
	rates = frappe.get_all("Currency Exchange", filters, pluck="exchange_rate", order_by="date desc", limit=1)
	if rates:
		return flt(rates[0])
	frappe.msgprint(
		_(
			"Unable to find exchange rate for {0} to {1} for key date {2}."
			" Please create a Currency Exchange record manually"
		).format(from_currency, to_currency, transaction_date or nowdate())
	)
	return 0.0
