"""What a change of the contract does to its periods: going on after a pause, and ending sooner or later than thought."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate

from support_retainer import clock, contracts
from support_retainer.changed import has_changed
from support_retainer.core import timebank as core
from support_retainer.timebank import closing, extra, given
from support_retainer.timebank.ledger import Entry, entries_of, post, reverse
from support_retainer.timebank.periods import DOCTYPE, ensure_periods, giving, lock
from support_retainer.words import bold, filled, hours, html, in_language_of, money


def follow_retainer(doc: Document) -> None:
	"""Bring a saved retainer's periods in line with its status and its end.

	Raises:
	        frappe.ValidationError: time is booked after the end, or a closed period would have to change.
	"""
	before = doc.get_doc_before_save()
	if not before:
		return
	if before.status in ("Paused", "Ended") and doc.status == "Active":
		_resume(doc, before.paused_on and getdate(before.paused_on))
	if has_changed(doc, "end_date"):
		_refit(lock(doc.name), before.end_date and getdate(before.end_date))
	if doc.flags.terms_since:
		_follow_terms(lock(doc.name), doc.flags.terms_since)


def _follow_terms(row: frappe._dict, since: date) -> None:
	"""Periods that are open already and begin with the new terms, or after, give the hours and cost the fee of those."""
	with in_language_of(row.customer):
		reason = _("New terms apply from {0}").format(format_date(since))
	for period in _periods_of(row, status="Open", to_date=(">=", since)):
		given_days = giving(period)
		if not given_days or given_days.start < since:
			continue
		_fit(row, period, getdate(period.to_date), reason)
		own_terms = contracts.terms_on(row, given_days.start)
		if own_terms.fee_billing == "In Advance" and entries_of(period=period.name, entry_type="Allotment"):
			post(_opening_fee(own_terms, given_days, period.name))


def _resume(doc: Document, paused_on: date | None) -> None:
	"""Give the current period, if it began during the pause, its hours and fee from today on.

	One that an end took back gives them when the end is taken back.
	"""
	today = clock.today()
	if paused_on:
		_open_as_paused(doc, paused_on, today)
	row = lock(doc.name)
	for period in _periods_of(row, paused_until=(">=", today), to_date=(">=", today)):
		period.paused_until = today - timedelta(days=1)
		frappe.db.set_value(DOCTYPE, period.name, "paused_until", period.paused_until)
		if period.status == "Open":
			_post_opening(row, period)


def _open_as_paused(doc: Document, paused_on: date, today: date) -> None:
	"""Periods that nobody opened while the retainer was paused began paused all the same."""
	paused = {"status": "Paused", "paused_on": paused_on}
	frappe.db.set_value("Retainer", doc.name, paused, update_modified=False)
	ensure_periods(doc.name, today)
	active = {"status": doc.status, "paused_on": None}
	frappe.db.set_value("Retainer", doc.name, active, update_modified=False)


def _refit(row: frappe._dict, former_end: date | None) -> None:
	"""Cut the last period at the retainer's end, or let it run on; its hours and unbilled fee follow by calendar days."""
	end = getdate(row.end_date) if row.end_date else None
	for period in _periods_of(row):
		start = getdate(period.from_date)
		last = core.full_period(row.period, start).end
		if end and start > end:
			_take_back(row, period, end)
		elif former_end and start > former_end and period.status == "Closed":
			_give_again(row, period, min(last, end) if end else last)
		elif (until := min(last, end) if end else last) != getdate(period.to_date):
			with in_language_of(row.customer):
				reason = _("Period {0} runs until {1}").format(period.name, format_date(until))
			_fit(row, period, until, reason)


def _periods_of(row: frappe._dict, **filters: object) -> list[frappe._dict]:
	return frappe.get_all(
		DOCTYPE, filters={"retainer": row.name, **filters}, fields=["*"], order_by="from_date"
	)


def _take_back(row: frappe._dict, period: frappe._dict, end: date) -> None:
	"""Close a period that lies after the end, its hours and unbilled fee reversed. Work in it stands in the way."""
	if period.status == "Closed":
		return
	if any(entry.timesheet for entry in entries_of(period=period.name)):
		frappe.throw(
			filled(
				_("Time is booked in {0}, after {1}. Let the retainer end later, or cancel that time first."),
				bold(period.name),
				format_date(end),
			)
		)
	with in_language_of(row.customer):
		reason = _("The retainer ends {0}").format(format_date(end))
	given_types = ("in", ("Allotment", "Adjustment", "Fee"))
	entries = entries_of(period=period.name, entry_type=given_types)
	reverse([entry.name for entry in entries if entry.billing_status != "Billed"], reason)
	closing.expire_all(row, period.name, getdate(period.to_date))
	happened = _("The retainer ends {0}").format(format_date(end))
	closing.log(row, period.name, "Close", happened=happened, problem=_billed_fee(entries, row, Decimal(0)))


def _give_again(row: frappe._dict, period: frappe._dict, until: date) -> None:
	"""Open a period again that an earlier end had taken back."""
	with in_language_of(row.customer):
		reason = _("The retainer goes on")
	closing.reopen_silently(period.name, reason)
	period.to_date = until
	frappe.db.set_value(DOCTYPE, period.name, "to_date", until)
	_post_opening(row, period)


def _post_opening(row: frappe._dict, period: frappe._dict) -> None:
	"""Give a period what it gives from the first day that is not paused; nothing where it is paused to its end."""
	if given_days := giving(period):
		post(_opening(contracts.terms_on(row, given_days.start), given_days, period.name))


def _opening(row: frappe._dict, span: core.Period, name: str) -> list[Entry]:
	"""Return what a period is opened with, for a second time."""
	again = frappe.db.count("Timebank Entry", {"period": name, "entry_type": "Allotment"})
	seconds = given.allotment(row, span)
	allotment = given.allotment_entry(row, span, name, seconds, f"ALLOT:{name}:{again}") if seconds else None
	fees = _opening_fee(row, span, name) if row.fee_billing == "In Advance" else []
	return [allotment, *fees] if allotment else fees


def _opening_fee(row: frappe._dict, span: core.Period, name: str) -> list[Entry]:
	"""Return the fee of a period that has none (any more)."""
	if entries_of(period=name, entry_type="Fee"):
		return []
	again = frappe.db.count("Timebank Entry", {"period": name, "entry_type": "Fee"})
	fee = given.fee_entry(row, span, name, f"FEE:{name}:{again}")
	return [fee] if fee else []


def _fit(row: frappe._dict, period: frappe._dict, until: date, reason: str) -> None:
	"""Let an open period run until another day; its hours and unbilled fee follow, for the days that are not paused."""
	if period.status == "Closed":
		frappe.throw(
			filled(
				_("{0} is closed and would end {1}. Reopen it first, then change the end date."),
				bold(period.name),
				format_date(until),
			)
		)
	period.to_date = until
	frappe.db.set_value(DOCTYPE, period.name, "to_date", until)
	given_days = giving(period)
	own_terms = contracts.terms_on(row, given_days.start if given_days else getdate(period.from_date))
	_fit_hours(own_terms, period, given_days, reason)
	_fit_fee(own_terms, period.name, given_days, reason)


def _fit_hours(row: frappe._dict, period: frappe._dict, span: core.Period | None, reason: str) -> None:
	"""Give what a longer period, or new terms, give more, or take back what they give less, as far as it is there."""
	entries = entries_of(period=period.name, entry_type=("in", ("Allotment", "Adjustment")))
	fitted = [entry for entry in entries if entry.entry_type == "Allotment" or entry.key.startswith("FIT:")]
	if not fitted:
		return  # opened while paused
	target = given.allotment(row, span) if span else 0
	more = target - sum(int(entry.seconds) for entry in fitted)
	key = f"FIT:{period.name}:{frappe.db.count('Timebank Entry', {'period': period.name})}"
	if more > 0:
		post([given.allotment_entry(row, span, period.name, more, key)])
	elif more < 0:
		taken = extra.take_back_allotment(row, period.name, period.to_date, -more, reason, key)
		if taken < -more:
			frappe.msgprint(
				filled(
					_("{0} of the hours that are to be taken back are used already and stay used."),
					hours(-more - taken),
				)
			)


def _fit_fee(row: frappe._dict, period: str, span: core.Period | None, reason: str) -> None:
	entries = entries_of(period=period, entry_type="Fee")
	target = given.fee(row, span) if span else Decimal(0)
	if not entries or sum(Decimal(str(entry.amount)) for entry in entries) == target:
		return
	if problem := _billed_fee(entries, row, target):
		frappe.msgprint(html(problem))
		return
	reverse([entry.name for entry in entries], reason)
	again = frappe.db.count("Timebank Entry", {"period": period, "entry_type": "Fee"})
	if span and (fee := given.fee_entry(row, span, period, f"FEE:{period}:{again}")):
		post([fee])


def _billed_fee(entries: list[frappe._dict], row: frappe._dict, target: Decimal) -> str:
	"""Return what to do about a fee that is on a submitted invoice; empty where none is."""
	billed = [entry for entry in entries if entry.entry_type == "Fee" and entry.billing_status == "Billed"]
	if not billed:
		return ""
	amount = sum(Decimal(str(entry.amount)) for entry in billed)
	return _("The fee is on {0} already: {1} instead of {2}. Credit or invoice the difference.").format(
		", ".join(sorted({entry.sales_invoice for entry in billed})),
		money(amount, row.currency),
		money(target, row.currency),
	)
