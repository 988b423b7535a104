"""Time that is not charged: what a row of a draft says of it, and a manager's word on time that was submitted.

ERPNext's *Is Billable* on a row of a draft says the same: it is ticked for time that is charged, and whoever takes the tick away is
asked for the reason. New rows come with it empty, whether somebody meant that or not; so a new row is charged unless it names a reason.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

from support_retainer import tickets, timebank
from support_retainer.billing import anew, credit, pools
from support_retainer.billing.charging import REASON
from support_retainer.words import bold, filled, in_language_of


def read_rows(doc: Document) -> None:
	"""Bring *Is Billable* and the reason of each row on a retainer's ticket in line, before ERPNext adds the timesheet up.

	Raises:
	        frappe.ValidationError: *Is Billable* was taken off a row with no reason given, or the reason is disabled.
	"""
	rows = _rows_of_retainers(doc)
	if not rows:
		return
	saved = doc.get_doc_before_save()
	before = {row.name: row for row in saved.time_logs} if saved and saved.docstatus == 0 else {}
	for row in rows:
		_read(row, before.get(row.name))
	_check_reasons(rows, before)


def refuse_by_hand(doc: Document) -> None:
	"""Refuse to change the billing figures of rows that stand in the ledger on a submitted timesheet.

	Raises:
	        frappe.ValidationError: names the way to do it.
	"""
	saved = doc.get_doc_before_save()
	before = {row.name: row for row in saved.time_logs} if saved else {}
	for row in doc.time_logs:
		was = before.get(row.name)
		if not was or not row.get("timebank_note"):
			continue
		if cint(was.is_billable) != cint(row.is_billable) or was.billing_hours != row.billing_hours:
			frappe.throw(
				filled(
					_(
						"Row {0}: this time stands in the ledger. A Retainer Manager takes it off, or charges it after all, "
						"with Not Charged… on the timesheet."
					),
					row.idx,
				),
				title=_("Charged already"),
			)


def not_charge(details: Iterable[str], because: str, note: str = "") -> dict:
	"""Charge submitted rows of time no more: what they drew goes back into the bank, what they cost off the draft.

	Args:
	        details: names of rows of submitted timesheets.
	        because: a Not Charged Reason.
	        note: more about it, for the customer unless the reason is internal.

	Returns:
	        `rows`, how many.

	Raises:
	        frappe.ValidationError: no reason, or one of the rows is not charged now, or stands on a submitted invoice.
	"""
	_check_reason(because)
	found = _charged_rows(details)
	for detail, entries in found.items():
		if _is_given(entries):
			frappe.throw(filled(_("{0} is given already. Reload."), _row_in_words(detail)))
		_refuse_billed(detail, entries)
	values = {"not_charged_because": because, "not_charged_note": (note or "").strip()}
	for detail, entries in found.items():
		frappe.db.set_value("Timesheet Detail", detail, values)
		with in_language_of(entries[0].customer):
			reason = _("No longer charged")
		billed = _billed(entries)
		if billed:
			rest = [entry for entry in entries if entry not in billed]
			anew.give_rest(detail, rest, billed, reason)
		else:
			anew.charge_row(detail, entries, reason)
	_tell(found, _("{0} charges {1} no more: {2}. {3}"), _(because), values["not_charged_note"])
	return {"rows": len(found)}


def charge_after_all(details: Iterable[str], reason: str) -> dict:
	"""Charge submitted rows that were not charged, by the terms of their own day.

	Raises:
	        frappe.ValidationError: no reason, or one of the rows is charged.
	"""
	if not (reason or "").strip():
		frappe.throw(_("Write why it is charged after all."))
	found = _charged_rows(details)
	for detail, entries in found.items():
		if not _is_given(entries):
			frappe.throw(filled(_("{0} is charged already. Reload."), _row_in_words(detail)))
		if billed := _billed(entries):
			frappe.throw(
				filled(
					_("{0} was invoiced on {1} and credited. Cancel the credit note, or invoice it by hand."),
					_row_in_words(detail),
					billed[0].sales_invoice,
				)
			)
	for detail, entries in found.items():
		values = {"not_charged_because": None, "not_charged_note": None}
		frappe.db.set_value("Timesheet Detail", detail, values)
		with in_language_of(entries[0].customer):
			said = _("Charged after all")
		anew.charge_row(detail, entries, said)
	_tell(found, _("{0} charges {1} after all: {2} {3}"), reason.strip(), "")
	return {"rows": len(found)}


def _read(row: Document, was: Document | None) -> None:
	"""Tell what a row means from what it was: the reason and *Is Billable* are one thing, and the newer word counts."""
	had = was and was.get("not_charged_because")
	if row.get("not_charged_because"):
		ticked_again = had == row.not_charged_because and not cint(was.is_billable) and cint(row.is_billable)
		if ticked_again:
			row.not_charged_because = row.not_charged_note = None
	elif not had and _was_unticked(row, was):
		frappe.throw(
			filled(
				_(
					"Row {0}: Is Billable was taken off. Say why in Not Charged Because, or tick it again; "
					"what the time bank covers needs no tick taken off."
				),
				row.idx,
			),
			title=_("Why is this time not charged?"),
		)
	row.is_billable = int(not row.get("not_charged_because"))
	row.billing_hours = 0  # ERPNext fills it in anew, and warns of one it finds above the hours worked


def _was_unticked(row: Document, was: Document | None) -> bool:
	return bool(was and was.get("ticket") and cint(was.is_billable) and not cint(row.is_billable))


def _check_reasons(rows: list[Document], before: dict[str, Document]) -> None:
	for row in rows:
		was = before.get(row.name)
		if row.get("not_charged_because") and not (
			was and was.not_charged_because == row.not_charged_because
		):
			_check_reason(row.not_charged_because)


def _check_reason(because: str) -> None:
	if not because:
		frappe.throw(_("Choose why the time is not charged."))
	if frappe.db.get_value(REASON, because, "disabled"):
		frappe.throw(filled(_("{0} is disabled. Choose another reason."), bold(_(because))))


def _rows_of_retainers(doc: Document) -> list[Document]:
	rows = [row for row in doc.time_logs if row.get("ticket")]
	for row in rows:
		row.ticket_type = row.ticket_type or tickets.TICKET_TYPES[0]
	found = {
		(doctype, name): ticket
		for doctype in {row.ticket_type for row in rows} & set(tickets.TICKET_TYPES)
		for name, ticket in tickets.get_tickets(doctype, {row.ticket for row in rows}).items()
	}
	return [row for row in rows if _covers(found.get((row.ticket_type, row.ticket)), row)]


def _covers(ticket: tickets.Ticket | None, row: Document) -> bool:
	if not ticket or not row.from_time:
		return bool(ticket and ticket.retainer)
	return bool(tickets.as_of(ticket, getdate(row.from_time)).retainer)


def _charged_rows(details: Iterable[str]) -> dict[str, list[frappe._dict]]:
	"""Lock the retainers of rows and return the rows' live entries.

	Raises:
	        frappe.ValidationError: a row that the ledger does not have.
	"""
	details = list(dict.fromkeys(details))
	filters = {"timesheet_detail": ("in", details)}
	for retainer in sorted(set(frappe.get_all("Timebank Entry", filters, pluck="retainer"))):
		timebank.lock(retainer)
	found: dict[str, list[frappe._dict]] = {detail: [] for detail in details}
	for entry in timebank.entries_of(timesheet_detail=("in", details)):
		found[entry.timesheet_detail].append(entry)
	if not details or not all(found.values()):
		frappe.throw(_("Choose time that a retainer was charged. Reload, then choose again."))
	return found


def _is_given(entries: list[frappe._dict]) -> bool:
	return any(entry.entry_type == pools.NOT_CHARGED for entry in entries)


def _billed(entries: list[frappe._dict]) -> list[frappe._dict]:
	return [entry for entry in entries if entry.billing_status == "Billed"]


def _refuse_billed(detail: str, entries: list[frappe._dict]) -> None:
	"""Time on an invoice is credited there first; then what the bank gave for the same row can be given, too."""
	billed = _billed(entries)
	if not billed:
		return
	invoices = sorted({entry.sales_invoice for entry in billed})
	standing = credit.standing(invoices)
	if any(standing.get(entry.name, 1) > 0 for entry in billed):
		why = _("{0} stands on the submitted Sales Invoice {1}. Credit it there first, with a credit note.")
	elif len(billed) == len(entries):
		why = _("{0} was invoiced on {1} and credited: nothing of it is left to give.")
	else:
		return
	frappe.throw(
		filled(why, _row_in_words(detail), ", ".join(invoices)),
		title=_("Already invoiced"),
	)


def _row_in_words(detail: str) -> str:
	row = frappe.db.get_value("Timesheet Detail", detail, ["parent", "idx"], as_dict=True)
	return _("{0} row {1}").format(row.parent, row.idx) if row else detail


def _tell(found: dict[str, list[frappe._dict]], text: str, *more: str) -> None:
	"""Write on each timesheet's timeline who decided what."""
	who = frappe.utils.get_fullname(frappe.session.user)
	for name in sorted({entries[0].timesheet for entries in found.values()}):
		rows = [_row_in_words(detail) for detail, entries in found.items() if entries[0].timesheet == name]
		frappe.get_doc("Timesheet", name).add_comment("Info", filled(text, who, ", ".join(rows), *more))
