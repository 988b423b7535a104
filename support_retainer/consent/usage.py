"""The running total of a ticket: the time booked on it, saved or submitted, in started intervals as it is charged.

Time that is not charged uses up nothing that a customer approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import cint

from support_retainer import billing, clock, timebank
from support_retainer.consent.price import in_increments
from support_retainer.core import epoch_seconds

POOLED = "Ticket and Day"
SUBMITTED = 1


@dataclass(frozen=True, slots=True)
class Stretch:
	"""A row of a timesheet: real elapsed seconds, the day it began, whether it is submitted, and when it was worked."""

	day: date
	seconds: int
	submitted: bool
	span: billing.Span


def of_tickets(ticket_type: str, names: Iterable[str], but: str | None = None) -> dict[str, list[Stretch]]:
	"""Return what is booked on each ticket, cancelled timesheets and one named timesheet left out. One query."""
	found: dict[str, list[Stretch]] = {name: [] for name in names}
	filters = {"ticket_type": ticket_type, "ticket": ("in", list(found)), "docstatus": ("<", 2)}
	fields = ["name", "parent", "ticket", "from_time", "to_time", "docstatus", "not_charged_because"]
	fields += ["from_second_hour", "to_second_hour"]
	for row in timebank.rows("Timesheet Detail", filters, fields, "from_time"):
		if row.parent != but and row.from_time and row.to_time and not row.not_charged_because:
			found[row.ticket].append(_stretch(row, row.docstatus == SUBMITTED))
	return found


def of_sheet(doc: Document | None) -> dict[tuple[str, str], list[Stretch]]:
	"""Return what one timesheet books on each ticket, by kind and name of the ticket."""
	found: dict[tuple[str, str], list[Stretch]] = {}
	for row in doc.time_logs if doc else ():
		if row.get("ticket") and row.from_time and row.to_time and not row.get("not_charged_because"):
			found.setdefault((row.ticket_type, row.ticket), []).append(_stretch(row, False))
	return found


def worked(stretches: Iterable[Stretch]) -> int:
	"""Return the seconds worked, as they are on the clock."""
	return sum(each.seconds for each in stretches)


def charged(stretches: Iterable[Stretch], retainer: frappe._dict) -> int:
	"""Return the seconds charged for work: started intervals of each row, or of each day where the retainer pools them."""
	increment = max(1, cint(retainer.increment_minutes)) * 60
	if retainer.rounding_scope != POOLED:
		return sum(in_increments(each.seconds, increment) for each in stretches)
	days: dict[date, int] = {}
	for each in stretches:
		days[each.day] = days.get(each.day, 0) + each.seconds
	return sum(in_increments(seconds, increment) for seconds in days.values())


def worth(ticket_type: str, booked: Mapping[str, Iterable[Stretch]]) -> dict[str, Decimal | None]:
	"""Return what the time on each ticket is worth, as if there were no bank; None where no rule prices it."""
	return billing.worth(
		ticket_type, {name: [each.span for each in found if each.seconds] for name, found in booked.items()}
	)


def _stretch(row, submitted: bool) -> Stretch:
	start, end = clock.worked(row)
	seconds = epoch_seconds(end) - epoch_seconds(start)
	key = row.get("name") or f"row {row.idx}"
	return Stretch(start.date(), max(0, seconds), submitted, billing.Span(key, start, end))
