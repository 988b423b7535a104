"""Durations, percentages and amounts as people read them. The same words in the desk, on invoices and in the ledger."""

from __future__ import annotations

from decimal import Decimal

from frappe.utils import fmt_money


def hours(seconds: int) -> str:
	"""Return a duration as h:mm, with seconds only where there are any: 3600 → "1:00", 2925 → "0:48:45"."""
	sign, seconds = ("-" if seconds < 0 else ""), abs(int(seconds))
	text = f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02d}"
	return f"{text}:{seconds % 60:02d}" if seconds % 60 else text


def percent(value: Decimal | float) -> str:
	"""Return a percentage without idle decimals: Decimal("75.0") → "75 %"."""
	text = f"{Decimal(str(value)).normalize():f}"
	return f"{text} %"


def money(amount: Decimal | float, currency: str) -> str:
	"""Return an amount in the site's form, with its currency."""
	return fmt_money(float(amount), currency=currency)
