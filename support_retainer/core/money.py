"""Money, exact until it is rounded once: rates are money per hour, durations whole seconds. Nothing is a float."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from fractions import Fraction

HOUR = 3600
HUNDRED = Decimal(100)
# Whatever precision the caller's decimal context has, an amount is exact or an error.
_EXACT = Context(prec=60, traps=[Inexact])


def money(seconds: int, rate: Decimal, percent: Decimal = HUNDRED) -> Fraction:
	"""What seconds cost at a rate per hour, or a percentage of it: exact, not rounded."""
	rate_over, rate_under = rate.as_integer_ratio()
	over, under = percent.as_integer_ratio()
	return Fraction(seconds * rate_over * over, HOUR * 100 * rate_under * under)


def round_money(amount: Fraction | Decimal | int, minor_unit: Decimal) -> Decimal:
	"""The amount in whole smallest coins, half up (away from zero, so that a reversal is the exact opposite)."""
	over, under = amount.as_integer_ratio()
	coin_over, coin_under = minor_unit.as_integer_ratio()
	coins = half_up(abs(over) * coin_under, under * coin_over)
	return _EXACT.multiply(Decimal(-coins if over < 0 else coins), minor_unit)


def half_up(over: int, under: int) -> int:
	"""Return a fraction as a whole number, half up."""
	return (2 * over + under) // (2 * under)
