"""Draw From Next Period: time the bank could not give is owed, and taken first from the next period that opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import frappe
from frappe import _

from support_retainer import contracts
from support_retainer.core import pricing
from support_retainer.core import timebank as core
from support_retainer.timebank.ledger import Entry, entries_of, post, reverse
from support_retainer.timebank.lots import lots
from support_retainer.words import in_language_of


def owed_entries(retainer: str) -> list[frappe._dict]:
	"""Return what a retainer owes its bank, oldest first."""
	return entries_of(retainer=retainer, billing_status="Owed")


def owed_seconds(entry: frappe._dict) -> int:
	"""Return the time an owed entry draws: its overage, or, for a surcharge settled in time, its share of the base."""
	if entry.entry_type != "Surcharge":
		return int(entry.overage)
	share = Decimal(int(entry.base)) * Decimal(str(entry.surcharge_percent)) / 100
	return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def draw_owed(row: frappe._dict, period: str, day: date) -> None:
	"""Settle debts from the lots valid on the first day of a newly opened period: each is reversed and drawn there.

	What the period cannot give stays owed.
	"""
	debts = owed_entries(row.name)
	if not debts:
		return
	left: Sequence[core.Lot] = lots(row.name)
	settled, entries = [], []
	for debt in debts:
		need = owed_seconds(debt)
		draws, missing, left = core.draw(left, need, day)
		if draws:
			settled.append(debt.name)
			with in_language_of(row.customer):
				entries += _drawn(debt, draws, need, missing, period)
	with in_language_of(row.customer):
		reason = _("Settled first from period {0}").format(period)
	reverse(settled, reason)
	post(entries)


def _drawn(
	debt: frappe._dict, draws: Sequence[core.Draw], need: int, missing: int, period: str
) -> list[Entry]:
	"""Return a draw for each lot, and what stays owed; together they are the debt's time worked and charged."""
	amount = Decimal(str(debt.amount))
	values = {
		"retainer": debt.retainer,
		"customer": debt.customer,
		"period": period,
		"occurred_on": debt.occurred_on,
		"rate": Decimal(str(debt.rate)),
		"surcharge_percent": Decimal(str(debt.surcharge_percent)),
		"project_management_percent": Decimal(str(debt.project_management_percent or 0)),
		"currency": debt.currency,
		"ticket_type": debt.ticket_type,
		"ticket": debt.ticket,
		"timesheet": debt.timesheet,
		"timesheet_detail": debt.timesheet_detail,
		"sla_rule": debt.sla_rule,
		"is_late": True,
		"late_for": debt.late_for or debt.period,
		"derivation": debt.derivation,
		"reason": _("Owed from {0}, settled first from {1}").format(debt.late_for or debt.period, period),
	}
	entries, taken = [], 0
	for number, one in enumerate(draws, start=1):
		share = {
			field: int(debt[field]) * (taken + one.seconds) // need - int(debt[field]) * taken // need
			for field in ("worked", "charged", "base")
		}
		taken += one.seconds
		entries.append(
			Entry(
				**values,
				**share,
				entry_type="Draw",
				component=debt.component or "Work",
				key=f"OWED:{debt.name}:{number}",
				line_no=number,
				lot=one.lot,
				seconds=-one.seconds,
				drawn=one.seconds,
			)
		)
	if missing:
		entries.append(_rest(debt, entries, missing, need, amount, values))
	return entries


def _rest(
	debt: frappe._dict, drawn: list[Entry], missing: int, need: int, amount: Decimal, values: dict
) -> Entry:
	over, under = amount.as_integer_ratio()
	left = {
		field: int(debt[field]) - sum(getattr(entry, field) for entry in drawn)
		for field in ("worked", "charged", "base")
	}
	return replace(
		Entry(**values, **left, entry_type=debt.entry_type, key=f"OWED:{debt.name}:rest"),
		component=debt.component or "",
		line_no=len(drawn) + 1,
		overage=0 if debt.entry_type == "Surcharge" else missing,
		amount=pricing.round_money(
			Fraction(over * missing, under * need), contracts.minor_unit(debt.currency)
		),
		billing_status="Owed",
		reason=_("Owed from {0}; the next period could not give it").format(debt.late_for or debt.period),
	)
