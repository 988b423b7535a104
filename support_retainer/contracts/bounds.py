"""What a number of a contract may be. A figure that no contract has is a slip of the keyboard, and costs somebody money."""

from __future__ import annotations

import math
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from support_retainer.words import filled


@dataclass(frozen=True, slots=True)
class Bound:
	"""Both ends are allowed. `digits`: more decimals than that are refused (None: any)."""

	low: float
	high: float
	digits: int | None = None


HOURS = Bound(0, 100_000)
PERCENT = Bound(0, 100)
MONEY = Bound(0, 100_000_000)
RETAINER = {
	"hourly_rate": Bound(0.01, 1_000_000, 4),
	"hours_per_period": Bound(0, 10_000),
	"retainer_fee": MONEY,
	"project_management_percent": PERCENT,
	"increment_minutes": Bound(1, 480),
	"carry_over_periods": Bound(0, 120),
	"carry_over_cap_hours": HOURS,
	"estimate_threshold_hours": HOURS,
}
SETTINGS = {
	"project_management_percent": PERCENT,
	"increment_minutes": Bound(1, 480),
	"estimate_threshold_hours": HOURS,
	"longest_entry_hours": Bound(1, 168),
	"immediate_grace_minutes": Bound(0, 1440),
	"team_capacity_hours": HOURS,
	"assumed_ticket_hours": Bound(0, 1000),
	"postal_invoice_fee": Bound(0, 100_000),
	"close_after_days": Bound(0, 365),
	"topup_warning_days": Bound(0, 365),
}
RULE = {
	"surcharge_percent": Bound(0, 1000),
	**dict.fromkeys(
		("assign_from_hours", "assign_within_hours", "start_from_hours", "start_within_hours"), Bound(0, 8760)
	),
}


def check_bounds(doc: Document, bounds: dict[str, Bound], fields: list[str] | None = None) -> None:
	"""Refuse a number that is none, or outside what a contract has. Empty ones are left to whoever needs them.

	Args:
	        doc: the document.
	        bounds: by field.
	        fields: only these; None: all.

	Raises:
	        frappe.ValidationError: names the field and what it may be.
	"""
	for field, bound in bounds.items():
		value = doc.get(field)
		if value in (None, "") or (fields is not None and field not in fields):
			continue
		number = flt(value)
		if not math.isfinite(number) or not bound.low <= number <= bound.high or not _fits(number, bound):
			_refuse(doc, field, value, bound)


def _fits(number: float, bound: Bound) -> bool:
	return bound.digits is None or round(number, bound.digits) == number


def _refuse(doc: Document, field: str, value: object, bound: Bound) -> None:
	label, given = _(doc.meta.get_label(field)), frappe.utils.escape_html(str(value))
	if bound.digits is not None and bound.low <= flt(value) <= bound.high:
		frappe.throw(
			filled(_("{0} is {1}. Give at most {2} decimals."), label, given, bound.digits),
			title=_("Check the number"),
		)
	frappe.throw(
		filled(
			_("{0} is {1}. Give a number from {2} to {3}."),
			label,
			given,
			_plain(bound.low),
			_plain(bound.high),
		),
		title=_("Check the number"),
	)


def _plain(number: float) -> str:
	return f"{number:,}".replace(",", "\u00a0")
