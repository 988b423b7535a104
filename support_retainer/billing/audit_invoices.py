"""The audit from the other side: what stands on invoices and timesheets, whether or not the ledger knows of it.

It shares no code with what writes these: it reads the lines, rows and entries themselves, and adds them up.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, format_date, getdate

from support_retainer import clock
from support_retainer.core.calendar import epoch_seconds
from support_retainer.words import hours, money

Found = Iterator[tuple[str, str]]
LINE_FIELDS = (
	"name",
	"parent",
	"idx",
	"docstatus",
	"net_amount",
	"timebank_line",
	"timebank_kind",
	"timebank_entries",
	"sales_invoice_item",
)


def of_invoices(retainer: str) -> Found:
	"""What is wrong with the invoices of a retainer, as seen from their lines."""
	entries = frappe.get_all(
		"Timebank Entry",
		filters={"retainer": retainer, "is_reversed": 0, "reversal_of": ("is", "not set")},
		fields=["name", "amount", "billing_status", "sales_invoice", "currency"],
	)
	invoices, lines = _live_invoices(retainer, entries)
	yield from _net(retainer, entries, invoices, lines)
	yield from _settled_once({entry.name for entry in entries}, invoices, lines)
	yield from _with_entries(entries, invoices, lines)
	yield from _copies(invoices, lines)


def _live_invoices(
	retainer: str, entries: list[frappe._dict]
) -> tuple[dict[str, frappe._dict], list[frappe._dict]]:
	"""Return the drafts and submitted invoices of a retainer, by name, and their lines: by the invoice's own field, by the
	entries that say they are on them, and by what they are a note on; so that none is lost by one field that somebody emptied."""
	fields = ["name", "docstatus", "is_return", "is_debit_note", "return_against", "currency", "retainer"]
	named = sorted({entry.sales_invoice for entry in entries if entry.sales_invoice})
	found = {row.name: row for row in _rows("Sales Invoice", "retainer", [retainer], fields)}
	found |= {row.name: row for row in _rows("Sales Invoice", "name", named, fields)}
	found |= {row.name: row for row in _strays(retainer, fields)}
	found |= {row.name: row for row in _rows("Sales Invoice", "return_against", sorted(found), fields)}
	return found, _rows("Sales Invoice Item", "parent", sorted(found), list(LINE_FIELDS))


def _rows(doctype: str, field: str, values: list[str], fields: list[str]) -> list[frappe._dict]:
	"""Return live rows with one of the values in a field; none of no value, which would be all that have the field empty."""
	if not values:
		return []
	filters = {field: ("in", values), "docstatus": ("<", 2)}
	order = "parent, idx" if field == "parent" else "name"
	return frappe.get_all(doctype, filters=filters, fields=fields, order_by=order)


def _strays(retainer: str, fields: list[str]) -> list[frappe._dict]:
	"""Return the customer's live invoices of no retainer that have lines of a time bank all the same."""
	invoice, line = frappe.qb.DocType("Sales Invoice"), frappe.qb.DocType("Sales Invoice Item")
	customer = frappe.db.get_value("Retainer", retainer, "customer")
	return (
		frappe.qb.from_(invoice)
		.join(line)
		.on(line.parent == invoice.name)
		.select(*(invoice[field] for field in fields))
		.distinct()
		.where((invoice.customer == customer) & (invoice.docstatus < 2))
		.where(invoice.retainer.isnull() | (invoice.retainer == ""))
		.where((line.timebank_line == 1) | (line.timebank_kind != ""))
	).run(as_dict=True)


def _net(
	retainer: str, entries: list[frappe._dict], invoices: dict[str, frappe._dict], lines: list[frappe._dict]
) -> Found:
	"""The net of all submitted lines of ours, notes and hand edits included, is what the ledger has billed."""
	by_name = {line.name: line for line in lines}
	asked: dict[str, Decimal] = defaultdict(Decimal)
	for line in lines:
		source = by_name.get(line.sales_invoice_item) if line.sales_invoice_item else None
		is_ours = line.timebank_line or (source and source.timebank_line)
		kind = line.timebank_kind or (source and source.timebank_kind)
		if cint(line.docstatus) == 1 and is_ours and kind != "Postal Fee":
			asked[line.parent] += Decimal(str(line.net_amount or 0))
	billed: dict[str, Decimal] = defaultdict(Decimal)
	for entry in entries:
		if entry.billing_status == "Billed":
			billed[entry.sales_invoice or ""] += Decimal(str(entry.amount or 0))
	if sum(asked.values()) == sum(billed.values()):
		return
	currency = next((entry.currency for entry in entries if entry.currency), None)
	yield (
		retainer,
		_(
			"its submitted invoices ask for {0}, the ledger has billed {1}. Look at the invoices named below, and cancel or credit what is asked for twice."
		).format(money(sum(asked.values()), currency), money(sum(billed.values()), currency)),
	)
	for name in sorted({*asked, *billed}):
		if asked[name] != billed[name]:
			yield (
				name or retainer,
				_("its lines come to {0} net, its entries to {1}").format(
					money(asked[name], currency), money(billed[name], currency)
				),
			)


def _settled_once(live: set[str], invoices: dict[str, frappe._dict], lines: list[frappe._dict]) -> Found:
	"""No entry is settled by lines of two live invoices."""
	on: dict[str, set[str]] = defaultdict(set)
	for line in lines:
		invoice = invoices[line.parent]
		if line.timebank_line and not invoice.is_return and not invoice.is_debit_note:
			for name in _names(line.timebank_entries):
				on[name].add(line.parent)
	for name, parents in sorted(on.items()):
		if len(parents) > 1:
			yield (
				name,
				_("it is on two live invoices, {0}. Cancel or delete the one that is not to be paid.").format(
					", ".join(sorted(parents))
				),
			)


def _with_entries(
	entries: list[frappe._dict], invoices: dict[str, frappe._dict], lines: list[frappe._dict]
) -> Found:
	"""No live invoice has lines of ours that settle nothing of the ledger."""
	known = {entry.sales_invoice for entry in entries if entry.sales_invoice}
	for name, invoice in sorted(invoices.items()):
		if invoice.is_return or invoice.is_debit_note or name in known:
			continue
		asking = [
			line
			for line in lines
			if line.parent == name
			and line.timebank_line
			and line.timebank_kind not in ("Postal Fee", "Top-up")
			and line.net_amount
		]
		if asking:
			yield (
				name,
				_(
					"its lines of the time bank settle nothing in the ledger. Delete the draft, or cancel or credit the invoice."
				),
			)


def _copies(invoices: dict[str, frappe._dict], lines: list[frappe._dict]) -> Found:
	"""No submitted invoice asks again for what a line stands for that it was copied from."""
	for line in lines:
		invoice = invoices[line.parent]
		is_copy = line.timebank_kind and not line.timebank_line and not invoice.is_return
		if is_copy and cint(invoice.docstatus) == 1 and line.net_amount:
			yield (
				line.parent,
				_(
					"row {0} is a copy of a line of the time bank: the customer is asked twice. Credit it."
				).format(line.idx),
			)


def of_time(retainer: str) -> Found:
	"""Submitted time on tickets of the retainer's customer, on days that it covers, that is in no ledger at all."""
	row = frappe.db.get_value(
		"Retainer", retainer, ["customer", "status", "start_date", "end_date", "paused_on"], as_dict=True
	)
	if row.status == "Draft":
		return
	log, ticket, entry = (frappe.qb.DocType(name) for name in ("Timesheet Detail", "Issue", "Timebank Entry"))
	logs = (
		frappe.qb.from_(log)
		.join(ticket)
		.on((log.ticket == ticket.name) & (log.ticket_type == "Issue"))
		.left_join(entry)
		.on((entry.timesheet_detail == log.name) & (entry.is_reversed == 0))
		.select(log.parent, log.idx, log.from_time, log.to_time, log.ticket, ticket.retainer)
		.select(log.from_second_hour, log.to_second_hour)
		.where((log.docstatus == 1) & (ticket.customer == row.customer) & entry.name.isnull())
		.where(log.from_time >= getdate(row.start_date))
		.where(ticket.retainer.isnull() | (ticket.retainer == "") | (ticket.retainer == retainer))
		.orderby(log.from_time, log.parent, log.idx)
	).run(as_dict=True)
	if not logs:
		return
	paused = _paused_days(retainer, row)
	for each in logs:
		day = getdate(each.from_time)
		if (row.end_date and day > getdate(row.end_date)) or paused(day):
			continue
		start, end = map(epoch_seconds, clock.worked(each))
		yield (
			_("{0} row {1}").format(each.parent, each.idx),
			_(
				"{0} on ticket {1} on {2} is in no ledger, and the contract covers that day. Cancel and amend the timesheet: it is charged then, or given with a reason."
			).format(hours(end - start), each.ticket, format_date(day)),
		)


def _paused_days(retainer: str, row: frappe._dict) -> Callable[[date], bool]:
	"""Return whether a day lies in a pause, as far as the retainer and its periods tell: of one that is over, the periods that began in it."""
	periods = frappe.get_all(
		"Timebank Period",
		{"retainer": retainer, "paused_until": ("is", "set")},
		["from_date", "paused_until"],
	)
	spans = [(getdate(period.from_date), getdate(period.paused_until)) for period in periods]
	if row.status == "Paused" and row.paused_on:
		spans.append((getdate(row.paused_on), date.max))
	return lambda day: any(first <= day <= last for first, last in spans)


def _names(text: str | None) -> list[str]:
	try:
		found = json.loads(text or "[]")
	except ValueError:
		return []
	return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
