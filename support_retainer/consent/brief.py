"""What waits for a customer's word, by title alone: for a first page that must be quick. One query, whatever waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import get_datetime

from support_retainer import tickets
from support_retainer.consent import asked
from support_retainer.consent.question import url_of

# The four kinds, each with a null where another has something; texts are put together in `_title`.
QUESTIONS = """
	select 'Estimate' as kind, name, ticket, subject as title, asked_on as since, valid_until,
		null as sprint, null as accepted_on, null as day, null as time
	from `tabTicket Estimate` where customer = %(customer)s and status = %(estimate)s
	union all
	select 'Sprint', name, null, title, asked_on, valid_until, name, null, null, null
	from `tabSupport Sprint` where customer = %(customer)s and status = %(sprint)s
	union all
	select 'Overage', entry.retainer, entry.ticket, issue.subject, min(entry.creation), null, null, null, null, null
	from `tabTimebank Entry` entry left join `tabIssue` issue on issue.name = entry.ticket
	where entry.customer = %(customer)s and entry.billing_status = 'Held' and entry.is_reversed = 0 and entry.ticket != ''
	group by entry.retainer, entry.ticket, issue.subject
	union all
	select 'Suggestion', name, name, subject, null, null, support_sprint, accepted_on, opening_date, opening_time
	from `tabIssue`
	where customer = %(customer)s and origin = 'Agency' and retainer != '' and status not in ('Resolved', 'Closed')
"""


@dataclass(frozen=True, slots=True)
class Brief:
	"""A question's kind, name and title, since when it waits (naive site time), and where it is answered."""

	kind: str
	name: str
	title: str
	asked_on: datetime | None
	url: str


def waiting_titles(customer: str) -> list[Brief]:
	"""Return what `waiting_for_answer` asks, without texts and figures; the longest waiting first."""
	waiting = {"estimate": asked.WAITING["Ticket Estimate"], "sprint": asked.WAITING["Support Sprint"]}
	rows = frappe.db.sql(QUESTIONS, {"customer": customer, **waiting}, as_dict=True)
	rows = [row for row in rows if not asked.is_late(row.valid_until)]
	tickets_asked = {row.ticket for row in rows if row.kind == "Estimate"}
	sprints_asked = {row.name for row in rows if row.kind == "Sprint"}
	found = [
		_brief(row)
		for row in rows
		if row.kind != "Suggestion" or _is_alone(row, tickets_asked, sprints_asked)
	]
	return sorted(found, key=lambda each: (str(each.asked_on or ""), each.name))


def _is_alone(row: frappe._dict, tickets_asked: set[str], sprints_asked: set[str]) -> bool:
	"""Whether a suggestion is not asked about by a price: an estimate, or the sprint it is in."""
	return (
		tickets.pending_suggestion(frappe._dict(origin="Agency", accepted_on=row.accepted_on))
		and row.ticket not in tickets_asked
		and row.sprint not in sprints_asked
	)


def _brief(row: frappe._dict) -> Brief:
	since = f"{row.day} {row.time or '00:00:00'}" if row.kind == "Suggestion" else row.since
	name = f"{row.name}:{row.ticket}" if row.kind == "Overage" else row.name
	return Brief(row.kind, name, _title(row), since and get_datetime(since), url_of(row.kind, name))


def _title(row: frappe._dict) -> str:
	if row.kind == "Estimate":
		return _("Estimate for {0}: {1}").format(row.ticket, row.title)
	if row.kind == "Overage":
		return _("Time beyond the bank on {0}: {1}").format(row.ticket, row.title or "")
	return row.title
