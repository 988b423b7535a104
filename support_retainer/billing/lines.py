"""Ledger entries as invoice lines: one for each ticket, item and rate, adding up to the ledger to the öre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import frappe
from frappe import _
from frappe.utils import cint, flt, format_date

from support_retainer import contracts, tickets, timebank
from support_retainer.billing import explain, stamps

SUPPORT, PROJECT_MANAGEMENT, SURCHARGE = "support_item", "project_management_item", "surcharge_item"
FEE = "retainer_fee_item"
ORDER = (FEE, SUPPORT, PROJECT_MANAGEMENT, SURCHARGE)
KINDS = dict(zip(ORDER, stamps.CHARGES, strict=True))


@dataclass(frozen=True, slots=True)
class Line:
	"""One invoice line: `seconds` at `rate` an hour make `amount`, exactly."""

	item_field: str
	ticket_type: str
	ticket: str
	seconds: int
	rate: Decimal
	amount: Decimal
	entries: tuple[frappe._dict, ...]


def lines(entries: Sequence[frappe._dict]) -> list[Line]:
	"""Group entries with money into lines, tickets in the order their work began."""
	groups: dict[tuple, list[frappe._dict]] = {}
	for entry in entries:
		key = (entry.ticket_type, entry.ticket, _item_field(entry), _rate(entry), _management(entry))
		groups.setdefault(key, []).append(entry)
	first = {}
	for entry in entries:
		first.setdefault(entry.ticket, entry.occurred_on)
	found = [
		Line(
			item_field=item_field,
			ticket_type=ticket_type,
			ticket=ticket,
			seconds=sum(entry.base or entry.overage for entry in group),
			rate=rate,
			amount=sum((_amount(entry) for entry in group), Decimal(0)),
			entries=tuple(group),
		)
		for (ticket_type, ticket, item_field, rate, _percent), group in groups.items()
	]
	return sorted(
		found,
		key=lambda line: (
			line.item_field != FEE,
			first[line.ticket],
			line.ticket or "",
			ORDER.index(line.item_field),
			line.rate,
			line.entries[0].occurred_on,
		),
	)


def as_items(retainer: frappe._dict, found: Iterable[Line], invoice) -> list[dict]:
	"""Return Sales Invoice Item values for these lines, whose rounding ERPNext cannot change."""
	settings, found = contracts.settings(), list(found)
	digits = _digits_of(invoice)
	subjects, whole = _subjects(found), _whole_rows(found)
	return [
		{
			"item_code": settings.get(line.item_field),
			"description": _description(line, subjects.get(line.ticket, ""), retainer, whole),
			**_quantity(line, digits),
			"cost_center": retainer.cost_center,
			"project": retainer.project,
			"ticket_type": line.ticket_type,
			"ticket": line.ticket,
			**stamps.stamp(KINDS[line.item_field], (entry.name for entry in line.entries)),
		}
		for line in found
	]


def _item_field(entry: frappe._dict) -> str:
	if entry.entry_type == "Fee":
		return FEE
	if entry.entry_type == "Surcharge":
		return SURCHARGE
	return PROJECT_MANAGEMENT if entry.component == "Project Management" else SUPPORT


def _rate(entry: frappe._dict) -> Decimal:
	"""Return money per hour: the standard price, or the surcharge on it."""
	rate = Decimal(str(entry.rate))
	return rate * Decimal(str(entry.surcharge_percent)) / 100 if entry.entry_type == "Surcharge" else rate


def _management(entry: frappe._dict) -> Decimal:
	"""Return the share (percent) that project management was added at; work at two of them never shares a line."""
	is_management = _item_field(entry) == PROJECT_MANAGEMENT
	return Decimal(str(entry.project_management_percent or 0)) if is_management else Decimal(0)


def _amount(entry: frappe._dict) -> Decimal:
	return Decimal(str(entry.amount))


def _quantity(line: Line, digits: tuple[int, int]) -> dict:
	if line.item_field == FEE:
		return {"qty": 1, "rate": flt(line.amount), "uom": "Nos"}
	return _exact(line.seconds, line.rate, line.amount, digits)


def quantity(seconds: int, rate_per_hour: Decimal, amount: Decimal, document) -> dict:
	"""Return hours × rate where that is the amount exactly, with no rounding left to the site, else 1 × amount.

	Sites round halves up or to even, to two to nine digits; the amount must come out on all of them.
	"""
	return _exact(seconds, rate_per_hour, amount, _digits_of(document))


def _digits_of(document) -> tuple[int, int]:
	"""Return to how many digits a document's lines keep their quantity and their rate."""
	child = document.meta.get_field("items").options
	item = frappe.new_doc(child, parent_doc=document, parentfield="items")
	return item.precision("qty"), item.precision("rate")


def _exact(seconds: int, rate_per_hour: Decimal, amount: Decimal, digits: tuple[int, int]) -> dict:
	qty_digits, rate_digits = digits
	qty = _rounded(Decimal(seconds) / 3600, Decimal(1).scaleb(-qty_digits))
	rate = _rounded(rate_per_hour, Decimal(1).scaleb(-rate_digits))
	if rate == rate_per_hour and qty * rate == amount:
		return {"qty": flt(qty), "rate": flt(rate), "uom": "Hour"}
	return {"qty": 1, "rate": flt(amount), "uom": "Nos"}


def _rounded(value: Decimal, unit: Decimal) -> Decimal:
	return value.quantize(unit, rounding=ROUND_HALF_UP)


def _subjects(found: list[Line]) -> dict[str, str]:
	subjects = {}
	for doctype in {line.ticket_type for line in found if line.ticket_type}:
		names = {line.ticket for line in found if line.ticket_type == doctype}
		subjects.update(
			{name: ticket.subject for name, ticket in tickets.get_tickets(doctype, names).items()}
		)
	return subjects


def _whole_rows(found: Iterable[Line]) -> dict[str, tuple[int, int]]:
	"""Return the seconds worked of each row of time on these lines, and those of its work that the bank gave. One query."""
	details = {entry.timesheet_detail for line in found for entry in line.entries if entry.timesheet_detail}
	whole: dict[str, tuple[int, int]] = {}
	for entry in timebank.entries_of(timesheet_detail=("in", details)) if details else ():
		worked, drawn = whole.get(entry.timesheet_detail, (0, 0))
		given = cint(entry.drawn) if entry.component == "Work" else 0
		whole[entry.timesheet_detail] = (worked + cint(entry.worked), drawn + given)
	return whole


def _description(line: Line, subject: str, retainer: frappe._dict, whole: dict[str, tuple[int, int]]) -> str:
	"""Return the line's text: ticket, what it is, and each time worked with what of it is on this line."""
	if line.item_field == FEE:
		return "<br>".join(frappe.utils.escape_html(entry.derivation) for entry in line.entries)
	head = frappe.utils.escape_html(f"{line.ticket}: {subject}" if line.ticket else subject)
	when = [_when(entry, whole.get(entry.timesheet_detail)) for entry in line.entries]
	return "<br>".join([head, _what(line, retainer), *when])


def _what(line: Line, retainer: frappe._dict) -> str:
	rate = explain.money(line.entries[0].rate, retainer.currency)
	if line.item_field == SURCHARGE:
		return _("Urgent surcharge {0} of {1}/h").format(
			explain.percent(line.entries[0].surcharge_percent), rate
		)
	if line.item_field == PROJECT_MANAGEMENT:
		return _("Project management {0} at {1}/h").format(
			explain.percent(line.entries[0].project_management_percent or 0), rate
		)
	return (
		_("Support beyond the time bank at {0}/h").format(rate)
		if retainer.mode != "Without Timebank"
		else _("Support at {0}/h").format(rate)
	)


def _when(entry: frappe._dict, whole: tuple[int, int] | None) -> str:
	"""Return when the work was done and what of it is on this line; of a part, what it is a part of."""
	day, charged = format_date(entry.occurred_on), explain.hours(entry.base or entry.overage)
	if not entry.worked:
		return _("{0}: charged {1}").format(day, charged)
	worked, drawn = whole or (entry.worked, 0)
	if drawn:
		return _("{0}: worked {1}, of which {2} from the bank, charged {3}").format(
			day, explain.hours(worked), explain.hours(drawn), charged
		)
	if entry.worked != worked:
		return _("{0}: worked {1} of {2}, charged {3}").format(
			day, explain.hours(entry.worked), explain.hours(worked), charged
		)
	return _("{0}: worked {1}, charged {2}").format(day, explain.hours(entry.worked), charged)
