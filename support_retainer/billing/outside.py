"""Submitted time of covered customers that is in no ledger: what there is, and charging it after all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from support_retainer import clock, tickets, timebank
from support_retainer.billing import anew, pools
from support_retainer.billing.charging import charge_again
from support_retainer.core.calendar import epoch_seconds
from support_retainer.words import bold, filled, in_language_of


def on_no_contract(customers: Sequence[str]) -> list[frappe._dict]:
	"""Return submitted rows of time on tickets of customers who have an active retainer, that are neither charged nor given nor invoiced.

	Only days since the customer's first retainer began, and tickets under a retainer, count: what was before is another business.

	Returns:
	        `name`, `parent`, `idx`, `from_time`, `ticket`, `customer`, `seconds`, and `retainer`: the one that held that day, or None.
	"""
	contract, log, ticket, entry = (
		frappe.qb.DocType(name) for name in ("Retainer", "Timesheet Detail", "Issue", "Timebank Entry")
	)
	active = frappe.qb.from_(contract).select(contract.customer).where(contract.status == "Active").distinct()
	rows = (
		frappe.qb.from_(log)
		.join(ticket)
		.on((log.ticket == ticket.name) & (log.ticket_type == tickets.TICKET_TYPES[0]))
		.left_join(entry)
		.on((entry.timesheet_detail == log.name) & (entry.is_reversed == 0))
		.select(log.name, log.parent, log.idx, log.from_time, log.to_time, log.ticket)
		.select(log.from_second_hour, log.to_second_hour)
		.select(ticket.customer, ticket.retainer.as_("under"))
		.where((log.docstatus == 1) & entry.name.isnull() & ticket.customer.isin(active))
		.where(ticket.customer.isin(list(customers) or [""]))
		.where(log.sales_invoice.isnull() | (log.sales_invoice == ""))
		.where(log.not_charged_because.isnull() | (log.not_charged_because == ""))
		.orderby(log.from_time, log.parent, log.idx)
	).run(as_dict=True)
	if not rows:
		return []
	begins = _begins({row.customer for row in rows})
	own = tickets.get_tickets(tickets.TICKET_TYPES[0], {row.ticket for row in rows})
	found = [row for row in rows if row.under or getdate(row.from_time) >= begins[row.customer]]
	for row in found:
		start, end = map(epoch_seconds, clock.worked(row))
		row.seconds = end - start
		row.retainer = tickets.contract_on(own[row.ticket], getdate(row.from_time))
	return found


def charge_now(details: Iterable[str]) -> dict:
	"""Charge submitted rows of time that are in no ledger, on the retainer that held on the day of the work.

	Returns:
	        `rows`, how many.

	Raises:
	        frappe.ValidationError: a row that is charged or given already, that ERPNext has on an invoice, or on whose day no retainer held.
	"""
	details = list(dict.fromkeys(details))
	found = {each.key: each for each in _on_tickets(details)}
	contracts = {detail: _contract_of(each) for detail, each in found.items()}
	for retainer in sorted(set(contracts.values())):
		timebank.lock(retainer)
	for detail in details:
		_refuse_charged(detail)
	for detail in details:
		part = charge_again(contracts[detail], found[detail])
		with in_language_of(part.retainer.customer):
			reason = _("Charged after all")
		anew.post(part, reason)
		anew.bring_up_to_date(part)
		_say(found[detail].row, part.retainer.name)
	return {"rows": len(details)}


def who_is_asked(details: Iterable[str]) -> tuple[set[tuple[str, str]], set[str]]:
	"""Return the tickets of these rows (kind and name), and the retainers that held on their days."""
	found = _on_tickets(list(details))
	held = {tickets.contract_on(each.ticket, each.day) for each in found} - {None}
	return {(each.ticket.doctype, each.ticket.name) for each in found}, held


def _on_tickets(details: list[str]) -> list[pools.Booked]:
	"""Return these rows as they are booked.

	Raises:
	        frappe.ValidationError: none, one that is not there, is on no ticket, or has no times.
	"""
	filters = {
		"name": ("in", details),
		"ticket_type": ("in", tickets.TICKET_TYPES),
		"from_time": ("is", "set"),
		"to_time": ("is", "set"),
	}
	there = frappe.get_all("Timesheet Detail", filters, ["name", "ticket_type", "ticket"])
	there = [row for row in there if row.ticket and frappe.db.exists(row.ticket_type, row.ticket)]
	if not details or len(there) != len(details):
		frappe.throw(_("Choose submitted time on tickets. Reload, then choose again."))
	return pools.as_booked(details)


def _begins(customers: set[str]) -> dict[str, date]:
	found: dict[str, date] = {}
	filters = {"customer": ("in", list(customers)), "status": ("!=", "Draft")}
	for row in frappe.get_all("Retainer", filters, ["customer", "start_date"]):
		found[row.customer] = min(getdate(row.start_date), found.get(row.customer) or getdate(row.start_date))
	return found


def _contract_of(booked: pools.Booked) -> str:
	if name := tickets.contract_on(booked.ticket, booked.day):
		return name
	frappe.throw(
		filled(
			_(
				"Row {0} of {1}: no retainer of {2} held on {3}. Invoice it from the timesheet, or give it with a reason."
			),
			booked.row.idx,
			booked.row.parent,
			bold(booked.ticket.customer or ""),
			frappe.format(booked.day, "Date"),
		),
		title=_("On No Contract"),
	)


def _refuse_charged(detail: str) -> None:
	row = frappe.db.get_value(
		"Timesheet Detail",
		detail,
		["docstatus", "idx", "parent", "sales_invoice", "not_charged_because"],
		as_dict=True,
		for_update=True,
	)
	where = filled(_("Row {0} of {1}"), row.idx, row.parent)
	if row.docstatus != 1:
		frappe.throw(filled(_("{0} is not submitted. It is charged when it is."), where))
	if timebank.entries_of(timesheet_detail=detail) or row.not_charged_because:
		frappe.throw(filled(_("{0} is charged or given already. Reload."), where))
	invoice = row.sales_invoice or frappe.db.get_value(
		"Sales Invoice Timesheet", {"timesheet_detail": detail, "docstatus": ("<", 2)}, "parent"
	)
	if invoice:
		frappe.throw(
			filled(
				_(
					"{0} is on Sales Invoice {1}, which ERPNext made of it. Cancel that invoice, or take the row off it; then charge it."
				),
				where,
				bold(invoice),
			),
			title=_("Already invoiced"),
		)


def _say(row: Document | frappe._dict, retainer: str) -> None:
	frappe.get_doc("Timesheet", row.parent).add_comment(
		"Info", filled(_("Row {0} was charged to {1} after all."), row.idx, retainer)
	)
