"""What is owed, worked out a second time: from submitted timesheets, submitted invoices and the contract alone.

It shares no code with what it checks; the arithmetic is written from the price list (DESIGN section 2) in plain quarters and öre. What it
covers:

- each submitted row of time, whatever the contract: worked to the second; charged in started quarters counted from its own start, and
  project management of 25 % on these (contracts that round each entry by itself); a row that is not charged costs and draws nothing;
- where surcharges are invoiced: each row's surcharge in money, by quarters in office hours and out of them;
- without a time bank: each row's money, what submitted invoices ask for (those that nobody edited) and what waits to be billed;
- fees of whole contracts (no pause, end or new terms): asked for once for each period that has begun.

Which row of a bank was covered depends on the order in which people submitted and cancelled, which neither sheets nor invoices tell: there it
checks that time drawn and time beyond come to what was charged, and that money beyond is at the rate. Pools of a ticket and day, and surcharges that
draw time, are left to the other invariants.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import frappe

ZONE = ZoneInfo("Europe/Stockholm")
UTC = ZoneInfo("UTC")
QUARTER = 15 * 60
OPEN, CLOSE = 8, 17  # Monday to Friday
OFFICE, OUTSIDE = 75, 150  # surcharges of urgent work, per cent
CENT = Decimal("0.01")
CHARGES = ("Support", "Project Management", "Surcharge")


@dataclass(frozen=True, slots=True)
class Owed:
	"""What a row of time comes to: seconds, and money in the contract's currency as if no bank covered anything."""

	worked: int
	charged: int
	management: int
	work: Decimal
	management_money: Decimal
	surcharge: Decimal

	@property
	def money(self) -> Decimal:
		return self.work + self.management_money + self.surcharge


def price(
	start: datetime, end: datetime, rate: Decimal, urgent: bool, percent: Decimal = Decimal(25)
) -> Owed:
	"""Price naive Stockholm times at a rate an hour."""
	begun, ended = (moment.replace(tzinfo=ZONE).astimezone(UTC) for moment in (start, end))
	worked = int((ended - begun).total_seconds())
	quarters: dict[int, int] = {}
	at = begun
	while at < ended:
		surcharge = 0 if not urgent else OFFICE if _in_office(at) else OUTSIDE
		quarters[surcharge] = quarters.get(surcharge, 0) + 1
		at += timedelta(seconds=QUARTER)
	hours = {surcharge: Decimal(count) / 4 for surcharge, count in quarters.items()}
	return Owed(
		worked=worked,
		charged=sum(quarters.values()) * QUARTER,
		management=int(sum(quarters.values()) * QUARTER * percent / 100),
		work=sum((_money(count * rate) for count in hours.values()), Decimal(0)),
		management_money=sum((_money(count * rate * percent / 100) for count in hours.values()), Decimal(0)),
		surcharge=sum(
			(_money(count * rate * surcharge / 100) for surcharge, count in hours.items()), Decimal(0)
		),
	)


def _in_office(moment: datetime) -> bool:
	local = moment.astimezone(ZONE)
	return local.weekday() < 5 and OPEN <= local.hour < CLOSE


def _money(amount: Decimal) -> Decimal:
	return amount.quantize(CENT, rounding=ROUND_HALF_UP)


# the contract -------------------------------------------------------------------------------------


class Contract:
	"""A retainer's terms and their dates, read past the app."""

	def __init__(self, name: str) -> None:
		self.row = frappe.db.get_value("Retainer", name, "*", as_dict=True)
		self.versions = frappe.db.sql(
			"select * from `tabRetainer Terms` where retainer = %s order by from_date", name, as_dict=True
		)

	def once(self, day: date) -> list[frappe._dict]:
		"""The terms of a day, today's first, and those it had before terms were changed backwards: what was charged keeps its price."""
		begun = [row for row in self.versions if _day(row.from_date) <= day] or self.versions[:1]
		return begun[::-1] or [self.row]

	def periods(self, today: date) -> list[date]:
		"""First days of the periods that have begun: the contract's first day, then the first of each month or quarter."""
		first, found = _day(self.row.start_date), []
		while first <= today:
			found.append(first)
			months = 3 if self.row.period == "Quarterly" else 1
			month = first.month - 1 - (first.month - 1) % months + months
			first = date(first.year + month // 12, month % 12 + 1, 1)
		return found

	def fee(self, first: date) -> Decimal:
		"""The fee of the period that begins on a day, by calendar days where it is cut at its start."""
		months = 3 if self.row.period == "Quarterly" else 1
		whole = date(first.year, (first.month - 1) // months * months + 1, 1)
		after = (whole + timedelta(days=31 * months + 3)).replace(day=1)
		after = after if (after.month - 1) % months == 0 else (after - timedelta(days=5)).replace(day=1)
		fee = Decimal(str(self.row.retainer_fee or 0))
		if not self.row.prorate:
			return fee
		return _money(fee * (after - first).days / (after - whole).days)


# what people submitted ----------------------------------------------------------------------------


def rows(tickets: Iterable[str]) -> list[frappe._dict]:
	"""Submitted rows of time on tickets."""
	return frappe.db.sql(
		"""select log.name, log.parent, log.from_time, log.to_time, log.ticket, log.not_charged_because
		from `tabTimesheet Detail` log join `tabTimesheet` sheet on sheet.name = log.parent
		where sheet.docstatus = 1 and log.ticket in %(tickets)s""",
		{"tickets": tuple(tickets)},
		as_dict=True,
	)


def asked_for(retainer: str) -> dict[str, frappe._dict]:
	"""Submitted invoices that are no notes: net of their lines of charges, the fee lines' net, and the rows of time they bill."""
	found: dict[str, frappe._dict] = {}
	for line in frappe.db.sql(
		"""select invoice.name as invoice, invoice.timebank_period, line.timebank_kind, line.net_amount, line.timebank_entries
		from `tabSales Invoice` invoice join `tabSales Invoice Item` line on line.parent = invoice.name
		where invoice.retainer = %s and invoice.docstatus = 1 and invoice.is_return = 0 and invoice.is_debit_note = 0
		and line.timebank_line = 1""",
		retainer,
		as_dict=True,
	):
		one = found.setdefault(
			line.invoice,
			frappe._dict(charges=Decimal(0), fees=Decimal(0), entries=set(), period=line.timebank_period),
		)
		if line.timebank_kind in CHARGES:
			one.charges += Decimal(str(line.net_amount))
			one.entries |= set(json.loads(line.timebank_entries or "[]"))
		elif line.timebank_kind == "Fee":
			one.fees += Decimal(str(line.net_amount))
	return found


def check(
	retainer: str,
	tickets: Iterable[str],
	today: date,
	was_urgent: Callable[[str, datetime], bool],
	edited: set[str],
	is_whole: bool,
) -> list[str]:
	"""Return where what the app keeps differs from what is owed.

	Args:
	        retainer: its name.
	        tickets: those its time is booked on.
	        today: the day it is.
	        was_urgent: whether a ticket was urgent at a moment.
	        edited: invoices that people changed by hand.
	        is_whole: the contract was never paused or ended, and its terms never changed.
	"""
	contract, wrong = Contract(retainer), []
	entries = _live(retainer)
	by_row: dict[str, list[frappe._dict]] = {}
	for entry in entries:
		if entry.timesheet_detail:
			by_row.setdefault(entry.timesheet_detail, []).append(entry)
	owed = {}
	for row in rows(tickets):
		start = frappe.utils.get_datetime(row.from_time)
		urgent = was_urgent(row.ticket, start)
		found = by_row.pop(row.name, [])
		if (
			not found and not is_whole
		):  # booked while no contract held; the audit lists what is covered all the same
			continue
		owed[row.name], problems = _by_terms(row, found, contract, urgent)
		wrong += [f"{row.parent} {start}: {what}" for what in problems]
		if row.not_charged_because:
			owed.pop(row.name)
	wrong += [f"{name} is in the ledger and not submitted" for name in by_row]
	if contract.row.mode == "Without Timebank" and all(
		terms.rounding_scope == "Time Entry" for terms in (contract.row, *contract.versions)
	):
		wrong += _money_without_bank(retainer, owed, entries, edited)
	if is_whole and contract.row.mode != "Without Timebank":
		wrong += _fees(retainer, contract, today, entries, edited)
	return wrong


def _by_terms(
	row: frappe._dict, found: list[frappe._dict], contract: Contract, urgent: bool
) -> tuple[Owed, list[str]]:
	"""Return what a row comes to by the terms of its day that fit it, and what is wrong; by today's where none fits."""
	start, end = (frappe.utils.get_datetime(moment) for moment in (row.from_time, row.to_time))
	tried = []
	for terms in contract.once(start.date()):
		rate = Decimal(str(terms.hourly_rate))
		owed = price(start, end, rate, urgent, Decimal(str(terms.project_management_percent or 0)))
		tried.append((owed, list(_row(row, owed, found, terms, contract.row, rate))))
		if not tried[-1][1]:
			return tried[-1]
	return tried[0]


def _row(
	row: frappe._dict,
	owed: Owed,
	found: list[frappe._dict],
	terms: frappe._dict,
	contract: frappe._dict,
	rate: Decimal,
) -> Iterable[str]:
	def total(field: str, component: str = "") -> int:
		return sum(int(entry[field] or 0) for entry in found if not component or entry.component == component)

	if total("worked") != owed.worked:
		yield f"worked {owed.worked}, in the ledger {total('worked')}"
	if row.not_charged_because:
		if any(entry.amount or entry.seconds for entry in found):
			yield "it is not charged, and costs or draws something"
		return
	if terms.rounding_scope != "Time Entry":
		return
	work, management = (total("charged", name) for name in ("Work", "Project Management"))
	if work != owed.charged:
		yield f"{owed.charged} charged in started quarters, in the ledger {work}"
	if terms.surcharge_settlement != "Invoice" and contract.mode != "Without Timebank":
		return
	spent = {name: total("drawn", name) + total("overage", name) for name in ("Work", "Project Management")}
	if spent != {"Work": owed.charged, "Project Management": owed.management}:
		yield f"drawn and beyond {spent}, owed {owed.charged} and {owed.management} ({management})"
	surcharge = [Decimal(str(entry.amount)) for entry in found if entry.entry_type == "Surcharge"]
	if abs(sum(surcharge, Decimal(0)) - owed.surcharge) > CENT * max(0, len(surcharge) - 1):
		yield f"surcharge {sum(surcharge, Decimal(0))}, owed {owed.surcharge}"
	for entry in found:
		if entry.entry_type == "Overage" and Decimal(str(entry.amount)) != _money(
			Decimal(int(entry.overage)) * rate / 3600
		):
			yield f"{entry.overage} s beyond the bank cost {entry.amount} at {rate} an hour"
	if (
		contract.mode == "Without Timebank"
		and (money := sum((Decimal(str(entry.amount)) for entry in found), Decimal(0))) != owed.money
	):
		yield f"it costs {money}, owed {owed.money}"


def _money_without_bank(
	retainer: str, owed: dict[str, Owed], entries: list[frappe._dict], edited: set[str]
) -> Iterable[str]:
	"""Each row is asked for once, on a submitted invoice or still to be billed; invoices nobody edited ask for just what it costs."""
	of_entry = {entry.name: entry.timesheet_detail for entry in entries}
	settled: dict[str, str] = {}
	for name, invoice in asked_for(retainer).items():
		details = {of_entry[entry] for entry in invoice.entries if of_entry.get(entry)}
		for detail in details:
			if detail in settled:
				yield f"{detail} is asked for on {settled[detail]} and on {name}"
			settled[detail] = name
		expected = sum((owed[detail].money for detail in details if detail in owed), Decimal(0))
		if name not in edited and invoice.charges != expected:
			yield f"{name} asks for {invoice.charges}, owed {expected}"
	waiting = sum((one.money for detail, one in owed.items() if detail not in settled), Decimal(0))
	to_bill = sum(
		(
			Decimal(str(entry.amount))
			for entry in entries
			if entry.billing_status == "To Bill" and entry.timesheet_detail
		),
		Decimal(0),
	)
	if waiting != to_bill:
		yield f"{waiting} waits to be billed, in the ledger {to_bill}"


def _fees(
	retainer: str, contract: Contract, today: date, entries: list[frappe._dict], edited: set[str]
) -> Iterable[str]:
	"""One fee for each period that has begun (in advance) or is closed (in arrears), on one invoice or still to be billed."""
	when = contract.row.fee_billing
	asked: dict[str, Decimal] = {}
	for entry in entries:
		if entry.entry_type == "Fee":
			asked[entry.period] = asked.get(entry.period, Decimal(0)) + Decimal(str(entry.amount))
	closed = set(frappe.get_all("Timebank Period", {"retainer": retainer, "status": "Closed"}, pluck="name"))
	for first in contract.periods(today):
		name = f"{retainer}-{first}"
		fee = asked.pop(name, Decimal(0))
		expected = Decimal(0) if when == "Not Billed" else contract.fee(first)
		is_due = when == "In Advance" or name in closed
		there = frappe.db.exists("Timebank Period", name)
		if there and is_due and fee != expected:
			yield f"fee of {name} {fee}, owed {expected}"
	if asked:
		yield f"fees of periods that have not begun: {sorted(asked)}"
	for name, invoice in asked_for(retainer).items():
		if name not in edited and invoice.fees not in (0, contract.fee(_first(invoice.period))):
			yield f"{name} asks for a fee of {invoice.fees}"


def _first(period: str) -> date:
	return date.fromisoformat(period[-10:])


def _live(retainer: str) -> list[frappe._dict]:
	return frappe.db.sql(
		"select * from `tabTimebank Entry` where retainer = %s and is_reversed = 0 and ifnull(reversal_of, '') = ''",
		retainer,
		as_dict=True,
	)


def _day(value) -> date:
	return frappe.utils.getdate(value)
