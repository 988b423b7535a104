"""The ledger's own laws, checked over everything it holds. Each check names what breaks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import cint, flt, format_date, getdate

from support_retainer.core import chain as core
from support_retainer.timebank import chain
from support_retainer.timebank.ledger import MIRRORED, _totals
from support_retainer.words import hours


@dataclass(frozen=True, slots=True)
class Finding:
	"""One thing that is wrong: whose, in which record, and what."""

	retainer: str
	record: str
	what: str

	def __str__(self) -> str:
		return f"{self.retainer}: {self.record}: {self.what}"


def audit_ledger(retainer: str) -> list[Finding]:
	"""Return every law of the ledger that one retainer's periods and entries break."""
	entries = frappe.get_all(
		"Timebank Entry", filters={"retainer": retainer}, fields=["*"], order_by="creation, line_no, name"
	)
	periods = frappe.get_all(
		"Timebank Period", filters={"retainer": retainer}, fields=["*"], order_by="from_date"
	)
	by_name = {entry.name: entry for entry in entries}
	begins = {row.name: getdate(row.from_date) for row in periods}
	checks = (
		_lots(entries, by_name),
		_validity(entries, by_name, {row.name: row for row in periods}),
		_reversals(entries, by_name),
		_keys(entries),
		_calendar(retainer, periods),
		_sums(entries, periods),
		_chain(entries, periods, begins),
	)
	return [Finding(retainer, record, what) for check in checks for record, what in check]


Found = Iterator[tuple[str, str]]


def _lots(entries: list[frappe._dict], by_name: dict[str, frappe._dict]) -> Found:
	sums: dict[str, int] = defaultdict(int)
	for entry in entries:
		if entry.lot:
			sums[entry.lot] += cint(entry.seconds)
		elif cint(entry.seconds):
			yield entry.name, _("it moves {0} of no lot").format(hours(entry.seconds))
		if entry.entry_type == "Draw" and cint(entry.seconds) != -cint(entry.drawn):
			yield (
				entry.name,
				_("it draws {0} and takes {1}").format(hours(entry.drawn), hours(-entry.seconds)),
			)
	for lot, seconds in sums.items():
		if lot not in by_name or cint(by_name[lot].seconds) <= 0:
			yield lot, _("there is no entry that made this lot")
		if seconds < 0:
			yield lot, _("{0} more was drawn from this lot than it had").format(hours(-seconds))


def _validity(
	entries: list[frappe._dict], by_name: dict[str, frappe._dict], periods: dict[str, frappe._dict]
) -> Found:
	for entry in entries:
		mint = by_name.get(entry.lot) if entry.entry_type == "Draw" and not entry.reversal_of else None
		if not mint:
			continue
		days = [getdate(entry.occurred_on)]
		if entry.is_late and entry.period in periods:
			days.append(getdate(periods[entry.period].from_date))
		if not any(_is_valid(mint, day) for day in days):
			yield (
				entry.name,
				_("it draws lot {0}, which is not valid on {1}").format(entry.lot, format_date(days[0])),
			)


def _is_valid(mint: frappe._dict, day: date) -> bool:
	return getdate(mint.valid_from) <= day and (not mint.valid_until or day <= getdate(mint.valid_until))


def _reversals(entries: list[frappe._dict], by_name: dict[str, frappe._dict]) -> Found:
	mirrors: dict[str, list[frappe._dict]] = defaultdict(list)
	for entry in entries:
		if entry.reversal_of:
			mirrors[entry.reversal_of].append(entry)
	for name, found in mirrors.items():
		original = by_name.get(name)
		if not original:
			yield found[0].name, _("it reverses {0}, which is not there").format(name)
			continue
		if len(found) > 1:
			yield name, _("it was reversed {0} times").format(len(found))
		wrong = [field for field in MIRRORED if flt(found[0][field]) != -flt(original[field])]
		if wrong or found[0].lot != original.lot:
			yield found[0].name, _("it is not the opposite of {0}: {1}").format(name, ", ".join(wrong))
	for entry in entries:
		if bool(entry.is_reversed) != bool(entry.reversal_of or mirrors.get(entry.name)):
			yield entry.name, _("it is marked as reversed without a reversal, or the other way round")
		if entry.is_reversed and entry.billing_status:
			yield entry.name, _("it is reversed and still says {0}").format(_(entry.billing_status))


def _keys(entries: list[frappe._dict]) -> Found:
	seen: dict[str, str] = {}
	for entry in entries:
		if not entry.key:
			yield entry.name, _("it has no key")
		elif entry.key in seen:
			yield entry.name, _("it has the same key as {0}").format(seen[entry.key])
		seen[entry.key] = entry.name


def _calendar(retainer: str, periods: list[frappe._dict]) -> Found:
	expected, has_open = None, False
	for period in periods:
		start, end = getdate(period.from_date), getdate(period.to_date)
		if expected and start > expected and period.status == "Open":
			yield (
				period.name,
				_("there is a gap before it: the period before ends {0}").format(
					format_date(expected - timedelta(days=1))
				),
			)
		if expected and start < expected:
			yield period.name, _("it overlaps the period before")
		if end < start:
			yield period.name, _("it ends before it begins")
		if has_open and period.status == "Closed" and _within(retainer, start):
			yield period.name, _("it is closed while an earlier one is open")
		has_open = has_open or period.status == "Open"
		expected = end + timedelta(days=1)


def _chain(entries: list[frappe._dict], periods: list[frappe._dict], begins: dict[str, date]) -> Found:
	"""Each entry is the link that its hash says, none is missing, and the chain leads to the hashes that the periods keep."""
	entries = sorted(entries, key=lambda entry: cint(entry.chain_number))
	found = chain.links(entries, begins)
	try:
		core.verify(found)
	except core.Misfit as error:
		yield _misfit(error, entries, found)
		return  # what comes after it follows from it
	hashes = {one.number: one.hash for one in found}
	for period in periods:
		for number, kept in (
			(cint(period.chain_number), period.chain_hash),
			(cint(period.closing_number), period.closing_hash),
		):
			if number and hashes.get(number) != kept:
				yield (
					period.name,
					_(
						"the chain does not lead to the hash that is kept here for link {0}: entries were cut off from the end of the ledger, or it was written anew. Compare printed statements."
					).format(number),
				)
				return


def _misfit(error: core.Misfit, entries: list[frappe._dict], found: list[core.Link]) -> tuple[str, str]:
	at = next((place for place, one in enumerate(found) if one.number >= error.number), len(found) - 1)
	if error.what == "twice":  # the second of the two
		at = (
			next(place for place in range(1, len(found)) if found[place].number <= found[place - 1].number)
			if error.number
			else 0
		)
	says = {
		"changed": _(
			"link {0} of the chain does not fit: this entry was changed, or another put in its place. Compare it with a backup."
		),
		"missing": _(
			"link {0} of the chain is missing: the entry before this one was removed. Look for it in a backup."
		),
		"twice": _(
			"link {0} of the chain is there twice, or has no number: this entry was inserted past the app. Find out who wrote it."
		),
	}
	return entries[at].name, says[error.what].format(error.number)


def _within(retainer: str, day: date) -> bool:
	"""Periods after a retainer's end are closed before those within it."""
	end = frappe.get_cached_value("Retainer", retainer, "end_date")
	return not end or day <= getdate(end)


def _sums(entries: list[frappe._dict], periods: list[frappe._dict]) -> Found:
	groups: dict[tuple[str, str], frappe._dict] = {}
	lots: dict[tuple[str, str], int] = defaultdict(int)
	for entry in entries:
		zero = frappe._dict(
			period=entry.period, entry_type=entry.entry_type, seconds=0, drawn=0, overage=0, entries=0
		)
		group = groups.setdefault((entry.period, entry.entry_type), zero)
		group.entries += 1
		for field in ("seconds", "drawn", "overage"):
			group[field] += cint(entry[field])
		if entry.lot:
			lots[entry.period, entry.lot] += cint(entry.seconds)
	names = {period.name for period in periods}
	for entry in entries:
		if entry.period not in names:
			yield entry.name, _("its period {0} is not there").format(entry.period)
	for period in periods:
		totals = _totals([group for (name, _kind), group in groups.items() if name == period.name])
		for field, total in totals.items():
			if cint(period[field]) != total:
				say = str if field == "entries" else hours  # the one total that is a number, not a time
				yield (
					period.name,
					_("{0} says {1}, its entries {2}").format(
						_(frappe.get_meta("Timebank Period").get_label(field)),
						say(cint(period[field])),
						say(total),
					),
				)
		for (name, lot), seconds in lots.items():
			if name == period.name and period.status == "Closed" and seconds:
				yield period.name, _("it is closed with {0} left of lot {1}").format(hours(seconds), lot)
