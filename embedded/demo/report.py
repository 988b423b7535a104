"""What happened, as tables a person enjoys reading: tickets with their promises, the ledger, the invoices."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.utils import get_datetime

from embedded.demo.show import Screen

STORY = ("Fjällbutiken AB", "Kaféet i Visby")
MARK = {"Met": "[green]✓[/]", "Breached": "[red]✗[/]", "Pending": "[yellow]…[/]", "Queued": "[blue]⧗[/]"}


def show(screen: Screen) -> None:
	"""Print the tickets and the ledger of the two customers of the story, and every customer's bank and invoice."""
	for customer in STORY:
		_tickets(screen, customer)
		_ledger(screen, customer)
	_banks(screen)
	_invoices(screen)
	screen.say()


def _tickets(screen: Screen, customer: str) -> None:
	rows = frappe.get_all(
		"Issue", filters={"customer": customer}, fields=["*"], order_by="opening_date, opening_time"
	)
	screen.table(
		f"{customer}: tickets and what was promised",
		("Registered", "Ticket", "Rule", "Assigned by", "", "Started by", ""),
		[
			(
				_when(f"{row.opening_date} {row.opening_time}"),
				row.subject,
				row.sla_rule or "",
				_range(row.assign_from, row.assign_by),
				MARK.get(row.assign_status, ""),
				_range(row.start_from, row.start_by),
				MARK.get(row.start_status, ""),
			)
			for row in rows
		],
	)


def _ledger(screen: Screen, customer: str) -> None:
	logs = frappe.get_all(
		"Timebank Entry",
		filters={"customer": customer, "line_no": 1, "is_reversed": 0},
		fields=["occurred_on", "ticket", "timesheet_detail"],
		order_by="occurred_on",
	)
	rows = []
	for log in logs:
		entries = frappe.get_all("Timebank Entry", {"timesheet_detail": log.timesheet_detail}, ["*"])
		note = frappe.db.get_value("Timesheet Detail", log.timesheet_detail, "timebank_note")
		amount = sum(entry.amount for entry in entries)
		rows.append(
			(
				_when(log.occurred_on),
				_hours(sum(entry.charged for entry in entries)),
				_hours(sum(entry.drawn for entry in entries)),
				_hours(sum(entry.overage for entry in entries)),
				_money(amount) if amount else "–",
				note or "",
			)
		)
	screen.table(
		f"{customer}: the ledger, and how each charge came about",
		("When", "Charged>", "Drawn>", "Beyond>", "To invoice>", "Derivation"),
		rows,
	)


def _banks(screen: Screen) -> None:
	rows = []
	for period in frappe.get_all("Timebank Period", fields=["*"], order_by="customer"):
		rows.append(
			(
				period.customer,
				_hours(period.allotted),
				_hours(period.drawn),
				_hours(period.balance),
				_bar(period.balance, period.allotted),
				_hours(period.overage),
				frappe.db.get_value("Retainer", period.retainer, "overage_policy"),
			)
		)
	columns = ("Customer", "Allotted>", "Drawn>", "Left>", "", "Beyond the bank>", "which is")
	screen.table("The time banks of November", columns, rows)


def _invoices(screen: Screen) -> None:
	rows = []
	for name in frappe.get_all("Sales Invoice", order_by="customer", pluck="name"):
		invoice = frappe.get_doc("Sales Invoice", name)
		for item in invoice.items:
			text = frappe.utils.strip_html(item.description.replace("<br>", "\n")).split("\n")
			head = ": ".join(text[:2]) if item.timebank_line and len(text) > 1 else text[0]
			rows.append(
				(invoice.customer, head, f"{item.qty:g} {item.uom}", _money(item.rate), _money(item.amount))
			)
		rows += [
			(
				invoice.customer,
				f"[bold]{name}, draft, excluding VAT[/]",
				"",
				"",
				f"[bold]{_money(invoice.net_total)}[/]",
			),
			("-",),
		]
	screen.table("The draft invoices", ("Customer", "Line", "Quantity>", "Rate>", "Amount SEK>"), rows)


def _bar(left: int, whole: int) -> str:
	filled = round(16 * left / whole) if whole else 0
	return f"[green]{'█' * filled}[/][dim]{'░' * (16 - filled)}[/]" if whole else ""


def _when(moment: str | datetime) -> str:
	return f"{get_datetime(moment):%a %-d %b %H:%M}"


def _range(goal: datetime | None, limit: datetime | None) -> str:
	if not limit:
		return "first available slot"
	if goal == limit:
		return f"at once, {_when(limit)}"
	return f"{_when(goal)} – {_when(limit)}"


def _hours(seconds: float) -> str:
	seconds = int(seconds or 0)
	text = f"{seconds // 3600}:{seconds % 3600 // 60:02d}"
	return f"{text}:{seconds % 60:02d}" if seconds % 60 else text


def _money(amount: float) -> str:
	return f"{amount:,.2f}".replace(",", " ")
