"""Top-ups: extra hours for the time bank, given with a reason, or sold on an invoice and minted when it is submitted."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from support_retainer import clock, contracts, timebank
from support_retainer.billing import stamps
from support_retainer.words import bold, filled, html, in_language_of
from support_retainer.words import hours as in_words

HOUR = "Hour"


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
			"uom": HOUR,
			"cost_center": row.cost_center,
			"project": row.project,
			**stamps.stamp(stamps.TOP_UP),
		},
	)
	doc.set_missing_values()
	doc.flags.from_room = True
	doc.insert(ignore_permissions=True)  # who may top up a bank need not make invoices otherwise
	if row.submit_invoices:
		doc.submit()
	return doc.name


def stamp_sold(doc: Document) -> None:
	"""Stamp the lines by which people sell time: new ones with the item for top-ups, and copies of lines that sold some.

	An invoice that belongs to no retainer yet comes under the one retainer of its customer with a time bank.
	"""
	if doc.is_opening == "Yes":  # what was sold before the books began is in the bank, if anywhere
		return
	item = contracts.settings().topup_item
	there = set() if doc.is_new() else set(stamps.stored(doc.name))
	for row in doc.items:
		if row.get("timebank_line"):
			continue
		is_sold = row.get("timebank_kind") == stamps.TOP_UP or bool(item and row.item_code == item)
		if is_sold and row.name not in there:
			doc.retainer = doc.get("retainer") or _retainer_to_top_up(doc)
			stamps.put(row, stamps.TOP_UP if doc.retainer else "")


def say(doc: Document) -> None:
	"""Tell whoever saves a draft how much time it sells, where its unit does not say so by itself.

	Raises:
	        frappe.ValidationError: a line sells time in a unit that is no known number of hours.
	"""
	for row in filter(is_sold, doc.items):
		seconds = seconds_sold(row)
		if row.uom != HOUR and not doc.docstatus:
			text = _("Row {0} adds {1} to the time bank.")
			said = filled(text, row.idx, in_words(seconds))
			frappe.msgprint(html(said), title=_("Time sold"), indicator="blue")


def is_sold(row: Document | frappe._dict) -> bool:
	"""Return whether an invoice row sells time to a bank."""
	return stamps.kind_of(row) == stamps.TOP_UP


def seconds_sold(row: Document | frappe._dict) -> int:
	"""Return the time a line sells, whatever its unit is.

	Raises:
	        frappe.ValidationError: nothing says how many hours its unit is.
	"""
	return contracts.hours_to_seconds(abs(flt(row.qty)) * _hours_in(row))


def mint(doc: Document) -> None:
	"""Give the bank what a submitted invoice sells it."""
	with in_language_of(doc.customer):
		reason = _("Sold on {0}").format(doc.name)
	for row in filter(is_sold, doc.items):
		name = timebank.mint_top_up(
			doc.retainer,
			seconds_sold(row),
			max(clock.today(), _start(doc.retainer)),
			key=f"TOPUP:{row.name}",
			reason=reason,
			amount=stamps.net(row),
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


def seconds_given_back(doc: Document, row: Document, source: frappe._dict) -> int:
	"""Return the time that a line of a note gives back of what a line sold: none where it moves the price alone."""
	if not doc.is_return or not flt(row.qty) or flt(row.rate) < flt(source.rate):
		return 0
	return seconds_sold(row)


def take_back_part(doc: Document, row: Document, sold_by: str, seconds: int) -> None:
	"""Take back what one row of a credit note gives back of what an invoice's row sold.

	Raises:
	        frappe.ValidationError: some of it was used; says how much is left.
	"""
	with in_language_of(doc.customer):
		reason = _("Credited by {0} on {1}").format(doc.name, doc.return_against)
	name = timebank.take_back_top_up(
		f"TOPUP:{sold_by}",
		seconds,
		clock.today(),
		key=f"CREDIT:{row.name}",
		reason=reason,
		amount=stamps.net(row),
	)
	timebank.set_billing([name], "Billed", doc.name)


def period_of(sold_by: str) -> str:
	"""Return the period in which an invoice's row sold its time."""
	return frappe.db.get_value("Timebank Entry", {"key": f"TOPUP:{sold_by}"}, "period")


def _hours_in(row: Document | frappe._dict) -> float:
	"""Return how many hours a line's unit is: ERPNext's factor where its stock unit is the hour, else that of the two units."""
	if row.uom == HOUR:
		return 1.0
	factor = flt(frappe.db.get_value("UOM Conversion Factor", {"from_uom": row.uom, "to_uom": HOUR}, "value"))
	if row.stock_uom == HOUR and (flt(row.conversion_factor) not in (0, 1) or _is_known(row)):
		return flt(row.conversion_factor)
	if not factor:
		frappe.throw(
			filled(
				_(
					"Row {0} sells time in {1}, and nothing says how many hours that is. Choose the unit {2}, or give the item {3} a conversion from {1}."
				),
				row.idx,
				row.uom,
				HOUR,
				row.item_code,
			),
			title=_("How many hours?"),
		)
	return factor


def _is_known(row: Document | frappe._dict) -> bool:
	filters = {"parent": row.item_code, "uom": row.uom}
	return bool(frappe.db.exists("UOM Conversion Detail", filters))


def _retainer_to_top_up(doc: Document) -> str | None:
	"""Return the retainer that an invoice made by hand sells time to: the customer's only running one with a time bank.

	Raises:
	        frappe.ValidationError: there are several, and nothing says which.
	"""
	filters = {"customer": doc.customer, "company": doc.company, "mode": "With Timebank"}
	found = frappe.get_all("Retainer", filters | {"status": ("in", ("Active", "Paused"))}, pluck="name")
	if len(found) > 1:
		frappe.throw(
			filled(
				_("{0} has several retainers: {1}. Use Top Up on the one that is to get the hours."),
				doc.customer,
				", ".join(sorted(found)),
			),
			title=_("Which time bank?"),
		)
	return found[0] if found else None


def _start(retainer: str):
	return getdate(frappe.get_cached_value("Retainer", retainer, "start_date"))
