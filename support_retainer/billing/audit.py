"""Every invariant of ledger, timesheets and invoices, checked; and what is wrong said with names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, flt

from support_retainer import background, clock, people, timebank
from support_retainer.billing import audit_invoices
from support_retainer.core.calendar import epoch_seconds
from support_retainer.timebank import Finding
from support_retainer.words import filled, hours, money

Found = Iterator[tuple[str, str]]
WITH_INVOICE = ("To Bill", "Billed")


def audit(retainer: str | None = None) -> list[Finding]:
	"""Return all that is wrong with one retainer's ledger, or with every retainer's. Reads only."""
	names = [retainer] if retainer else frappe.get_all("Retainer", pluck="name", order_by="name")
	findings = []
	for name in names:
		findings += timebank.audit_ledger(name)
		entries = timebank.entries_of(retainer=name)
		checks = (_timesheets(name, entries), _invoices(name, entries), _statuses(entries))
		for check in (*checks, audit_invoices.of_invoices(name), audit_invoices.of_time(name)):
			findings += [Finding(name, record, what) for record, what in check]
	return findings


def report_audit(retainer: str | None = None) -> int:
	"""Print what the audit finds, one line each, and a line that sums it up; return how much it is.

	Raises:
	        frappe.DoesNotExistError: there is no such retainer.
	"""
	if retainer and not frappe.db.exists("Retainer", retainer):
		frappe.throw(filled(_("There is no Retainer {0}."), retainer), frappe.DoesNotExistError)
	findings = audit(retainer)
	for finding in findings:
		print(finding)
	audited = 1 if retainer else frappe.db.count("Retainer")
	print(f"{audited} retainers audited, {len(findings)} errors")
	return len(findings)


def weekly_audit() -> None:
	"""Scheduler: audit everything, and notify the managers of what is wrong."""
	findings = audit()
	if not findings:
		background.solved("audit")
		return
	text = "\n".join(str(finding) for finding in findings)
	log = frappe.log_error(title="Support Retainer: the weekly audit found errors", message=text)
	again = clock.now() + timedelta(days=7)
	about = ("Error Log", log.name)
	background.failed("audit", _("The weekly audit found errors"), text, about=about, next_try=again)
	people.tell_managers(
		_("The audit of the time banks found {0} errors").format(len(findings)), "Error Log", log.name
	)


def _timesheets(retainer: str, entries: list[frappe._dict]) -> Found:
	"""Each submitted row on the retainer's tickets has live entries that add up to it, and no other row has any."""
	by_row: dict[str, list[frappe._dict]] = defaultdict(list)
	for entry in entries:
		if entry.timesheet_detail:
			by_row[entry.timesheet_detail].append(entry)
	rows = _submitted_rows(retainer, list(by_row))
	for name in by_row.keys() - rows.keys():
		yield by_row[name][0].timesheet, _("its row {0} is in the ledger and not submitted").format(name)
	for name, row in rows.items():
		yield from _row(row, by_row.get(name, []))


def _row(row: frappe._dict, entries: list[frappe._dict]) -> Found:
	label = _("{0} row {1}").format(row.parent, row.idx)
	start, end = clock.worked(row)
	worked = epoch_seconds(end) - epoch_seconds(start)
	entered = sum(cint(entry.worked) for entry in entries)
	if worked != entered:
		yield label, _("worked {0}, in the ledger {1}").format(hours(worked), hours(entered))
	asked = sum(flt(entry.amount) for entry in entries if entry.billing_status in WITH_INVOICE)
	if bool(row.is_billable) != bool(asked):
		yield label, _("billable in the timesheet and not in the ledger, or the other way round")
	if (
		entries
		and row.currency in (None, "", entries[0].currency)
		and abs(flt(row.billing_amount) - asked) > 0.005
	):
		yield (
			label,
			_("{0} to bill in the timesheet, {1} in the ledger").format(flt(row.billing_amount), asked),
		)


def _submitted_rows(retainer: str, names: list[str]) -> dict[str, frappe._dict]:
	"""Return submitted rows of these names, and those that were charged, by their notes, on tickets of a retainer, by name.

	What another retainer's ledger has is judged by that one, whose the ticket may have been.
	"""
	log, sheet, ticket = (frappe.qb.DocType(name) for name in ("Timesheet Detail", "Timesheet", "Issue"))
	rows = (
		frappe.qb.from_(log)
		.join(sheet)
		.on(sheet.name == log.parent)
		.left_join(ticket)
		.on((log.ticket == ticket.name) & (log.ticket_type == "Issue"))
		.select(
			log.name,
			log.parent,
			log.idx,
			log.from_time,
			log.from_second_hour,
			log.to_second_hour,
			log.to_time,
			log.is_billable,
			log.billing_amount,
			log.timebank_note,
			sheet.currency,
		)
		.where(log.docstatus == 1)
		.where(log.name.isin(names or [""]) | ((ticket.retainer == retainer) & (log.timebank_note != "")))
	).run(as_dict=True)
	unknown = [row.name for row in rows if row.name not in set(names)]
	elsewhere = {entry.timesheet_detail for entry in timebank.entries_of(timesheet_detail=("in", unknown))}
	return {row.name: row for row in rows if row.name not in elsewhere}


def _invoices(retainer: str, entries: list[frappe._dict]) -> Found:
	"""Each invoice's lines of the time bank add up to its entries; billed entries are on a submitted one, others not."""
	sums: dict[str, Decimal] = defaultdict(Decimal)
	states: dict[str, set[str]] = defaultdict(set)
	for entry in entries:
		if entry.sales_invoice:
			sums[entry.sales_invoice] += Decimal(str(entry.amount))
			states[entry.sales_invoice].add(entry.billing_status)
	fields = ["name", "docstatus", "currency", "is_return", "total", "net_total"]
	found = {
		row.name: row
		for filters in ({"retainer": retainer, "docstatus": ("<", 2)}, {"name": ("in", list(sums))})
		for row in frappe.get_all("Sales Invoice", filters=filters, fields=fields)
	}
	lines, totals = _lines_of(found), _totals_of(found)
	for name in sums.keys() - found.keys():
		yield name, _("entries are on this invoice, and it is not there")
	for name, row in found.items():
		expected = {0: {"To Bill"}, 1: {"Billed"}}.get(row.docstatus, set())
		if wrong := states[name] - expected:
			yield name, _("its entries say {0}").format(", ".join(sorted(_(state or "–") for state in wrong)))
		if any(abs(totals[name][field] - flt(row[field])) > 0.005 for field in ("total", "net_total")):
			yield name, _("its lines do not add up to its total")
		if row.docstatus == 1 and lines.get(name, Decimal(0)) != sums[name]:
			yield (
				name,
				_("its lines of the time bank are {0}, its entries {1}").format(
					money(lines.get(name, Decimal(0)), row.currency), money(sums[name], row.currency)
				),
			)


def _lines_of(invoices: dict[str, frappe._dict]) -> dict[str, Decimal]:
	"""Return what each invoice's lines of the time bank and of time sold add up to, net, by their stamps; the fee for post is none."""
	rows = frappe.get_all(
		"Sales Invoice Item",
		filters={
			"parent": ("in", list(invoices)),
			"timebank_line": 1,
			"timebank_kind": ("!=", "Postal Fee"),
		},
		fields=["parent", "net_amount"],
	)
	sums: dict[str, Decimal] = defaultdict(Decimal)
	for row in rows:
		sums[row.parent] += Decimal(str(row.net_amount))
	return sums


def _totals_of(invoices: dict[str, frappe._dict]) -> dict[str, dict[str, float]]:
	"""Return what all of each invoice's lines add up to, before and after discounts."""
	sums: dict[str, dict[str, float]] = {name: {"total": 0.0, "net_total": 0.0} for name in invoices}
	fields = ["parent", "amount", "net_amount"]
	for row in frappe.get_all("Sales Invoice Item", {"parent": ("in", list(invoices))}, fields):
		sums[row.parent]["total"] += flt(row.amount)
		sums[row.parent]["net_total"] += flt(row.net_amount)
	return sums


def _statuses(entries: list[frappe._dict]) -> Found:
	"""Every amount says where it stands, and what is billed says on which invoice."""
	for entry in entries:
		if flt(entry.amount) and not entry.billing_status:
			yield entry.name, _("it has an amount and no billing status")
		if entry.billing_status == "Billed" and not entry.sales_invoice:
			yield entry.name, _("it is billed on no invoice")
		if entry.billing_status in ("Held", "Owed", "Written Off") and entry.sales_invoice:
			yield entry.name, _("it is not to be billed and is on {0}").format(entry.sales_invoice)
