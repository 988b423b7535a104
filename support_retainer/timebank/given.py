"""What a period gives and costs by itself: its hours, and its fee."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction

import frappe
from frappe import _
from frappe.utils import flt, format_date

from support_retainer import contracts
from support_retainer.core import pricing
from support_retainer.core import timebank as core
from support_retainer.timebank.ledger import Entry
from support_retainer.words import hours, in_language_of, money


def opening_entries(row: frappe._dict, period: core.Period, name: str) -> list[Entry]:
	"""Return what a period is opened with: its lot, and its fee when that is billed in advance."""
	entries = []
	if seconds := allotment(row, period):
		entries.append(allotment_entry(row, period, name, seconds))
	if row.fee_billing == "In Advance" and (fee := fee_entry(row, period, name)):
		entries.append(fee)
	return entries


def allotment(row: frappe._dict, period: core.Period) -> int:
	"""Return the seconds a period's lot is opened with: the hours of the contract, by calendar days when it is cut."""
	if row.mode == "Without Timebank":
		return 0
	return core.prorated(
		contracts.hours_to_seconds(row.hours_per_period), period, row.period, bool(row.prorate)
	)


def allotment_entry(
	row: frappe._dict, period: core.Period, name: str, seconds: int, key: str | None = None
) -> Entry:
	"""Return the entry that makes a period's lot."""
	full = contracts.hours_to_seconds(row.hours_per_period)
	with in_language_of(row.customer):
		text = _("{0} for {1}{2}").format(hours(seconds), _dates(period), _share(row, period, hours(full)))
	return Entry(
		retainer=row.name,
		customer=row.customer,
		period=name,
		entry_type="Allotment",
		key=key or f"ALLOT:{name}",
		occurred_on=datetime.combine(period.start, time.min),
		seconds=seconds,
		valid_from=period.start,
		valid_until=core.valid_until(period, row.period, row.carry_over, int(row.carry_over_periods or 0)),
		derivation=text,
	)


def fee_entry(row: frappe._dict, period: core.Period, name: str, key: str | None = None) -> Entry | None:
	"""Return the entry of a period's fee, by calendar days when the period is cut; None where there is none."""
	amount = fee(row, period)
	if not amount:
		return None
	whole = money(flt(row.retainer_fee), row.currency)
	with in_language_of(row.customer):
		share = _share(row, period, whole)
		text = _("Fee for {0}: {1}{2}").format(_dates(period), money(amount, row.currency), share)
	return Entry(
		retainer=row.name,
		customer=row.customer,
		period=name,
		entry_type="Fee",
		key=key or f"FEE:{name}",
		occurred_on=datetime.combine(period.start, time.min),
		amount=amount,
		currency=row.currency,
		billing_status="To Bill",
		derivation=text,
	)


def fee(row: frappe._dict, period: core.Period) -> Decimal:
	"""Return a period's fee in the retainer's currency, prorated by calendar days and rounded half up."""
	if row.mode == "Without Timebank" or row.fee_billing == "Not Billed":
		return Decimal(0)
	full = core.full_period(row.period, period.start)
	share = Fraction(period.days, full.days) if row.prorate else 1
	whole = Fraction(*Decimal(str(row.retainer_fee or 0)).as_integer_ratio())
	return pricing.round_money(whole * share, contracts.minor_unit(row.currency))


def _dates(period: core.Period) -> str:
	return f"{format_date(period.start)}–{format_date(period.end)}"


def _share(row: frappe._dict, period: core.Period, whole: str) -> str:
	days = core.full_period(row.period, period.start).days
	if not row.prorate or period.days == days:
		return ""
	share = _("({0} of {1} days of {2})").format(period.days, days, whole)
	return f" {share}"
