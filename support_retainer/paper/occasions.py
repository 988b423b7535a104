"""What customers are to be told now: read from how things stand, not from what just happened.

So nothing is missed after an outage, and nothing depends on who did what. Each occasion has a key; the log (Retainer Notice)
has those that were told. What happened before the app wrote to customers at all (`notices_since`) is no occasion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import cint, flt, get_datetime, get_url, getdate

from support_retainer import clock, consent, contracts
from support_retainer.paper.charges import plain
from support_retainer.words import hours, in_language_of

PERIOD, TIME_PAGE = "Timebank Period", "/support/time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
	"""Something a customer is to be told once. `title`, `text`, `hours` and `url` are for the mail; `percent` is a threshold."""

	kind: str
	key: str
	customer: str
	retainer: str | None = None
	period: str | None = None
	title: str = ""
	text: str = ""
	url: str = ""
	question_kind: str = ""
	percent: float = 0.0
	hours: str = ""
	valid_until: date | None = None
	reference_doctype: str = ""
	reference_name: str = ""
	passed_over: bool = False


def due(since: datetime) -> list[Occasion]:
	"""Return what has not been told yet, in the order it should be. A fixed number of queries, and some for each open question."""
	found = [*closed(since), *opened(since), *bank_used(), *expiring(), *questions(since)]
	told = set(frappe.get_all("Retainer Notice", {"key": ("in", [each.key for each in found])}, pluck="key"))
	return _highest_first([each for each in found if each.key not in told])


def opened(since: datetime) -> list[Occasion]:
	"""Return periods with hours that have opened and are running. Those that have ended meanwhile are told of by their closing."""
	day = clock.today()
	return [
		Occasion(kind="Period Opened", key=f"OPENED:{row.name}", **_about(row))
		for row in _running(day)
		if get_datetime(row.creation) >= since
	]


def closed(since: datetime) -> list[Occasion]:
	"""Return closings of periods in which something happened, each once; one that was reopened and closed again is told again."""
	closing, period = frappe.qb.DocType("Timebank Closing"), frappe.qb.DocType(PERIOD)
	rows = (
		frappe.qb.from_(closing)
		.join(period)
		.on(period.name == closing.period)
		.select(period.name, period.retainer, period.customer, closing.name.as_("closing"))
		.where((closing.action == "Close") & (closing.status == "Done") & (closing.creation >= since))
		.where((period.status == "Closed") & (period.entries > 0))
		.orderby(period.from_date)
		.orderby(closing.creation)
	).run(as_dict=True)
	latest = {row.name: row for row in rows}
	return [
		Occasion(kind="Period Closed", key=f"CLOSED:{row.closing}", **_about(row)) for row in latest.values()
	]


def bank_used() -> list[Occasion]:
	"""Return running periods whose bank is used to a threshold of the settings or beyond, each threshold by itself."""
	limits, found = thresholds(), []
	for row in _running(clock.today()) if limits else ():
		available = sum(int(row[field] or 0) for field in ("allotted", "carried_in", "topped_up"))
		used = available - int(row.balance or 0)
		for limit in limits:
			if available > 0 and used * 100 >= limit * available:
				found.append(
					Occasion(
						kind="Bank Used",
						key=f"USED:{row.name}:{limit:g}",
						percent=limit,
						hours=hours(int(row.balance or 0)),
						**_about(row),
					)
				)
	return found


def thresholds() -> list[float]:
	"""Return the percentages of use that customers are told of, lowest first."""
	texts = (contracts.settings().bank_thresholds or "").replace(";", ",").split(",")
	return sorted({flt(text) for text in texts if flt(text) > 0})


def expiring() -> list[Occasion]:
	"""Return top-ups that still hold time and end within the days of the settings."""
	days = cint(contracts.settings().topup_warning_days)
	if not days:
		return []
	entry, today = frappe.qb.DocType("Timebank Entry"), clock.today()
	lots = {
		row.name: row
		for row in frappe.get_all(
			"Timebank Entry",
			filters={
				"entry_type": "Top-up",
				"valid_until": ("between", (today, today + timedelta(days=days))),
				"seconds": (">", 0),
				"is_reversed": 0,
			},
			fields=["name", "retainer", "customer", "period", "valid_until"],
		)
	}
	left = (
		frappe.qb.from_(entry)
		.select(entry.lot, Sum(entry.seconds).as_("seconds"))
		.where(entry.lot.isin(list(lots) or [""]))
		.groupby(entry.lot)
		.having(Sum(entry.seconds) > 0)
		.orderby(entry.lot)
	).run(as_dict=True)
	return [
		Occasion(
			kind="Top-up Expiring",
			key=f"EXPIRES:{row.lot}",
			hours=hours(int(row.seconds)),
			valid_until=getdate(lots[row.lot].valid_until),
			customer=lots[row.lot].customer,
			retainer=lots[row.lot].retainer,
			period=lots[row.lot].period,
			url=get_url(TIME_PAGE),
			reference_doctype="Timebank Entry",
			reference_name=row.lot,
		)
		for row in left
	]


def questions(since: datetime) -> list[Occasion]:
	"""Return what waits for a customer's word. Of time beyond the bank on one ticket they are told once a day at most."""
	found = []
	for customer in _asked():
		with in_language_of(customer):
			waiting = consent.waiting_for_answer(customer)
		for question in waiting:
			if question.asked_on and question.asked_on < since:
				continue
			found.append(
				Occasion(
					kind="Question",
					key=_question_key(question),
					customer=customer,
					retainer=question.retainer,
					title=plain(question.title)[:140],
					text=question.text,
					url=get_url(question.url),
					question_kind=question.kind,
					valid_until=question.valid_until,
					reference_doctype=question.doctype,
					reference_name=question.name,
				)
			)
	return found


def _question_key(question: consent.Question) -> str:
	if question.kind == "Overage":  # it grows with every time booked; what was told today is enough for today
		return (
			f"ASKED:Overage:{question.name}:{clock.today()}" if _has_grown(question) else _last_key(question)
		)
	return f"ASKED:{question.kind}:{question.fingerprint}"


def _has_grown(question: consent.Question) -> bool:
	last = _last_told(question)
	return not last or last.text != question.text


def _last_key(question: consent.Question) -> str:
	return _last_told(question).key


def _last_told(question: consent.Question) -> frappe._dict | None:
	found = frappe.get_all(
		"Retainer Notice",
		filters={"question_kind": question.kind, "reference_name": question.name},
		fields=["key", "text"],
		order_by="creation desc",
		limit=1,
	)
	return found[0] if found else None


def _asked() -> list[str]:
	"""Return the customers with a question open."""
	asked = {
		"Ticket Estimate": {"status": "Waiting for Answer"},
		"Support Sprint": {"status": "Proposed"},
		"Timebank Entry": {"billing_status": "Held", "is_reversed": 0},
		"Issue": {
			"origin": "Agency",
			"retainer": ("is", "set"),
			"status": ("not in", ("Resolved", "Closed")),
		},
	}
	found: set[str] = set()
	for doctype, filters in asked.items():
		found.update(frappe.get_all(doctype, filters, pluck="customer", distinct=True, order_by="customer"))
	return sorted(found - {None, ""})


def _running(day: date) -> list[frappe._dict]:
	"""Return the open periods of active retainers with a time bank that the day lies in, with their sums."""
	period, retainer = frappe.qb.DocType(PERIOD), frappe.qb.DocType("Retainer")
	return (
		frappe.qb.from_(period)
		.join(retainer)
		.on(retainer.name == period.retainer)
		.select(period.star)
		.where((retainer.status == "Active") & (retainer.mode == "With Timebank"))
		.where((period.status == "Open") & (period.from_date <= day) & (period.to_date >= day))
		.orderby(period.name)
	).run(as_dict=True)


def _about(row: frappe._dict) -> dict:
	return {
		"customer": row.customer,
		"retainer": row.retainer,
		"period": row.name,
		"url": get_url(TIME_PAGE),
		"reference_doctype": PERIOD,
		"reference_name": row.name,
	}


def _highest_first(found: Iterable[Occasion]) -> list[Occasion]:
	"""Of several thresholds crossed at once only the highest is told; the others are stamped as passed over."""
	found = list(found)
	highest: dict[str, float] = {}
	for each in found:
		if each.kind == "Bank Used":
			highest[each.period] = max(each.percent, highest.get(each.period, 0.0))
	return [
		_passed_over(each) if each.kind == "Bank Used" and each.percent < highest[each.period] else each
		for each in found
	]


def _passed_over(occasion: Occasion) -> Occasion:
	return replace(occasion, passed_over=True)
