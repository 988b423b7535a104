"""The exact words and figures a customer is asked with. Call these within the customer's language."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, format_date, strip_html

from support_retainer.consent.price import Price
from support_retainer.words import hours, money, percent


def of_estimate(doc: Document, used: int) -> tuple[str, dict]:
	"""Return text and figures of a priced estimate; `used` are the seconds charged on the ticket already."""
	lines = [_("Estimate for {0}: {1}").format(doc.ticket, doc.subject)]
	lines += [f"– {line.description}: {_range(line.work_from, line.work, hours)}" for line in doc.lines]
	lines.append(_("Work: {0}").format(_range(doc.work_from, doc.work, hours)))
	if doc.project_management:
		lines.append(
			_("Project management, {0} on charged time: {1}").format(
				percent(doc.project_management_percent), hours(doc.project_management)
			)
		)
	if doc.surcharge_amount:
		lines.append(_surcharge(doc.surcharge_percent, doc.surcharge_amount, doc.currency))
	lines.append(_price(_range(doc.price_from, doc.price, lambda sum_: money(sum_, doc.currency)), doc))
	lines += _bank(doc)
	if used:
		lines.append(_("Used on the ticket before: {0}. It is part of the estimate.").format(hours(used)))
	lines += _ending(doc)
	figures = {
		**_figures(doc, "work_from", "work", "charged", "project_management", "bank_balance", "bank_covers"),
		**_amounts(doc, "rate", "price_from", "price", "surcharge_amount", "to_invoice"),
		"used": used,
		"lines": [
			{"description": line.description, **_figures(line, "work_from", "work")} for line in doc.lines
		],
	}
	return "\n".join(lines), {**_common(doc), **figures}


def of_sprint(doc: Document) -> tuple[str, dict]:
	"""Return text and figures of a priced sprint."""
	lines = [_("Support sprint: {0}").format(doc.title)]
	if doc.from_date:
		until = format_date(doc.to_date) if doc.to_date else _("further notice")
		lines.append(_("Planned from {0} to {1}").format(format_date(doc.from_date), until))
	lines += [f"– {of_sprint_ticket(row)}" for row in doc.tickets]
	lines.append(_("Work: {0}").format(hours(doc.work)))
	if doc.project_management:
		lines.append(
			_("Project management, {0} on charged time: {1}").format(
				percent(doc.project_management_percent), hours(doc.project_management)
			)
		)
	lines.append(_price(money(doc.price, doc.currency), doc))
	lines += _bank(doc)
	lines += _ending(doc)
	figures = {
		**_figures(doc, "work", "charged", "project_management", "bank_balance", "bank_covers"),
		**_amounts(doc, "rate", "price", "to_invoice"),
		"from_date": str(doc.from_date or ""),
		"to_date": str(doc.to_date or ""),
		"tickets": [sprint_ticket_figures(row) for row in doc.tickets],
	}
	return "\n".join(lines), {**_common(doc), **figures}


def of_sprint_ticket(row: Document) -> str:
	"""Return a ticket's line of a sprint."""
	text = _("{0}: {1}, {2} of work, {3}").format(
		row.ticket, row.subject, hours(row.work), money(row.price, row.currency)
	)
	if flt(row.surcharge_percent):
		text = _("{0}, surcharge {1} included").format(text, percent(row.surcharge_percent))
	return text


def sprint_ticket_figures(row: Document) -> dict:
	"""Return a sprint's ticket in figures."""
	return {
		"ticket": row.ticket,
		"subject": row.subject,
		"surcharge_percent": flt(row.surcharge_percent),
		**_figures(row, "work", "charged", "project_management"),
		**_amounts(row, "price"),
	}


def of_overage(ticket: str, subject: str, entries: Iterable[frappe._dict]) -> tuple[str, dict]:
	"""Return text and figures of held entries of one ticket."""
	entries = list(entries)
	currency = entries[0].currency
	total = sum(flt(entry.amount) for entry in entries)
	seconds = sum(cint(entry.overage) for entry in entries)
	lines = [
		_("Time beyond the bank on {0}: {1}").format(ticket, subject),
		*(f"– {_held(entry)}" for entry in entries),
		_("Together {0}, {1}").format(hours(seconds), money(total, currency)),
		_("Approved time is invoiced. Declined time is not."),
	]
	figures = {
		"overage": seconds,
		"amount": f"{total:.2f}",
		"currency": currency,
		"entries": [
			{
				"name": entry.name,
				"occurred_on": str(entry.occurred_on),
				"component": entry.component or entry.entry_type,
				"overage": cint(entry.overage),
				"surcharge_percent": flt(entry.surcharge_percent),
				"amount": f"{flt(entry.amount):.2f}",
			}
			for entry in entries
		],
	}
	return "\n".join(lines), figures


def of_suggestion(ticket: frappe._dict, price: Price | None, currency: str) -> tuple[str, dict]:
	"""Return text and figures of a ticket the agency suggests."""
	lines = [_("We suggest: {0}").format(ticket.subject)]
	if description := strip_html(ticket.description or "").strip():
		lines.append(description)
	figures: dict = {"ticket": ticket.name, "expected_hours": flt(ticket.expected_hours)}
	if price:
		lines.append(
			_(
				"We think it takes {0}; with project management {1}, or {2} where the time bank does not cover it."
			).format(
				hours(round(flt(ticket.expected_hours) * 3600)),
				hours(price.charged + price.project_management),
				money(price.amount, currency),
			)
		)
		figures |= {
			"charged": price.charged,
			"project_management": price.project_management,
			"price": str(price.amount),
			"currency": currency,
		}
	lines.append(
		_("Accepted, it becomes a ticket like your own, and its clock starts. Declined, it is closed.")
	)
	return "\n".join(lines), figures


def _held(entry: frappe._dict) -> str:
	day, amount = format_date(entry.occurred_on), money(entry.amount, entry.currency)
	if entry.entry_type == "Surcharge":
		return _("{0}: surcharge {1} on {2}, {3}").format(
			day, percent(entry.surcharge_percent), hours(entry.base), amount
		)
	what = _("project management") if entry.component == "Project Management" else _("work")
	return _("{0}: {1} {2}, {3}").format(day, what, hours(entry.overage), amount)


def _price(amount: str, doc: Document) -> str:
	return _("Price: {0}, at {1} an hour").format(amount, money(doc.rate, doc.currency))


def _surcharge(share: float, amount: float, currency: str) -> str:
	return _("Surcharge {0} for urgent work: {1}").format(percent(share), money(amount, currency))


def _bank(doc: Document) -> list[str]:
	if frappe.get_cached_value("Retainer", doc.retainer, "mode") == "Without Timebank":
		return []
	whole = cint(doc.charged) + cint(doc.project_management)
	return [
		_("On {0} the time bank holds {1}. It would cover {2} of {3}; to invoice is then {4}.").format(
			format_date(doc.asked_on),
			hours(doc.bank_balance),
			hours(doc.bank_covers),
			hours(whole),
			money(doc.to_invoice, doc.currency),
		)
	]


def _ending(doc: Document) -> list[str]:
	lines = [_("Please answer by {0}.").format(format_date(doc.valid_until))] if doc.valid_until else []
	return [*lines, doc.note] if doc.note else lines


def _range(low: float | None, high: float, form) -> str:
	return f"{form(low)}–{form(high)}" if low and low != high else form(high)


def _common(doc: Document) -> dict:
	return {
		"currency": doc.currency,
		"project_management_percent": flt(doc.project_management_percent),
		"surcharge_percent": flt(doc.get("surcharge_percent")),
		"asked_on": str(doc.asked_on),
		"valid_until": str(doc.valid_until or ""),
	}


def _figures(doc: Document, *fields: str) -> dict[str, int]:
	return {field: cint(doc.get(field)) for field in fields}


def _amounts(doc: Document, *fields: str) -> dict[str, str]:
	return {field: f"{flt(doc.get(field)):.2f}" for field in fields}
