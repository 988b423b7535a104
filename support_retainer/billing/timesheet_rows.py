"""ERPNext's own link from an invoice to the rows of time it bills, kept true to the entries it settles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import frappe
from frappe.model.document import Document

from support_retainer import timebank

FIELDS = ("billing_hours", "activity_type", "description", "from_time", "to_time")


def rows_of(entries: Iterable[frappe._dict], invoice: str | None) -> list[dict]:
	"""Return the values of the rows that bill these entries, one for each row of time.

	A row of time whose charges are on two invoices is linked to the one that was submitted first: ERPNext refuses to bill it again.
	"""
	by_row: dict[str, list[frappe._dict]] = {}
	for entry in entries:
		if entry.timesheet_detail:
			by_row.setdefault(entry.timesheet_detail, []).append(entry)
	logs = timebank.rows(
		"Timesheet Detail",
		{"name": ("in", list(by_row))},
		["name", "parent", "sales_invoice", *FIELDS],
		"name",
	)
	return [
		{
			"time_sheet": log.parent,
			"timesheet_detail": log.name,
			"billing_amount": float(
				sum((Decimal(str(entry.amount)) for entry in by_row[log.name]), Decimal(0))
			),
			**{field: log.get(field) for field in FIELDS},
		}
		for log in sorted(logs, key=lambda log: list(by_row).index(log.name))
		if log.sales_invoice in (None, "", invoice)
	]


def owned(details: Sequence[str], retainer: str) -> set[str]:
	"""Return which of these rows of time a retainer has in its ledger."""
	filters = {"timesheet_detail": ("in", list(details)), "retainer": retainer}
	return (
		{
			row.timesheet_detail
			for row in timebank.rows("Timebank Entry", filters, ["timesheet_detail"], "name")
		}
		if details
		else set()
	)


def others_of(doc: Document, retainer: str) -> list[Document]:
	"""Return an invoice's rows of time that are not the retainer's."""
	ours = owned([row.timesheet_detail for row in doc.timesheets if row.timesheet_detail], retainer)
	return [row for row in doc.timesheets if row.timesheet_detail not in ours]


def follow_entries(doc: Document, retainer: str, entries: Sequence[frappe._dict]) -> None:
	"""Have an unsaved invoice link the rows of time of these entries, and no others of the retainer."""
	wanted = rows_of(entries, doc.name)
	others = others_of(doc, retainer)
	there = {row.timesheet_detail: row.billing_amount for row in doc.timesheets if row not in others}
	if there == {values["timesheet_detail"]: values["billing_amount"] for values in wanted}:
		return
	doc.set("timesheets", others)
	for values in wanted:
		doc.append("timesheets", values)
