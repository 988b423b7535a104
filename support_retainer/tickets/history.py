"""How urgent a ticket was, and when: work is priced by what the ticket was when the work was done.

A row is added whenever urgency or budget state change. A manager's correction is a row with a reason; it says what a span of time counts as,
and goes before what the ticket was.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_datetime, get_datetime

from support_retainer import clock
from support_retainer.selecting import select
from support_retainer.tickets.ticket import urgency
from support_retainer.words import filled

ROW, TABLE = "Ticket Urgency", "ticket_urgencies"
FIELDS = ("since", "until", "urgency", "budget_state", "reason")


class Phase(NamedTuple):
	"""What a ticket was from `since` on (until `until`, for a correction): naive site times."""

	since: datetime
	until: datetime | None
	urgency: str
	budget: str
	corrects: bool


def follow(doc: Document, registered: datetime) -> None:
	"""Add a row to a ticket of a retainer when its urgency or budget state is another than it was; not saved here."""
	if not doc.get("retainer"):
		return
	now = (urgency(doc.priority), doc.get("budget_state") or "")
	own = [row for row in doc.get(TABLE) or () if not row.reason]
	if own and (own[-1].urgency, own[-1].budget_state or "") == now:
		return
	since = clock.now() if own else registered
	doc.append(TABLE, {"since": since, "urgency": now[0], "budget_state": now[1]})


def restore(doc: Document, before: Document | None) -> None:
	"""Put back the rows a ticket had, whatever a form, an import or the API has made of them."""
	if _as_rows(doc) != _as_rows(before):
		doc.set(TABLE, [row.as_dict() for row in before.get(TABLE)] if before else [])


def phases(doctype: str, names: Iterable[str]) -> dict[str, list[Phase]]:
	"""Return what tickets were, by name, each in the order it was written; none where nothing was kept. One query."""
	filters = {"parenttype": doctype, "parent": ("in", list(names))}
	found: dict[str, list[Phase]] = {}
	for row in select(ROW, filters, ("parent", *FIELDS), "idx").run(as_dict=True):
		until = get_datetime(row.until) if row.until else None
		phase = Phase(
			get_datetime(row.since), until, row.urgency, row.budget_state or "Outside", bool(row.reason)
		)
		found.setdefault(row.parent, []).append(phase)
	return found


def phase_at(found: list[Phase], moment: datetime) -> Phase | None:
	"""Return what a ticket counts as at a moment (naive site time): the last correction of it, else what it was then."""
	for phase in reversed(found):
		if phase.corrects and phase.since <= moment and (not phase.until or moment < phase.until):
			return phase
	own = [phase for phase in found if not phase.corrects]
	return next((phase for phase in reversed(own) if phase.since <= moment), own[0] if own else None)


def correct(
	doctype: str, name: str, as_urgency: str, since: datetime, until: datetime | None, reason: str
) -> None:
	"""Say what work on a ticket counts as in a span of time, with a reason that stays on the ticket."""
	doc = frappe.get_doc(doctype, name, for_update=True)
	values = {"since": since, "until": until, "urgency": as_urgency, "budget_state": doc.get("budget_state")}
	row = doc.append(TABLE, {**values, "reason": reason, "set_by": frappe.session.user})
	row.db_insert()
	who = frappe.utils.get_fullname(frappe.session.user)
	said = _("{0} prices work from {1} to {2} as {3}: {4}")
	span = [format_datetime(since), format_datetime(until) if until else _("further notice")]
	doc.add_comment("Info", filled(said, who, *span, _(as_urgency), reason))


def _as_rows(doc: Document | None) -> list[tuple[str, ...]]:
	rows = doc.get(TABLE) or () if doc else ()
	return [tuple(str(row.get(field) or "") for field in ("name", *FIELDS)) for row in rows]
