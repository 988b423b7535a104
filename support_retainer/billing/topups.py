"""Top-ups: extra hours for the time bank, given with a reason, or sold on an invoice and minted when it is submitted."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from support_retainer import clock, contracts, timebank
from support_retainer.words import bold, filled, in_language_of
from support_retainer.words import hours as in_words


def give(retainer: str, hours: float, reason: str, valid_until: str | None = None) -> str:
	"""Give a retainer's bank extra hours from today on, free of charge; return the ledger entry.

	Raises:
	        frappe.ValidationError: no reason, no hours, or no period today.
	"""
	if not (reason or "").strip():
		frappe.throw(_("Write why the hours are given."))
	return timebank.mint_top_up(
		retainer,
		contracts.hours_to_seconds(hours),
		clock.today(),
		key=f"GIVEN:{frappe.generate_hash(length=10)}",
		reason=reason,
		valid_until=getdate(valid_until) if valid_until else None,
	)


def sell(retainer: str, hours: float, rate: float | None = None) -> str:
	"""Make the draft invoice that sells hours to a retainer's bank; they are there when it is submitted.

	Args:
	        retainer: its name.
	        hours: how many.
	        rate: money per hour in the retainer's currency; None: its hourly rate.
	"""
	row = timebank.lock(retainer)
	seconds = contracts.hours_to_seconds(hours)
	if row.mode == "Without Timebank":
		frappe.throw(filled(_("{0} has no time bank to top up."), bold(retainer)))
	if seconds <= 0:
		frappe.throw(_("Give the hours to add, above zero."))
	contracts.require_settings("topup_item")
	price = contracts.terms_on(row, clock.today()).hourly_rate if rate is None else rate
	doc = frappe.new_doc("Sales Invoice")
	doc.update(
		{
			"customer": row.customer,
			"company": row.company,
			"currency": row.currency,
			"project": row.project,
			"cost_center": row.cost_center,
			"retainer": row.name,
			"ignore_pricing_rule": 1,
		}
	)
	with in_language_of(row.customer):
		description = _("{0} h for the time bank").format(in_words(seconds))
	doc.append(
		"items",
		{
			"item_code": contracts.settings().topup_item,
			"description": description,
			"qty": flt(hours),
			"rate": flt(price),
			"uom": "Hour",
			"cost_center": row.cost_center,
			"project": row.project,
		},
	)
	doc.set_missing_values()
	doc.flags.from_room = True
	doc.insert(ignore_permissions=True)  # who may top up a bank need not make invoices otherwise
	if row.submit_invoices:
		doc.submit()
	return doc.name


def is_sold(row: Document | frappe._dict) -> bool:
	"""Return whether an invoice row sells time to a bank."""
	item = contracts.settings().topup_item
	return bool(item) and row.item_code == item


def mint(doc: Document) -> None:
	"""Give the bank what a submitted invoice sells it."""
	with in_language_of(doc.customer):
		reason = _("Sold on {0}").format(doc.name)
	for row in filter(is_sold, doc.items):
		name = timebank.mint_top_up(
			doc.retainer,
			contracts.hours_to_seconds(row.qty),
			max(clock.today(), _start(doc.retainer)),
			key=f"TOPUP:{row.name}",
			reason=reason,
			amount=Decimal(str(row.amount)),
		)
		timebank.set_billing([name], "Billed", doc.name)


def take_back(doc: Document) -> None:
	"""Take back all that a cancelled invoice sold.

	Raises:
	        frappe.ValidationError: some of it was used; says how much is left.
	"""
	with in_language_of(doc.customer):
		reason = _("Invoice {0} was cancelled").format(doc.name)
	for row in filter(is_sold, doc.items):
		timebank.take_back_top_up(f"TOPUP:{row.name}", None, clock.today(), key="", reason=reason)


def take_back_part(doc: Document, row: Document) -> None:
	"""Take back what one row of a credit note gives back.

	Raises:
	        frappe.ValidationError: some of it was used; says how much is left.
	"""
	source = f"TOPUP:{row.sales_invoice_item}"
	seconds = contracts.hours_to_seconds(abs(flt(row.qty)))
	if not seconds or not frappe.db.exists("Timebank Entry", {"key": source}):
		return
	with in_language_of(doc.customer):
		reason = _("Credited by {0} on {1}").format(doc.name, doc.return_against)
	name = timebank.take_back_top_up(
		source,
		seconds,
		clock.today(),
		key=f"CREDIT:{row.name}",
		reason=reason,
		amount=Decimal(str(row.amount)),
	)
	timebank.set_billing([name], "Billed", doc.name)


def _start(retainer: str):
	return getdate(frappe.get_cached_value("Retainer", retainer, "start_date"))
