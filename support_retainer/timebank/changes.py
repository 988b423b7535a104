"""What a change of the contract does to its periods: going on after a pause, and ending sooner or later than thought."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate

from support_retainer import clock, contracts
from support_retainer.core import timebank as core
from support_retainer.timebank import closing, extra, given
from support_retainer.timebank.ledger import Entry, entries_of, post, reverse
from support_retainer.timebank.periods import DOCTYPE, ensure_periods, lock
from support_retainer.words import hours, in_language_of, money


def follow_retainer(doc: Document) -> None:
	"""Bring a saved retainer's periods in line with its status and its end.

	Raises:
	        frappe.ValidationError: time is booked after the end, or a closed period would have to change.
	"""
	before = doc.get_doc_before_save()
	if not before:
		return
	if before.status == "Paused" and doc.status == "Active" and before.paused_on:
		_resume(doc, getdate(before.paused_on))
	if doc.has_value_changed("end_date"):
		_refit(lock(doc.name), before.end_date and getdate(before.end_date))
	if doc.flags.terms_since:
		_follow_terms(lock(doc.name), doc.flags.terms_since)


def _follow_terms(row: frappe._dict, since: date) -> None:
	"""Periods that are open already and begin with the new terms, or after, give the hours and cost the fee of those."""
	filters = {"retainer": row.name, "status": "Open", "from_date": (">=", since)}
	with in_language_of(row.customer):
		reason = _("New terms apply from {0}").format(format_date(since))
	for period in frappe.get_all(DOCTYPE, filters=filters, fields=["*"], order_by="from_date"):
		span = core.Period(getdate(period.from_date), getdate(period.to_date))
		_fit(row, period, span, reason)
		own_terms = contracts.terms_on(row, span.start)
		if own_terms.fee_billing == "In Advance" and entries_of(period=period.name, entry_type="Allotment"):
			post(_opening_fee(own_terms, span, period.name))


def _resume(doc: Document, paused_on: date) -> None:
	"""Give the current period, if it began during the pause, its hours and fee from today on."""
	today = clock.today()
	_open_as_paused(doc, paused_on, today)
	row = lock(doc.name)
	filters = {"retainer": row.name, "from_date": (">=", paused_on), "to_date": (">=", today)}
	for period in frappe.get_all(DOCTYPE, filters=filters, fields=["name", "from_date", "to_date"]):
		if entries_of(period=period.name, entry_type="Allotment"):
			continue
		span = core.Period(max(today, getdate(period.from_date)), getdate(period.to_date))
		post(_opening(contracts.terms_on(row, span.start), span, period.name))


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
	for period in frappe.get_all(DOCTYPE, filters={"retainer": row.name}, fields=["*"], order_by="from_date"):
		start = getdate(period.from_date)
		last = core.full_period(row.period, start).end
		if end and start > end:
			_take_back(row, period, end)
		elif former_end and start > former_end and period.status == "Closed":
			_give_again(row, period, core.Period(start, min(last, end) if end else last))
		elif (min(last, end) if end else last) != getdate(period.to_date):
			span = core.Period(start, min(last, end) if end else last)
			with in_language_of(row.customer):
				reason = _("Period {0} runs until {1}").format(period.name, format_date(span.end))
			_fit(row, period, span, reason)


def _take_back(row: frappe._dict, period: frappe._dict, end: date) -> None:
	"""Close a period that lies after the end, its hours and unbilled fee reversed. Work in it stands in the way."""
	if period.status == "Closed":
		return
	if any(entry.timesheet for entry in entries_of(period=period.name)):
		frappe.throw(
			_(
				"Time is booked in {0}, after {1}. Let the retainer end later, or cancel that time first."
			).format(frappe.bold(period.name), format_date(end))
		)
	with in_language_of(row.customer):
		reason = _("The retainer ends {0}").format(format_date(end))
	given_types = ("in", ("Allotment", "Adjustment", "Fee"))
	entries = entries_of(period=period.name, entry_type=given_types)
	reverse([entry.name for entry in entries if entry.billing_status != "Billed"], reason)
	closing.expire_all(row, period.name, getdate(period.to_date))
	happened = _("The retainer ends {0}").format(format_date(end))
	closing.log(row, period.name, "Close", happened=happened, problem=_billed_fee(entries, row, Decimal(0)))


def _give_again(row: frappe._dict, period: frappe._dict, span: core.Period) -> None:
	"""Open a period again that an earlier end had taken back."""
	with in_language_of(row.customer):
		reason = _("The retainer goes on")
	closing.reopen_silently(period.name, reason)
	frappe.db.set_value(DOCTYPE, period.name, "to_date", span.end)
	post(_opening(contracts.terms_on(row, span.start), span, period.name))


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


def _fit(row: frappe._dict, period: frappe._dict, span: core.Period, reason: str) -> None:
	if period.status == "Closed":
		frappe.throw(
			_("{0} is closed and would end {1}. Reopen it first, then change the end date.").format(
				frappe.bold(period.name), format_date(span.end)
			)
		)
	own_terms = contracts.terms_on(row, span.start)
	frappe.db.set_value(DOCTYPE, period.name, "to_date", span.end)
	_fit_hours(own_terms, period.name, span, reason)
	_fit_fee(own_terms, period.name, span, reason)


def _fit_hours(row: frappe._dict, period: str, span: core.Period, reason: str) -> None:
	"""Give what a longer period, or new terms, give more, or take back what they give less, as far as it is there."""
	entries = entries_of(period=period, entry_type=("in", ("Allotment", "Adjustment")))
	fitted = [entry for entry in entries if entry.entry_type == "Allotment" or entry.key.startswith("FIT:")]
	if not fitted:
		return  # opened while paused
	more = given.allotment(row, span) - sum(int(entry.seconds) for entry in fitted)
	key = f"FIT:{period}:{frappe.db.count('Timebank Entry', {'period': period})}"
	if more > 0:
		post([given.allotment_entry(row, span, period, more, key)])
	elif more < 0:
		taken = extra.take_back_allotment(row, period, span.end, -more, reason, key)
		if taken < -more:
			frappe.msgprint(
				_("{0} of the hours that are to be taken back are used already and stay used.").format(
					hours(-more - taken)
				)
			)


def _fit_fee(row: frappe._dict, period: str, span: core.Period, reason: str) -> None:
	entries = entries_of(period=period, entry_type="Fee")
	target = given.fee(row, span)
	if not entries or sum(Decimal(str(entry.amount)) for entry in entries) == target:
		return
	if problem := _billed_fee(entries, row, target):
		frappe.msgprint(problem)
		return
	reverse([entry.name for entry in entries], reason)
	again = frappe.db.count("Timebank Entry", {"period": period, "entry_type": "Fee"})
	if fee := given.fee_entry(row, span, period, f"FEE:{period}:{again}"):
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
