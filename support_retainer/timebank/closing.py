"""Closing a period: what is left of its lots expires or is carried into the next one. And reopening it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Max, Sum
from frappe.utils import cint, format_date, getdate

from support_retainer import clock, contracts
from support_retainer.core import timebank as core
from support_retainer.timebank import chain, given, owed, reading
from support_retainer.timebank.ledger import Entry, post, restate, reverse
from support_retainer.timebank.periods import DOCTYPE, ensure_periods, giving, lock
from support_retainer.words import bold, filled, hours, in_language_of

LOG = "Timebank Closing"
CLOSING_TYPES = ("Expiry", "Carry Out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
	"""What closing a period did: seconds that expired and were carried over, debts (entries) that are now to be billed."""

	period: str
	expired: int
	carried: int
	billed_debts: tuple[str, ...]

	def sentences(self) -> list[str]:
		"""Return it in words."""
		said = []
		if self.carried:
			said.append(_("{0} carried over.").format(hours(self.carried)))
		if self.expired:
			said.append(_("{0} expired.").format(hours(self.expired)))
		if self.billed_debts:
			said.append(_("Owed time became billable, as no period follows."))
		return said or [_("Nothing was left.")]


def due_periods(retainer: str, today: date, after_days: int | None = None) -> list[str]:
	"""Return the open periods of a retainer that are to be closed by now, oldest first.

	Args:
	        retainer: its name.
	        today: the day it is.
	        after_days: how many days after its last one a period is closed; None: as the settings say.
	"""
	grace = cint(contracts.settings().close_after_days) if after_days is None else after_days
	filters = {"retainer": retainer, "status": "Open", "to_date": ("<", today - timedelta(days=grace))}
	return [row.name for row in reading.rows(DOCTYPE, filters, ["name"], "from_date")]


def due_retainers(today: date) -> list[str]:
	"""Return the retainers with a period to close by now, or whose periods were not opened while the scheduler stood still.

	Two queries, however many retainers there are.
	"""
	grace = cint(contracts.settings().close_after_days)
	retainer, period = frappe.qb.DocType("Retainer"), frappe.qb.DocType(DOCTYPE)
	ended = {"status": "Open", "to_date": ("<", today - timedelta(days=grace))}
	due = set(frappe.get_all(DOCTYPE, filters=ended, pluck="retainer", distinct=True))
	running = (
		frappe.qb.from_(retainer)
		.left_join(period)
		.on(period.retainer == retainer.name)
		.select(retainer.name, retainer.start_date, retainer.end_date, Max(period.to_date).as_("last"))
		.where(retainer.status != "Draft")
		.groupby(retainer.name, retainer.start_date, retainer.end_date)
	).run(as_dict=True)
	for row in running:
		until = min(today, getdate(row.end_date)) if row.end_date else today
		if getdate(row.start_date) <= until and (not row.last or getdate(row.last) < until):
			due.add(row.name)
	return sorted(due)


def close_period(name: str) -> Closed | None:
	"""Close a period that has ended, under its retainer's lock; None when it is closed already.

	Raises:
	        frappe.ValidationError: it has not ended, or an earlier period is open.
	"""
	row = lock(frappe.db.get_value(DOCTYPE, name, "retainer"))
	fields = ["name", "from_date", "to_date", "paused_until", "status"]
	period = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True, for_update=True)
	if period.status == "Closed":
		return None
	_check_may_close(row, period)
	span = core.Period(getdate(period.from_date), getdate(period.to_date))
	given_days = giving(period)
	own_terms = contracts.terms_on(row, (given_days or span).start)
	if given_days and own_terms.fee_billing == "In Arrears":
		_post_fee(own_terms, given_days, name)
	following = _following(row, span)
	entries, expired, carried = _closing_entries(own_terms, name, span.end, following)
	post(entries)
	debts = () if following else _bill_debts(row)
	_set_closed(row, name)
	return Closed(period=name, expired=expired, carried=carried, billed_debts=debts)


def reopen_period(name: str, reason: str) -> None:
	"""Open a closed period again: what its closing wrote is reversed, and the act is logged with its reason.

	Raises:
	        frappe.ValidationError: no reason, a later period is closed, or it lies after the retainer's end.
	"""
	row = lock(frappe.db.get_value(DOCTYPE, name, "retainer"))
	period = frappe.get_doc(DOCTYPE, name, for_update=True)
	if not (reason or "").strip():
		frappe.throw(_("Write why the period is reopened."))
	if period.status == "Open":
		frappe.throw(filled(_("{0} is open."), bold(name)))
	_check_may_reopen(row, period)
	with in_language_of(row.customer):
		said = _("Period {0} was reopened: {1}").format(name, reason)
	reopen_silently(name, said)
	log(row, name, "Reopen", happened=_("What its closing wrote was reversed."), reason=reason)


def reopen_silently(name: str, reason: str) -> None:
	"""Open a period and reverse what its closing wrote. The caller holds the lock and says it in the report."""
	frappe.db.set_value(DOCTYPE, name, {"status": "Open", "closing_number": 0, "closing_hash": None})
	reverse(_closing_names(name), reason)


def _set_closed(row: frappe._dict, name: str) -> None:
	"""Close it, with the newest link of the whole ledger: what its statement prints, and nobody can change unseen from then on."""
	number, last = chain.head(row.name)
	values = {"status": "Closed", "closing_number": number, "closing_hash": last if number else None}
	frappe.db.set_value(DOCTYPE, name, values)


def expire_all(row: frappe._dict, name: str, end: date) -> int:
	"""Close a period that nothing follows: all its lots expire. Returns the seconds."""
	entries, expired, _carried = _closing_entries(row, name, end, None)
	post(entries)
	_set_closed(row, name)
	return expired


def log(
	row: frappe._dict,
	period: str,
	action: str,
	*,
	happened: str = "",
	problem: str = "",
	reason: str = "",
	sales_invoice: str | None = None,
) -> str:
	"""Write one line of the closing report; return its name."""
	doc = frappe.new_doc(LOG)
	doc.update(
		{
			"retainer": row.name,
			"customer": row.customer,
			"period": period,
			"action": action,
			"status": "Not Done" if problem else "Done",
			"happened": happened,
			"problem": problem,
			"reason": reason,
			"sales_invoice": sales_invoice,
		}
	)
	doc.flags.from_room = True
	doc.insert(ignore_permissions=True)  # the report is written by the job, whoever's it is
	return doc.name


def _check_may_close(row: frappe._dict, period: frappe._dict) -> None:
	if getdate(period.to_date) >= clock.today():
		frappe.throw(
			filled(
				_("{0} lasts until {1}. It can be closed from the day after."),
				bold(period.name),
				format_date(period.to_date),
			)
		)
	filters = {"retainer": row.name, "status": "Open", "from_date": ("<", period.from_date)}
	for earlier in reading.rows(DOCTYPE, filters, ["name"], "from_date", limit=1):
		frappe.throw(filled(_("Close {0} first; periods are closed in order."), bold(earlier.name)))


def _check_may_reopen(row: frappe._dict, period: frappe._dict) -> None:
	"""Periods after the retainer's end were taken back by it: they stay closed, and stand in nobody's way."""
	end = getdate(row.end_date) if row.end_date else None
	if end and getdate(period.from_date) > end:
		frappe.throw(
			filled(
				_("{0} lies after the end of {1}, {2}. Let the retainer end later, and it opens again."),
				bold(period.name),
				row.name,
				format_date(end),
			)
		)
	filters = {"retainer": row.name, "from_date": (">", period.from_date), "status": "Closed"}
	found = reading.rows(DOCTYPE, filters, ["name", "from_date"], "from_date desc")
	later = [one.name for one in found if not end or getdate(one.from_date) <= end]
	if later:
		frappe.throw(
			filled(
				_("{0} is closed. Periods are reopened from the last one back: reopen that first."),
				bold(later[0]),
			)
		)


def _post_fee(row: frappe._dict, span: core.Period, name: str) -> None:
	if frappe.db.exists("Timebank Entry", {"period": name, "entry_type": "Fee", "is_reversed": 0}):
		return  # closed before, and reopened since
	if entry := given.fee_entry(row, span, name):
		post([entry])


def _bill_debts(row: frappe._dict) -> tuple[str, ...]:
	"""What is owed and no period can give any more is to be billed, in the last period."""
	names = [entry.name for entry in owed.owed_entries(row.name)]
	with in_language_of(row.customer):
		reason = _("Owed, and no period follows that could give it")
	return tuple(restate(names, "To Bill", reason, "ENDED"))


def _following(row: frappe._dict, span: core.Period) -> str | None:
	"""Return the period after this one, opening it where it is missing; None when the retainer ends with this one."""
	first = span.end + timedelta(days=1)
	if not row.end_date or getdate(row.end_date) >= first:
		ensure_periods(row.name, first)
	filters = {"retainer": row.name, "from_date": first, "status": "Open"}
	found = reading.rows(DOCTYPE, filters, ["name"], "name")
	return found[0].name if found else None


def _closing_entries(
	row: frappe._dict, name: str, end: date, following: str | None
) -> tuple[list[Entry], int, int]:
	left = _left_in(name)
	expiring = _expiring(row, left, end) if following else {lot.name: lot.remaining for lot, _kind in left}
	again = frappe.db.count("Timebank Entry", {"period": name, "entry_type": ("in", CLOSING_TYPES)})
	entries, expired, carried = [], 0, 0
	for lot, _kind in left:
		gone = expiring.get(lot.name, 0)
		kept = lot.remaining - gone
		if gone:
			entries.append(_entry(row, name, "Expiry", f"EXPIRE:{name}:{lot.name}:{again}", lot, -gone, end))
		if kept:
			entries.append(_entry(row, name, "Carry Out", f"OUT:{name}:{lot.name}:{again}", lot, -kept, end))
			start = end + timedelta(days=1)
			key = f"IN:{name}:{lot.name}:{again}"
			entries.append(_entry(row, following, "Carry In", key, lot, kept, start))
		expired += gone
		carried += kept
	return entries, expired, carried


def _expiring(row: frappe._dict, left: list[tuple[core.Lot, str]], end: date) -> dict[str, int]:
	"""Return the seconds of each lot that expire: past their date, or over the cap, which top-ups do not count for."""
	cap = contracts.hours_to_seconds(row.carry_over_cap_hours) or None
	allotted = [lot for lot, kind in left if kind == "Allotment"]
	others = [lot for lot, kind in left if kind != "Allotment"]
	gone = (*core.close(allotted, end, cap).expired, *core.close(others, end).expired)
	held = _held_by_ledger([lot.name for lot, _kind in left])
	return {draw.lot: max(0, min(draw.seconds, held[draw.lot])) for draw in gone}


def _left_in(period: str) -> list[tuple[core.Lot, str]]:
	"""Return the lots that still have time in a period, with the kind of entry that made each."""
	entry = frappe.qb.DocType("Timebank Entry")
	query = (
		frappe.qb.from_(entry)
		.select(entry.lot, Sum(entry.seconds).as_("seconds"))
		.where((entry.period == period) & entry.lot.isnotnull())
		.groupby(entry.lot)
		.having(Sum(entry.seconds) != 0)
	)
	sums = reading.current(query).run(as_dict=True)
	seconds = {row.lot: int(row.seconds) for row in sums}
	fields = ["name", "entry_type", "valid_from", "valid_until", "lot_no"]
	mints = reading.rows("Timebank Entry", {"name": ("in", list(seconds))}, fields, "valid_from, lot_no")
	return [
		(
			core.Lot(
				mint.name,
				seconds[mint.name],
				getdate(mint.valid_from),
				getdate(mint.valid_until) if mint.valid_until else None,
				cint(mint.lot_no),
			),
			mint.entry_type,
		)
		for mint in mints
	]


def _held_by_ledger(lots: list[str]) -> dict[str, int]:
	"""Return what each lot holds over all periods: what the next one drew already cannot expire any more."""
	entry = frappe.qb.DocType("Timebank Entry")
	query = (
		frappe.qb.from_(entry)
		.select(entry.lot, Sum(entry.seconds))
		.where(entry.lot.isin(lots or [""]))
		.groupby(entry.lot)
	)
	return {lot: int(seconds) for lot, seconds in reading.current(query).run()}


def _entry(
	row: frappe._dict, period: str, kind: str, key: str, lot: core.Lot, seconds: int, day: date
) -> Entry:
	return Entry(
		retainer=row.name,
		customer=row.customer,
		period=period,
		entry_type=kind,
		key=key,
		occurred_on=datetime.combine(day, time.min),
		lot=lot.name,
		lot_no=lot.number,
		valid_from=lot.valid_from,
		valid_until=lot.valid_until,
		seconds=seconds,
	)


def _closing_names(period: str) -> list[str]:
	"""Return what a period's closing wrote, and what became of it in a following period that an end took back."""
	live = {"is_reversed": 0}
	carried_in = frappe.get_all(
		"Timebank Entry",
		filters={"key": ("like", f"IN:{period}:%"), **live},
		fields=["name", "period", "lot"],
	)
	own = {"period": period, "entry_type": ("in", CLOSING_TYPES), **live}
	written = frappe.get_all("Timebank Entry", filters=own, pluck="name")
	if carried_in:  # all of it into the one period that follows
		lots = [entry.lot for entry in carried_in]
		gone = {"period": carried_in[0].period, "lot": ("in", lots), "entry_type": "Expiry", **live}
		written += frappe.get_all("Timebank Entry", filters=gone, pluck="name")
	return [*written, *(entry.name for entry in carried_in)]
