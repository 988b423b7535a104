"""How a charge came about, in words. The same text stands on the timesheet row, in the ledger and on the invoice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

import frappe
from frappe.utils import cint, format_date, get_datetime

from support_retainer.billing.charging import RetainerCharge, RowCharge
from support_retainer.core import pricing
from support_retainer.selecting import select
from support_retainer.words import hours, in_language_of, money, percent
from support_retainer.words import translated as _


def span(row: RowCharge, day: Callable[..., str] = format_date) -> str:
	"""Return when the work was done: "05-11-2026 16:50–17:20", the date in the site's form."""
	start, end = get_datetime(row.booked.row.from_time), get_datetime(row.booked.row.to_time)
	return _("{0} {1}–{2}").format(day(start.date()), f"{start:%H:%M}", f"{end:%H:%M}")


def note(row: RowCharge) -> str:
	"""Return one line: worked, started quarters by rule, project management, what the bank covers, what is invoiced."""
	currency = row.retainer.currency
	if row.given:
		return _given_note(row)
	steps = [_quarters(row)]
	project_management = sum(segment.project_management for segment in row.segments)
	if project_management:
		steps[0] = _("{0}, plus {1} project management").format(steps[0], hours(project_management))
	if drawn := row.seconds("Bank"):
		steps.append(_("{0} from the time bank, {1} left").format(hours(drawn), hours(row.left)))
	overage = row.seconds("Overage")
	if overage and row.retainer.mode != "Without Timebank":
		steps.append(_("{0} beyond the bank").format(hours(overage)))
	steps += _money_steps(row, currency)
	if row.is_late:
		steps.append(_("late, in period {0}").format(row.period))
	return "; ".join(steps)


def _given_note(row: RowCharge) -> str:
	given = row.given
	text = _("not charged: given {0}, worth {1} ({2})").format(
		hours(given.charged), money(given.amount, row.retainer.currency), _(given.because)
	)
	return _("{0}; late, in period {1}").format(text, row.period) if row.is_late else text


def derivations(part: RetainerCharge) -> dict[str, str]:
	"""Return for each row, by its key, the whole way from the clock to the money, in the customer's language."""
	with in_language_of(part.retainer.customer):
		titles, say, day = lot_titles(part), cache(money), cache(format_date)
		return {row.booked.key: derivation(row, titles, say, day) for row in (*part.rows, *part.others)}


def derivation(
	row: RowCharge,
	titles: Mapping[str, str],
	say: Callable[..., str] = money,
	day: Callable[..., str] = format_date,
) -> str:
	"""Return the whole way from the clock to the money, one step a line.

	Args:
	        row: the charge.
	        titles: the lots' (see `lot_titles`).
	        say: amounts in words.
	        day: dates in words.
	"""
	lines = [
		_("Worked {0}: {1}").format(span(row, day), hours(sum(segment.worked for segment in row.segments)))
	]
	for segment in row.segments:
		if segment.quarters:
			lines.append(
				_("{0} × {1} min started under “{2}” (+{3}): {4}").format(
					segment.quarters,
					cint(row.retainer.increment_minutes),
					_(segment.rule),
					percent(segment.surcharge_percent),
					hours(segment.charged),
				)
			)
	project_management = sum(segment.project_management for segment in row.segments)
	if project_management:
		lines.append(
			_("Project management {0} of {1}: {2}").format(
				percent(row.retainer.project_management_percent),
				hours(sum(segment.charged for segment in row.segments)),
				hours(project_management),
			)
		)
	lines += [_piece(row, piece, titles, say) for piece in row.pieces]
	lines += _given(row, say)
	return "\n".join(lines)


def _given(row: RowCharge, say: Callable[..., str]) -> list[str]:
	if not row.given:
		return []
	lines = [
		_("Given: at {0}/h it would have cost {1}").format(
			say(row.retainer.hourly_rate, row.retainer.currency), say(row.given.amount, row.retainer.currency)
		),
		_("Not charged: {0}").format(_(row.given.because)),
	]
	return [*lines, row.given.note] if row.given.note else lines


def _quarters(row: RowCharge) -> str:
	charged = sum(segment.charged for segment in row.segments)
	count = sum(segment.quarters for segment in row.segments)
	surcharged = [
		f"{segment.quarters} × +{percent(segment.surcharge_percent)}"
		for segment in row.segments
		if segment.surcharge_percent and segment.quarters
	]
	text = _("{0} started quarters = {1}") if count != 1 else _("{0} started quarter = {1}")
	text = text.format(count, hours(charged))
	return f"{text} ({', '.join(surcharged)})" if surcharged else text


def _money_steps(row: RowCharge, currency: str) -> Iterable[str]:
	if not row.amount:
		return []
	parts = [money(piece.amount, currency) for piece in row.pieces if piece.amount]
	total = money(row.amount, currency)
	return [_("to invoice {0}").format(total if len(parts) == 1 else f"{' + '.join(parts)} = {total}")]


def _piece(row: RowCharge, piece: pricing.Piece, titles: Mapping[str, str], say: Callable[..., str]) -> str:
	what = _("Work") if piece.component == pricing.WORK else _("Project management")
	if piece.cover == pricing.BANK and piece.component != pricing.SURCHARGE:
		return _("{0}: {1} from the time bank (lot {2})").format(
			what, hours(piece.seconds), titles[piece.lot]
		)
	currency = row.retainer.currency
	rate, amount = say(row.retainer.hourly_rate, currency), say(piece.amount, currency)
	if piece.component == pricing.SURCHARGE:
		return _("Surcharge +{0} on {1} at {2}/h: {3}").format(
			percent(piece.surcharge_percent), hours(piece.base), rate, amount
		)
	text = (
		_("{0}: {1} at {2}/h: {3}")
		if row.retainer.mode == "Without Timebank"
		else _("{0}: {1} beyond the bank at {2}/h: {3}")
	)
	return text.format(what, hours(piece.seconds), rate, amount)


def lot_titles(part: RetainerCharge) -> dict[str, str]:
	"""Return how the lots these rows draw are called: by their period, and their kind when it is not the period's own."""
	lots = {piece.lot for row in (*part.rows, *part.others) for piece in row.pieces if piece.lot}
	if not lots:
		return {}
	fields = ("name", "period", "entry_type")
	rows = select("Timebank Entry", {"name": ("in", list(lots))}, fields).run(as_dict=True)
	return {
		row.name: row.period if row.entry_type == "Allotment" else f"{row.period}, {_(row.entry_type)}"
		for row in rows
	}


def derivation_of(entry: str) -> str:
	"""Return how any ledger entry came about, one step a line: the same text for desk, portal and statement, in the
	customer's language.

	A reversal shows what it reverses; an entry that a decision or a closing made says so.
	"""
	row = frappe.db.get_value("Timebank Entry", entry, "*", as_dict=True)
	with in_language_of(row.customer):
		return _derivation_of(row)


def _derivation_of(row: frappe._dict) -> str:
	head = _("{0}, {1}: {2}").format(
		format_date(row.occurred_on), _(row.entry_type), hours(row.seconds) if row.seconds else ""
	)
	lines = [head.rstrip(": ")]
	if row.reversal_of:
		lines.append(_("Takes back {0}:").format(row.reversal_of))
	if row.derivation:
		lines.append(row.derivation)
	if row.lot and row.lot != row.name:
		lines.append(_("Lot {0}").format(_lot_title(row.lot)))
	if row.amount and row.currency:
		lines.append(_("Amount: {0}").format(money(row.amount, row.currency)))
	if row.is_late and row.late_for:
		lines.append(_("Late: the time belongs to {0}").format(row.late_for))
	if row.reason:
		lines.append(row.reason)
	return "\n".join(lines)


def _lot_title(lot: str) -> str:
	return ", ".join(
		f"{row.period}, {_(row.entry_type)} ({row.lot_no})"
		for row in frappe.get_all(
			"Timebank Entry", filters={"name": lot}, fields=["period", "entry_type", "lot_no"]
		)
	)
