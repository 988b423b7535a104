"""The ledger as the customer reads it: periods, filters, a page at a time, and all of it as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from itertools import groupby

import frappe
from frappe import _
from frappe.query_builder import Order
from frappe.utils import getdate

from support_retainer import requests, timebank
from support_retainer.portal import access
from support_retainer.portal.page import address, asked, open_page, page_number
from support_retainer.words import hours

HERE = "/support/time"
PAGE_LENGTH = 50
PERIODS_SHOWN = 24
MOST_ROWS = 200_000
FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
KINDS = (
	"Draw",
	"Overage",
	"Surcharge",
	"Not Charged",
	"Allotment",
	"Top-up",
	"Carry In",
	"Carry Out",
	"Expiry",
	"Adjustment",
	"Fee",
)
FIELDS = (
	"name",
	"creation",
	"line_no",
	"occurred_on",
	"entry_type",
	"component",
	"period",
	"ticket",
	"seconds",
	"worked",
	"charged",
	"drawn",
	"overage",
	"surcharge_percent",
	"amount",
	"would_charged",
	"would_amount",
	"currency",
	"billing_status",
	"sales_invoice",
	"derivation",
	"reason",
	"is_late",
	"reversal_of",
)


def show_time(context: frappe._dict) -> None:
	"""Fill in the page: the latest periods, and the ledger as filtered."""
	seen = open_page(context, _("Time"), HERE)
	wanted, number = _wanted(), page_number()
	rows = _query(seen.customer, wanted).limit(PAGE_LENGTH + 1).offset((number - 1) * PAGE_LENGTH)
	rows = rows.run(as_dict=True)
	context.periods = timebank.periods_of(seen.customer, limit=PERIODS_SHOWN)
	context.rows = _with_subjects(_in_lines(rows[:PAGE_LENGTH]))
	context.kinds = [(kind, _(kind)) for kind in KINDS]
	context.update(wanted=wanted, number=number)
	context.csv_url = address(
		"/api/method/support_retainer.portal.api.ledger_csv", customer=seen.customer, **wanted
	)
	context.earlier = address(HERE, **wanted, page=number - 1) if number > 1 else None
	context.later = address(HERE, **wanted, page=number + 1) if len(rows) > PAGE_LENGTH else None


def send_csv(seen: access.Visitor) -> None:
	"""Answer the request with all rows that the filters let through."""
	rows = _in_lines(_query(seen.customer, _wanted()).limit(MOST_ROWS).run(as_dict=True))
	frappe.local.response.filename = f"{_('time')}-{frappe.scrub(seen.customer)}.csv"
	frappe.local.response.filecontent = as_csv(rows).encode("utf-8-sig")  # spreadsheets look for the mark
	frappe.local.response.type = "download"
	frappe.local.response.display_content_as = "attachment"


def as_csv(rows: list[frappe._dict]) -> str:
	"""Return rows as CSV. Text that a spreadsheet would take for a formula is marked as text."""
	out = io.StringIO()
	writer = csv.writer(out)
	writer.writerow(
		[
			_("Date"),
			_("Kind"),
			_("Part"),
			_("Period"),
			_("Ticket"),
			_("Effect on the bank, h:mm:ss"),
			_("Worked, h:mm:ss"),
			_("Charged, h:mm:ss"),
			_("Beyond the bank, h:mm:ss"),
			_("Surcharge, %"),
			_("Amount", context="Timebank Entry"),
			_("Currency"),
			_("Status"),
			_("Invoice"),
			_("How it came about"),
			_("Given, h:mm:ss"),
			_("Worth of what is given"),
		]
	)
	for row in rows:
		writer.writerow(
			[
				f"{row.occurred_on:%Y-%m-%d %H:%M}",
				_(row.entry_type),
				_(row.component) if row.component else "",
				plain(row.period),
				plain(row.ticket),
				_exact(row.seconds),
				_exact(row.worked),
				_exact(row.charged),
				_exact(row.overage),
				f"{float(row.surcharge_percent or 0):g}",
				f"{float(row.amount or 0):.2f}",
				row.currency or "",
				_(row.billing_status) if row.billing_status else "",
				plain(row.sales_invoice),
				plain(" / ".join((row.derivation or row.reason or "").splitlines())),
				_exact(row.would_charged),
				f"{float(row.would_amount or 0):.2f}",
			]
		)
	return out.getvalue()


def plain(text: str | None) -> str:
	"""Return text so that no spreadsheet calculates it: a leading =, +, -, @, tab or line break gets an apostrophe before it."""
	text = text or ""
	return (
		f"'{text}"
		if text.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and text.strip()
		else text
	)


def _exact(seconds) -> str:
	seconds = int(seconds or 0)
	text = hours(seconds)
	return text if text.count(":") == 2 else f"{text}:00"


def _wanted() -> dict[str, str]:
	"""Return what is asked for, as the form has it; what is no date or kind is left out."""
	kind = asked("kind", 20)
	return {
		"period": asked("period"),
		"kind": kind if kind in KINDS else "",
		"ticket": asked("ticket"),
		"from": str(_date(asked("from", 10)) or ""),
		"to": str(_date(asked("to", 10)) or ""),
		"corrections": "1" if asked("corrections", 1) == "1" else "",
	}


def _date(text: str) -> date | None:
	day = requests.moment_of(getdate, text) if text else None
	return day if day and FIRST <= day <= LAST else None


def _query(customer: str, wanted: dict[str, str]):
	entry = frappe.qb.DocType("Timebank Entry")
	query = (
		frappe.qb.from_(entry)
		.select(*(entry[field] for field in FIELDS))
		.where((entry.customer == customer) & (entry.is_internal == 0))
		.orderby(entry.occurred_on, order=Order.desc)  # these three are an index, which is read from its end
		.orderby(entry.creation, order=Order.desc)
		.orderby(entry.name, order=Order.desc)
	)
	if not wanted["corrections"]:
		query = query.where(entry.is_reversed == 0)
	for name, field in (("period", entry.period), ("kind", entry.entry_type), ("ticket", entry.ticket)):
		if wanted[name]:
			query = query.where(field == wanted[name])
	if wanted["from"]:
		query = query.where(entry.occurred_on >= wanted["from"])
	if wanted["to"]:
		query = query.where(entry.occurred_on <= datetime.combine(getdate(wanted["to"]), time.max))
	return query


def _in_lines(rows: list[frappe._dict]) -> list[frappe._dict]:
	"""Put what one booking wrote into its own order: work, project management, surcharge."""
	return [row for _same, group in groupby(rows, _moment) for row in sorted(group, key=_line)]


def _moment(row: frappe._dict) -> tuple:
	return row.occurred_on, row.creation


def _line(row: frappe._dict) -> int:
	return row.line_no or 0


def _with_subjects(rows: list[frappe._dict]) -> list[frappe._dict]:
	names = sorted({row.ticket for row in rows if row.ticket})
	subjects = dict(
		frappe.get_all("Issue", {"name": ("in", names)}, ["name", "subject"], as_list=True) if names else ()
	)
	for row in rows:
		row.subject = subjects.get(row.ticket)
	return rows
