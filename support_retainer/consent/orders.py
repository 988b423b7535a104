"""An approved sprint in ERPNext: as a Quotation or a Sales Order, and on the invoices that bill its work.

Work is invoiced as the contract says, hour by hour. Where an order of the sprint is submitted, an invoice line is linked to the
order's row of the same ticket, item, unit and rate as long as that has room; what goes beyond it stands on its own, so that an
order never holds up an invoice.
"""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate

from support_retainer import billing, clock, contracts, timebank
from support_retainer.consent import asked, sprints, state
from support_retainer.core import money, round_money
from support_retainer.words import bold, filled, hours, in_language_of

ORDERS = ("Quotation", "Sales Order")
UNSETTLED = ("To Bill", "Held", "Owed")


def make_order(sprint: str, doctype: str) -> str:
	"""Make a draft Quotation or Sales Order of a sprint's approved tickets; return its name.

	Raises:
	        frappe.PermissionError: the user may not create one.
	        frappe.ValidationError: the sprint is not approved, there is one already, or settings are missing.
	"""
	if doctype not in ORDERS:
		frappe.throw(filled(_("A sprint becomes a Quotation or a Sales Order, not a {0}."), _(doctype)))
	doc = asked.lock(sprints.DOCTYPE, sprint)
	rows = [row for row in doc.tickets if row.answer == "Approved"]
	if doc.status not in state.AGREED or not rows:
		frappe.throw(
			filled(_("{0} is {1}. Only an approved sprint becomes an order."), bold(sprint), _(doc.status))
		)
	if there := frappe.db.exists(doctype, {"support_sprint": sprint, "docstatus": ("<", 2)}):
		frappe.throw(
			filled(_("{0} {1} was made of this sprint already."), _(doctype), bold(there)),
			title=_("There is one already"),
		)
	order = _new(doc, doctype)
	with in_language_of(doc.customer):
		for row in rows:
			_append(order, doc, row)
	order.set_missing_values()
	order.insert()
	return order.name


def on_invoice_validate(doc: Document, method: str | None = None) -> None:
	"""Say on each line of the time bank which sprint it belongs to, and which row of the sprint's order it bills."""
	if doc.is_return or not doc.get("retainer"):
		return
	lines = [item for item in doc.items if item.get("timebank_line") and item.get("ticket")]
	if not lines:
		return
	approved = _approved_in({item.ticket for item in lines})
	rows = _order_rows(doc, set(approved.values()))
	taken: dict[str, Decimal] = {}
	for item in lines:
		item.support_sprint = approved.get(item.ticket)
		row = item.support_sprint and next((row for row in rows if _fits(item, row, taken)), None)
		item.sales_order, item.so_detail = (row.parent, row.name) if row else (None, None)
		if row:
			taken[row.name] = taken.get(row.name, Decimal(0)) + Decimal(str(item.amount))


def on_invoice_change(doc: Document, method: str | None = None) -> None:
	"""A sprint that is worked off is invoiced when the last of its charges is; no longer when that invoice is cancelled."""
	names = {item.get("support_sprint") for item in doc.items if item.get("support_sprint")}
	if doc.is_return:
		return
	for name in sorted(names):
		settle_if_done(name)


def settle_if_done(name: str) -> None:
	"""Bring a closed sprint in line with its invoices: Invoiced when something was and nothing is left, else Done."""
	doc = asked.lock(sprints.DOCTYPE, name)
	if doc.status not in ("Done", "Invoiced"):
		return
	billed = {entry.billing_status for entry in _entries(doc) if entry.amount}
	status = "Invoiced" if "Billed" in billed and not billed & set(UNSETTLED) else "Done"
	if status != doc.status:
		doc.status = status
		asked.save(doc)


def progress(name: str) -> dict:
	"""Return how a sprint goes: for each ticket, and in all, what was estimated, used, charged and invoiced.

	Durations in seconds of charged work; money in the sprint's `currency`.
	"""
	doc = frappe.get_doc(sprints.DOCTYPE, name)
	entries = _entries(doc, every=True)
	found = state.states("Issue", [row.ticket for row in doc.tickets])
	rows = [_ticket(row, found.get(row.ticket), entries) for row in doc.tickets]
	sums = ("charged", "used", "covered", "price", "amount", "invoiced")
	return {
		"tickets": rows,
		"total": {field: sum(row[field] for row in rows if row["answer"] == "Approved") for field in sums},
		"currency": doc.currency,
		"invoices": sorted({row.sales_invoice for row in entries if row.sales_invoice}),
	}


def _ticket(row: Document, found: state.State | None, entries: list[frappe._dict]) -> dict:
	own = [entry for entry in entries if entry.ticket == row.ticket]
	return {
		"ticket": row.ticket,
		"subject": row.subject,
		"answer": row.answer,
		"charged": cint(row.charged),
		"price": flt(row.price),
		"used": found.used if found else 0,
		"covered": sum(cint(entry.drawn) for entry in own),
		"amount": float(sum((_amount(entry) for entry in own), Decimal(0))),
		"invoiced": float(
			sum((_amount(entry) for entry in own if entry.billing_status == "Billed"), Decimal(0))
		),
	}


def _entries(doc: Document, every: bool = False) -> list[frappe._dict]:
	names = [row.ticket for row in doc.tickets if every or row.answer == "Approved"]
	return timebank.entries_of(retainer=doc.retainer, ticket=("in", names or [""]))


def _amount(entry: frappe._dict) -> Decimal:
	return Decimal(str(entry.amount or 0))


def _new(sprint: Document, doctype: str) -> Document:
	retainer = frappe.get_cached_doc("Retainer", sprint.retainer)
	order = frappe.new_doc(doctype)
	party = {"customer": sprint.customer}
	if doctype == "Quotation":
		party = {"quotation_to": "Customer", "party_name": sprint.customer}
	order.update(
		{
			**party,
			"company": sprint.company,
			"currency": sprint.currency,
			"transaction_date": clock.today(),
			"order_type": "Sales",
			"ignore_pricing_rule": 1,
			"support_sprint": sprint.name,
		}
	)
	if doctype == "Sales Order":
		order.delivery_date = max(clock.today(), getdate(sprint.to_date or sprint.from_date or clock.today()))
		order.project = retainer.project
	return order


def _append(order: Document, sprint: Document, row: Document) -> None:
	"""Add a ticket's rows as an invoice would have them: work, project management, and a surcharge if there is one."""
	rate, surcharge = Decimal(str(sprint.rate)), Decimal(str(flt(row.surcharge_percent)))
	parts = [
		("support_item", cint(row.charged), rate, _("Support")),
		("project_management_item", cint(row.project_management), rate, _("Project management")),
		("surcharge_item", cint(row.charged), rate * surcharge / 100, _("Surcharge for urgent work")),
	]
	contracts.require_settings(*(field for field, seconds, price, _label in parts if seconds and price))
	coin = contracts.minor_unit(sprint.currency)
	for field, seconds, price, label in parts:
		if not (seconds and price):
			continue
		amount = round_money(money(seconds, price), coin)
		head = frappe.utils.escape_html(f"{row.ticket}: {row.subject}")
		order.append(
			"items",
			{
				"item_code": contracts.settings().get(field),
				"description": f"{head}<br>{label}, {hours(seconds)}",
				**billing.quantity(seconds, price, amount, order),
				"delivery_date": order.get("delivery_date"),
				"ticket_type": row.ticket_type,
				"ticket": row.ticket,
			},
		)


def _approved_in(names: set[str]) -> dict[str, str]:
	"""Return the sprint each ticket is in and approved in, by ticket. One query."""
	issue, row = frappe.qb.DocType("Issue"), frappe.qb.DocType(sprints.ROW)
	rows = (
		frappe.qb.from_(issue)
		.join(row)
		.on((row.parent == issue.support_sprint) & (row.ticket == issue.name))
		.select(issue.name, issue.support_sprint)
		.where(issue.name.isin(sorted(names)) & (row.answer == "Approved"))
	).run()
	return dict(rows)


def _order_rows(doc: Document, found: set[str]) -> list[frappe._dict]:
	"""Return the rows of submitted orders of these sprints that an invoice may link to. One query."""
	if not found:
		return []
	order, row = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
	rows = (
		frappe.qb.from_(row)
		.join(order)
		.on(row.parent == order.name)
		.select(
			row.name, row.parent, row.ticket, row.item_code, row.uom, row.rate, row.amount, row.billed_amt
		)
		.select(order.project, order.support_sprint)
		.where((order.docstatus == 1) & order.support_sprint.isin(sorted(found)))
		.where((order.customer == doc.customer) & (order.company == doc.company))
		.where((order.currency == doc.currency) & (order.status != "Closed"))
		.orderby(order.name)
		.orderby(row.idx)
	).run(as_dict=True)
	return [row for row in rows if (row.project or None) == (doc.project or None)]


def _fits(item: Document, row: frappe._dict, taken: dict[str, Decimal]) -> bool:
	same = all(
		item.get(field) == row.get(field) for field in ("ticket", "item_code", "uom", "support_sprint")
	)
	billed = (
		Decimal(str(row.billed_amt or 0)) + taken.get(row.name, Decimal(0)) + Decimal(str(item.amount or 0))
	)
	return same and flt(item.rate) == flt(row.rate) and billed <= Decimal(str(row.amount or 0))
