"""One shape for a ticket, whatever doctype it is kept in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import frappe

from support_retainer.requests import kinds
from support_retainer.selecting import select
from support_retainer.words import filled

TICKET_TYPES = ("Issue",)
# as an argument of whitelisted methods
TicketType = Annotated[str, kinds.Choice(TICKET_TYPES)]

FIELDS = (
	"name",
	"subject",
	"customer",
	"company",
	"priority",
	"retainer",
	"budget_state",
	"assign_by",
	"start_by",
	"assigned_on",
	"started_on",
	"assign_status",
	"start_status",
	"sla_rule",
	"expected_hours",
)


@dataclass(frozen=True, slots=True)
class Ticket:
	"""What the other rooms may know of a ticket. Datetimes are naive site times; hours are hours."""

	doctype: str
	name: str
	subject: str
	customer: str | None
	company: str | None
	urgency: str
	retainer: str | None
	budget_state: str | None
	sla_rule: str | None
	assign_by: datetime | None
	start_by: datetime | None
	assigned_on: datetime | None
	started_on: datetime | None
	assign_status: str | None
	start_status: str | None
	expected_hours: float | None


def urgency(priority: str | None) -> str:
	"""Return "Urgent" for a priority marked so, else "Normal"."""
	return (
		"Urgent"
		if priority and frappe.get_cached_value("Issue Priority", priority, "is_urgent")
		else "Normal"
	)


def get_tickets(doctype: str, names: Iterable[str]) -> dict[str, Ticket]:
	"""Return the tickets of those names, by name, read in one query. Names that do not exist are left out."""
	rows = select(doctype, {"name": ("in", list(names))}, FIELDS).run(as_dict=True)
	return {row.name: _ticket(doctype, row) for row in rows}


def get_ticket(doctype: str, name: str) -> Ticket:
	"""Return one ticket.

	Raises:
	        frappe.DoesNotExistError: there is no such ticket.
	"""
	tickets = get_tickets(doctype, [name])
	if name not in tickets:
		frappe.throw(
			filled(frappe._("There is no {0} {1}."), frappe._(doctype), name), frappe.DoesNotExistError
		)
	return tickets[name]


def _ticket(doctype: str, row: frappe._dict) -> Ticket:
	return Ticket(
		doctype=doctype,
		urgency=urgency(row.pop("priority", None)),
		**{field: row.get(field) or None for field in FIELDS if field not in ("priority", "subject")},
		subject=row.subject or "",
	)
