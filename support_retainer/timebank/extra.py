"""Time given or taken beside the contract: top-ups, sold or given, and adjustments by hand, each with a reason."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import format_date, getdate

from support_retainer import clock
from support_retainer.core import timebank as core
from support_retainer.timebank.ledger import Entry, entries_of, post, reverse
from support_retainer.timebank.lots import lots
from support_retainer.timebank.periods import ensure_periods, lock, period_for
from support_retainer.words import bold, filled, hours


def mint_top_up(
	retainer: str,
	seconds: int,
	day: date,
	*,
	key: str,
	reason: str,
	valid_until: date | None = None,
	amount: Decimal = Decimal(0),
) -> str:
	"""Give a retainer's bank a lot of its own, valid from a day on; return the entry's name.

	Raises:
	        frappe.ValidationError: the day is outside the retainer, or the time ends before it begins.
	"""
	row = lock(retainer)
	if row.mode == "Without Timebank":
		frappe.throw(filled(_("{0} has no time bank to top up."), bold(retainer)))
	if seconds <= 0:
		frappe.throw(_("Give the hours to add, above zero."))
	if valid_until and valid_until < day:
		frappe.throw(filled(_("The time would end {0}, before it begins."), format_date(valid_until)))
	if day == getdate(row.start_date) > clock.today():
		ensure_periods(retainer, day)  # sold before the contract begins: there is no period sooner
	period = period_for(retainer, day).period
	(name,) = post(
		[
			Entry(
				retainer=row.name,
				customer=row.customer,
				period=period,
				entry_type="Top-up",
				key=key,
				occurred_on=datetime.combine(day, time.min),
				valid_from=day,
				valid_until=valid_until,
				seconds=seconds,
				amount=amount,
				currency=row.currency,
				reason=reason,
			)
		]
	)
	return name


def take_back_top_up(
	mint_key: str, seconds: int | None, day: date, *, key: str, reason: str, amount: Decimal = Decimal(0)
) -> str:
	"""Take time of a top-up back: all of it by reversal (`seconds` None), or a part by an entry of its own.

	Raises:
	        frappe.ValidationError: some of it was used; says how much is left.
	"""
	mint = frappe.db.get_value(
		"Timebank Entry", {"key": mint_key}, ["name", "retainer", "seconds"], as_dict=True
	)
	row = lock(mint.retainer)
	left = next((lot.remaining for lot in lots(row.name) if lot.name == mint.name), 0)
	wanted = int(mint.seconds) if seconds is None else seconds
	if wanted > left:
		frappe.throw(
			filled(
				_(
					"Of this top-up of {0}, {1} has been used: only {2} can be taken back, not {3}. Credit at most {2}."
				),
				hours(mint.seconds),
				hours(mint.seconds - left),
				hours(left),
				hours(wanted),
			),
			title=_("The top-up was used"),
		)
	if seconds is None:
		return reverse([mint.name], reason)[0]
	period = period_for(row.name, day).period
	values = {"period": period, "entry_type": "Top-up", "key": key, "lot": mint.name, "seconds": -seconds}
	values |= {"amount": amount, "currency": row.currency}
	return post([_plain(row, day, reason, **values)])[0]


def adjust(retainer: str, seconds: int, day: date, reason: str, valid_until: date | None = None) -> list[str]:
	"""Give the bank time (above zero: a lot of its own) or take some (below: from the oldest lots); return the entries.

	Raises:
	        frappe.ValidationError: no reason, or more than the bank holds is taken.
	"""
	if not (reason or "").strip():
		frappe.throw(_("Write why the time bank is adjusted."))
	if not seconds:
		frappe.throw(_("Give the hours to add, or below zero to take away."))
	row = lock(retainer)
	period = period_for(retainer, day).period
	key = f"ADJ:{frappe.generate_hash(length=10)}"
	if seconds > 0:
		dates = {"valid_from": day, "valid_until": valid_until}
		return post([_plain(row, day, reason, period=period, key=key, seconds=seconds, **dates)])
	draws, missing, _left = core.draw(lots(retainer), -seconds, day)
	if missing:
		frappe.throw(
			filled(
				_("The time bank holds {0} on {1}: {2} cannot be taken."),
				hours(-seconds - missing),
				format_date(day),
				hours(-seconds),
			)
		)
	return post(
		[
			_plain(
				row, day, reason, period=period, key=f"{key}:{number}", lot=draw.lot, seconds=-draw.seconds
			)
			for number, draw in enumerate(draws, start=1)
		]
	)


def take_back_allotment(
	row: frappe._dict, period: str, day: date, seconds: int, reason: str, key: str
) -> int:
	"""Take hours back from a period's own lot as far as they are there; return how many were (seconds)."""
	mints = [entry.name for entry in entries_of(period=period, entry_type="Allotment")]
	taken = 0
	for number, lot in enumerate((lot for lot in lots(row.name) if lot.name in mints), start=1):
		part = min(lot.remaining, seconds - taken)
		if part:
			values = {"period": period, "key": f"{key}:{number}", "lot": lot.name, "seconds": -part}
			post([_plain(row, day, reason, **values)])
			taken += part
	return taken


def _plain(row: frappe._dict, day: date, reason: str, **values) -> Entry:
	values = {"entry_type": "Adjustment", **values}
	return Entry(
		retainer=row.name,
		customer=row.customer,
		occurred_on=datetime.combine(day, time.min),
		reason=reason,
		**values,
	)
