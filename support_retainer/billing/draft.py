"""The draft Sales Invoice of a retainer's period, kept in line with the ledger.

The app's own lines are made anew from the ledger each time, so adding, cancelling and repeating all end in the same invoice. Lines
that people add themselves are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from support_retainer import background, clock, contracts, requests, timebank
from support_retainer.billing import hand_edits, keeping, refusals, stamps, timesheet_rows
from support_retainer.billing.lines import as_items, lines
from support_retainer.billing.terms import postal_fee
from support_retainer.changed import has_changed
from support_retainer.words import filled, html, in_language_of
from support_retainer.writing import insert_rows

TO_BILL = "To Bill"


def bring_up_to_date(retainer: frappe._dict, period: str, *, only_existing: bool = False) -> str | None:
	"""Make the period's draft say what the ledger says: lines for all money to bill that is on no submitted invoice.

	A draft left without lines is deleted. With `only_existing` no new draft is made. What ERPNext refuses waits: see `attempt`.

	Returns:
	        the invoice's name, or None when there is none.
	"""
	return attempt(retainer, period, only_existing=only_existing).invoice


def attempt(retainer: frappe._dict, period: str, *, only_existing: bool = False) -> refusals.Outcome:
	"""Bring a period's draft up to date, and submit it where the contract says so.

	Where ERPNext refuses, nothing half written stays, the charges wait, and the reason is kept; it is tried again each hour.
	"""
	outcome = refusals.Outcome()
	with refusals.kept(outcome, retainer, period, _("Invoice {0}").format(period)):
		outcome.invoice = _up_to_date(retainer, period, only_existing)
	if outcome.invoice and retainer.submit_invoices and not outcome.problem:
		with refusals.kept(outcome, retainer, period, _("Submit {0}").format(outcome.invoice)):
			_submit(outcome.invoice)
	if outcome.problem:
		_say_refused(retainer, outcome)
	else:
		background.solved(refusals.key_of(period))
	return outcome


def _say_refused(retainer: frappe._dict, outcome: refusals.Outcome) -> None:
	if requests.has_role_right("Sales Invoice", "create"):  # others can do nothing about it
		frappe.msgprint(
			filled(_("The invoice to {0} waits: {1}"), retainer.customer, outcome.problem),
			title=_("The invoice waits"),
			indicator="orange",
		)


def _submit(invoice: str) -> None:
	doc = frappe.get_doc("Sales Invoice", invoice)
	refusals.check_customer(doc.customer)
	doc.flags.from_room = doc.flags.ignore_permissions = True  # the contract says so, whoever is at work
	timesheet_rows.follow_entries(doc, doc.retainer, hand_edits.settled_by(doc))
	doc.flags.own_time = [row.timesheet_detail for row in doc.timesheets]
	doc.submit()


def _up_to_date(retainer: frappe._dict, period: str, only_existing: bool) -> str | None:
	_follow_amended(retainer, period)
	name = open_draft(retainer.name, period)
	if not name and only_existing:
		return None
	entries = _to_bill(retainer, period, name)
	if not entries and not name:
		return None
	doc = frappe.get_doc("Sales Invoice", name, for_update=True) if name else _new(retainer, period)
	if name and _is_current(doc, entries):
		return name
	if name:
		hand_edits.say_overwritten(doc)
	doc.flags.ignore_permissions = (
		True  # whoever books time, or answers for a customer, need not have rights to it
	)
	if entries:
		refusals.check_customer(retainer.customer)
	_write(doc, retainer, entries)
	if not doc.items:
		_discard(doc)
		return None
	doc.flags.from_room = True
	doc.save(ignore_permissions=True)  # the person who books time need not have any right to invoices
	_link_timesheets(doc, entries)
	_let_go(doc, {row.name for row in entries})
	timebank.set_billing([row.name for row in entries], TO_BILL, doc.name)
	return doc.name


def _is_current(doc: Document, entries: Sequence[frappe._dict]) -> bool:
	"""Return whether a draft's lines bill just these entries already: then what people filled in on them stays."""
	on_lines = [name for row in doc.items for name in stamps.entries_on(row)]
	return bool(entries) and sorted(on_lines) == sorted(row.name for row in entries)


def follow_retainer(doc: Document) -> None:
	"""Bring a saved retainer's drafts in line with its ledger, where its end or its terms moved what is to be billed."""
	if doc.is_new() or not (has_changed(doc, "end_date") or doc.flags.terms_since):
		return
	filters = {"retainer": doc.name, "timebank_period": ("is", "set"), "docstatus": 0, "is_return": 0}
	periods = {
		row.timebank_period for row in timebank.rows("Sales Invoice", filters, ["timebank_period"], "name")
	}
	row = timebank.lock(doc.name) if periods else None
	for period in sorted(periods):
		bring_up_to_date(row, period, only_existing=True)


def open_draft(retainer: str, period: str) -> str | None:
	"""Return the draft that collects a period's charges, if there is one. One that amends an invoice keeps to that one's."""
	found = _drafts(retainer, period, amended_from=("is", "not set"))
	return found[0] if found else None


def _drafts(retainer: str, period: str, **filters: object) -> list[str]:
	filters |= {"retainer": retainer, "timebank_period": period, "docstatus": 0, "is_return": 0}
	found = timebank.rows("Sales Invoice", filters | {"is_debit_note": 0}, ["name"], "creation")
	return [row.name for row in found]


def _follow_amended(retainer: frappe._dict, period: str) -> None:
	"""Take off the drafts that amend an invoice of the period what they can no longer bill."""
	for name in _drafts(retainer.name, period, amended_from=("is", "set")):
		doc = frappe.get_doc("Sales Invoice", name, for_update=True)
		if not keeping.stale_entries(doc):
			continue
		mine = timebank.entries_of(sales_invoice=name, billing_status=TO_BILL)
		said = keeping.drop_lost(doc, retainer, {row.name: row for row in mine})
		if not doc.items:
			_discard(doc)
			continue
		timesheet_rows.follow_entries(doc, retainer.name, mine)
		doc.flags.from_room, doc.flags.ignore_permissions = True, True
		doc.flags.own_time = [row.timesheet_detail for row in doc.timesheets]
		doc.save(ignore_permissions=True)  # whoever cancels the time need not have any right to invoices
		doc.add_comment("Comment", html(keeping.one_below_another(said)))


def _to_bill(retainer: frappe._dict, period: str, invoice: str | None) -> list[frappe._dict]:
	"""Return what is to be invoiced now. With the cadence Per Period that is the fee, and the rest once the period is closed."""
	entries = timebank.entries_of(retainer=retainer.name, period=period, billing_status=TO_BILL)
	entries = [row for row in entries if row.amount and row.sales_invoice in (None, "", invoice)]
	if retainer.invoice_cadence != "Per Period" or not entries:
		return entries
	is_open = frappe.db.get_value("Timebank Period", period, "status") == "Open"
	return [row for row in entries if not is_open or row.entry_type == "Fee"]


def _new(retainer: frappe._dict, period: str) -> Document:
	doc = frappe.new_doc("Sales Invoice")
	doc.update(
		{
			"customer": retainer.customer,
			"company": retainer.company,
			"currency": retainer.currency,
			"project": retainer.project,
			"cost_center": retainer.cost_center,
			"retainer": retainer.name,
			"timebank_period": period,
			"ignore_pricing_rule": 1,
		}
	)
	return doc


def _write(doc: Document, retainer: frappe._dict, entries: Sequence[frappe._dict]) -> None:
	doc.set(
		"items", [row for row in doc.items if stamps.kind_of(row) == stamps.TOP_UP or not row.timebank_line]
	)
	_keep_others_time(doc, retainer.name)
	if not doc.set_posting_time:
		# ERPNext moves a draft's date along; the dates that follow from it are asked for anew
		doc.posting_date, doc.due_date, doc.payment_schedule = clock.today(), None, []
	doc.flags.ignore_permissions = True  # a customer's own word may make it: contacts cannot read Customer
	if entries or doc.items:
		doc.set_missing_values()  # before the lines are there: ERPNext completes these once more when it saves
	found = lines(entries)
	if found:
		contracts.require_settings(*{line.item_field for line in found})
	with in_language_of(retainer.customer):
		items = as_items(retainer, found, doc)
	for values in items:
		doc.append("items", values)
	if entries and retainer.invoice_delivery == "Post":
		_append_post_fee(doc, retainer)
	for number, row in enumerate(doc.items, start=1):
		row.idx = number


def _keep_others_time(doc: Document, retainer: str) -> None:
	"""Take the retainer's own rows of time off a draft; those of other people stay, and no others come."""
	doc.set("timesheets", timesheet_rows.others_of(doc, retainer))
	doc.flags.own_time = [row.timesheet_detail for row in doc.timesheets]


def _let_go(doc: Document, kept: set[str]) -> None:
	"""What stands on the draft no longer waits for another one: the close of its period, where it is open again."""
	stamped = timebank.entries_of(sales_invoice=doc.name, billing_status=TO_BILL)
	timebank.set_billing([row.name for row in stamped if row.name not in kept], TO_BILL, None)


def _link_timesheets(doc: Document, entries: Sequence[frappe._dict]) -> None:
	"""Write ERPNext's own link from the draft to the rows of time it bills.

	Past the document: saved with it, ERPNext would load the whole timesheet again for each of its rows.
	"""
	linked = len(doc.timesheets)
	rows = [
		{
			"name": frappe.generate_hash(length=10),
			"parent": doc.name,
			"parenttype": doc.doctype,
			"parentfield": "timesheets",
			"idx": linked + number,
			**values,
		}
		for number, values in enumerate(timesheet_rows.rows_of(entries, doc.name), start=1)
	]
	if not rows:
		return
	insert_rows("Sales Invoice Timesheet", rows)
	totals = {
		f"total_{field}": sum(flt(row.get(field)) for row in (*doc.timesheets, *rows))
		for field in ("billing_amount", "billing_hours")
	}
	doc.db_set(totals, update_modified=False)


def _append_post_fee(doc: Document, retainer: frappe._dict) -> None:
	fee = postal_fee(retainer)
	if not fee:
		return
	contracts.require_settings("invoice_fee_item")
	with in_language_of(retainer.customer):
		description = _("Fee for an invoice sent by post. By e-mail it is free.")
	doc.append(
		"items",
		{
			"item_code": contracts.settings().invoice_fee_item,
			"description": description,
			"qty": 1,
			"rate": fee,
			"uom": "Nos",
			"cost_center": retainer.cost_center,
			"project": retainer.project,
			**stamps.stamp(stamps.POSTAL_FEE),
		},
	)


def _discard(doc: Document) -> None:
	if not doc.is_new():
		# an empty draft says nothing; whoever cancelled the time need not have any right to invoices
		frappe.delete_doc("Sales Invoice", doc.name, ignore_permissions=True)
