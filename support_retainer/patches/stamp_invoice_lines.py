"""Stamp the invoice lines that are there with their kind and the ledger entries they settle.

The one time that a line is told by today's items: there was nothing else to tell it by. Texts and amounts decide where two kinds share one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal

import frappe

from support_retainer.setup.install import add_fields

CHILD = "Sales Invoice Item"
ITEMS = {
	"Fee": "retainer_fee_item",
	"Support": "support_item",
	"Project Management": "project_management_item",
	"Surcharge": "surcharge_item",
}


def execute() -> None:
	"""Stamp every invoice of a retainer, oldest first, so that credit notes come after what they credit. May run again."""
	add_fields()
	settings = frappe.get_single("Retainer Settings")
	invoices = frappe.get_all(
		"Sales Invoice",
		filters={"retainer": ("is", "set")},
		fields=["name", "docstatus", "is_return", "return_against", "retainer", "timebank_period"],
		order_by="is_return, creation",
	)
	for invoice in invoices:
		rows = frappe.get_all(
			CHILD,
			filters={"parent": invoice.name},
			fields=[
				*("name", "item_code", "amount", "ticket", "sales_invoice_item"),
				*("timebank_line", "timebank_kind"),
			],
			order_by="idx",
		)
		rows = [row for row in rows if not row.timebank_kind]
		if invoice.is_return:
			_stamp_credited(invoice, rows)
		else:
			_stamp_sold(invoice, rows, settings)
			_stamp_charged(invoice, [row for row in rows if row.timebank_line], settings)


def _stamp_credited(invoice: frappe._dict, rows: list[frappe._dict]) -> None:
	for row in rows:
		filters = {"parent": invoice.return_against}
		named = row.sales_invoice_item and {"name": row.sales_invoice_item}
		kind = frappe.db.get_value(
			CHILD, filters | (named or {"item_code": row.item_code, "timebank_line": 1}), "timebank_kind"
		)
		if kind:
			_stamp(row, kind, [])


def _stamp_sold(invoice: frappe._dict, rows: list[frappe._dict], settings) -> None:
	for row in rows:
		if row.timebank_line:
			continue
		minted = frappe.db.exists("Timebank Entry", {"key": f"TOPUP:{row.name}"})
		to_mint = invoice.docstatus == 0 and settings.topup_item and row.item_code == settings.topup_item
		if minted or to_mint:
			_stamp(row, "Top-up")


def _stamp_charged(invoice: frappe._dict, rows: list[frappe._dict], settings) -> None:
	groups = _groups(invoice)
	free = list(rows)
	for kind, ticket, amount, names in sorted(groups, key=lambda group: -group[2]):
		row = _row_of(free, settings.get(ITEMS[kind]), ticket, amount)
		if row:
			free.remove(row)
			_stamp(row, kind, names)
	kinds = {settings.get(field): kind for kind, field in ITEMS.items()}
	for row in free:
		is_for_post = not row.ticket and row.item_code not in kinds
		is_for_post = is_for_post or row.item_code == settings.invoice_fee_item
		_stamp(row, "Postal Fee" if is_for_post else kinds.get(row.item_code, "Support"), [])


def _groups(invoice: frappe._dict) -> list[tuple[str, str, Decimal, list[str]]]:
	"""Return kind, ticket, amount and entries of what an invoice bills; of a cancelled one what waits for its amendment."""
	filters = {"retainer": invoice.retainer, "is_reversed": 0, "entry_type": ("!=", "Correction")}
	if invoice.docstatus == 2:
		filters |= {"period": invoice.timebank_period, "billing_status": "To Bill"}
	else:
		filters |= {"sales_invoice": invoice.name}
	fields = ["name", "entry_type", "component", "ticket", "rate", "surcharge_percent", "amount"]
	found: dict[tuple, list[frappe._dict]] = defaultdict(list)
	for entry in frappe.get_all("Timebank Entry", filters, fields, order_by="occurred_on, creation, line_no"):
		if not entry.amount or entry.entry_type == "Top-up":
			continue
		kind = entry.entry_type if entry.entry_type in ("Fee", "Surcharge") else "Support"
		if kind == "Support" and entry.component == "Project Management":
			kind = "Project Management"
		percent = entry.surcharge_percent if kind == "Surcharge" else 0
		found[entry.ticket or "", kind, entry.rate, percent].append(entry)
	return [
		(
			kind,
			ticket,
			sum((Decimal(str(entry.amount)) for entry in group), Decimal(0)),
			[entry.name for entry in group],
		)
		for (ticket, kind, _rate, _percent), group in found.items()
	]


def _row_of(rows: list[frappe._dict], item: str, ticket: str, amount: Decimal) -> frappe._dict | None:
	"""Return the line of a group: of its ticket, item and amount if there is one, else of as much of these as there is."""
	of_ticket = [row for row in rows if (row.ticket or "") == ticket]
	of_item = [row for row in of_ticket if row.item_code == item]
	exact = [row for row in of_item if Decimal(str(row.amount)) == amount]
	of_amount = [row for row in of_ticket if Decimal(str(row.amount)) == amount]
	return next(iter([*exact, *of_amount, *of_item]), None)


def _stamp(row: frappe._dict, kind: str, entries: list[str] | None = None) -> None:
	values = {"timebank_line": 1, "timebank_kind": kind}
	if entries is not None and kind in ITEMS:
		values["timebank_entries"] = json.dumps(entries)
	frappe.db.set_value(CHILD, row.name, values, update_modified=False)
