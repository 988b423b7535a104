"""What the bank would hold, without opening anything: for questions that must not write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import frappe

from support_retainer import contracts
from support_retainer.core import timebank as core
from support_retainer.timebank import owed
from support_retainer.timebank.given import allotment
from support_retainer.timebank.lots import lots
from support_retainer.timebank.periods import is_paused, missing, name_of

NEWEST = 1_000_000_000  # a lot that is made next is younger than every lot there is


@dataclass(frozen=True, slots=True)
class Outlook:
	"""A bank with the periods opened that are due: its lots (seconds), oldest first, and these periods, oldest first.

	The periods have the fields of a Timebank Period that a screen shows. A lot that is not there yet has the name of its period.
	"""

	lots: list[core.Lot]
	periods: list[frappe._dict]


def outlook(retainer: str, on: date) -> int:
	"""Return the seconds a retainer's bank would hold on a date, with the periods opened that are due by then."""
	return core.balance(look_ahead(retainer, on).lots, on)


def look_ahead(retainer: str, until: date, without: Sequence[str] = ()) -> Outlook:
	"""Return a bank as it would be, were the periods opened that are due by a day. Writes and locks nothing.

	What the next period owes is drawn from it first, as its opening does.

	Args:
	        retainer: its name.
	        until: the day.
	        without: entries about to be reversed, seen as if they had been.
	"""
	row, found = frappe.get_cached_doc("Retainer", retainer), lots(retainer, without)
	due = missing(row, until)
	if not due:
		return Outlook(found, [])
	versions, periods = contracts.terms_versions(retainer), []
	debts = [owed.owed_seconds(entry) for entry in owed.owed_entries(retainer) if entry.name not in without]
	for number, period in enumerate(due):
		terms = contracts.terms_on(row, period.start, versions)
		given = 0 if is_paused(row, period) else allotment(terms, period)
		if given:
			found.append(_lot(terms, period, given, number))
		owing = sum(debts)
		found, debts = _settled(found, debts, period.start)
		periods.append(_period(retainer, period, given, owing - sum(debts)))
	held = (lot for lot in found if lot.remaining)
	return Outlook(sorted(held, key=lambda lot: (lot.valid_from, lot.number, lot.name)), periods)


def _period(retainer: str, span: core.Period, given: int, drawn: int) -> frappe._dict:
	return frappe._dict(
		name=name_of(retainer, span.start),
		retainer=retainer,
		status="Open",
		from_date=span.start,
		to_date=span.end,
		allotted=given,
		carried_in=0,
		topped_up=0,
		drawn=drawn,
		expired=0,
		carried_out=0,
		overage=0,
		balance=given - drawn,
	)


def _settled(found: Sequence[core.Lot], debts: Sequence[int], day: date) -> tuple[list[core.Lot], list[int]]:
	"""Return what the lots hold when debts (seconds) are drawn from them on a day, and what stays owed."""
	left = []
	for debt in debts:
		_draws, owing, found = core.draw(found, debt, day)
		left.append(owing)
	return list(found), [seconds for seconds in left if seconds]


def _lot(terms: frappe._dict, period: core.Period, seconds: int, number: int) -> core.Lot:
	carried = int(terms.carry_over_periods or 0)
	return core.Lot(
		name=name_of(terms.name, period.start),
		remaining=seconds,
		valid_from=period.start,
		valid_until=core.valid_until(period, terms.period, terms.carry_over, carried),
		number=NEWEST + number,
	)
