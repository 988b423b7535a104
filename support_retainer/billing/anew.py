"""Charging a submitted row of time anew: what it wrote is reversed, and it is priced and settled again, with all that shares its pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import frappe
from frappe.utils import cint

from support_retainer import timebank
from support_retainer.billing import draft, explain, pools, posting, sheets
from support_retainer.billing.charging import RetainerCharge, charge_again


def charge_row(detail: str, entries: Sequence[frappe._dict], reason: str, because: str | None = None) -> None:
	"""Reverse a row's live entries and charge it again, under its retainer's lock, which the caller holds.

	Args:
	        detail: the row of a submitted timesheet.
	        entries: its live entries, all of one retainer.
	        reason: what the reversals say, in the customer's language.
	        because: what the new entries say besides, when somebody decided on the row.
	"""
	timebank.reverse([entry.name for entry in entries], reason)
	part = charge_again(entries[0].retainer, pools.as_booked([detail])[0])
	post(part, reason, because)
	bring_up_to_date(part, {entry.period for entry in entries if entry.amount})


def give_rest(
	detail: str, rest: Sequence[frappe._dict], credited: Sequence[frappe._dict], reason: str
) -> None:
	"""Give what the bank gave for a row whose money was invoiced and credited: its `rest` is reversed, what is `credited` stays invoiced."""
	timebank.reverse([entry.name for entry in rest], reason)
	part = charge_again(rest[0].retainer, pools.as_booked([detail])[0])
	post(part, reason, credited=credited)
	bring_up_to_date(part, {entry.period for entry in rest if entry.amount})


def post(
	part: RetainerCharge,
	reason: str,
	because: str | None = None,
	credited: Sequence[frappe._dict] = (),
) -> None:
	"""Write a charge: what it replaces is reversed first, and the rows of submitted timesheets follow the ledger.

	Of time that is given, what was `credited` on its invoice counts there already, and not once more.
	"""
	timebank.reverse([entry.name for entry in part.replaced], reason)
	timebank.post([_less(entry, credited) for entry in posting.entries_for(part, because)])
	charged_before = (*part.others, *(part.rows if part.again else ()))
	notes = {row.booked.row.name: explain.note(row) for row in charged_before}
	sheets.follow_ledger(notes, notes)


def _less(entry: timebank.Entry, credited: Sequence[frappe._dict]) -> timebank.Entry:
	if not credited or entry.entry_type != pools.NOT_CHARGED:
		return entry
	return replace(
		entry,
		worked=entry.worked - sum(cint(each.worked) for each in credited),
		would_charged=entry.would_charged - sum(cint(each.charged) for each in credited),
		would_amount=entry.would_amount - sum((Decimal(str(each.amount)) for each in credited), Decimal(0)),
	)


def bring_up_to_date(part: RetainerCharge, more: set[str] | None = None) -> None:
	"""Bring the drafts of a charge's periods in line; those of `more` periods where there is one."""
	if any(each.amount for each in (*part.rows, *part.others, *part.replaced)):
		periods = {row.period for row in (*part.rows, *part.others)} | {
			entry.period for entry in part.replaced
		}
		for period in sorted(periods):
			draft.bring_up_to_date(part.retainer, period)
		more = (more or set()) - periods
	for period in sorted(more or ()):
		draft.bring_up_to_date(part.retainer, period, only_existing=True)
