"""Tickets: ERPNext's Issue seen as what was promised. This room alone stamps tickets."""

from support_retainer.tickets.assignment import on_assignment
from support_retainer.tickets.budget import reserved, unreserved
from support_retainer.tickets.coverage import (
	after_customer_rename,
	as_of,
	contract_on,
	follow_contracts,
	follow_retainer,
)
from support_retainer.tickets.escalation import escalate
from support_retainer.tickets.history import Phase, phase_at, phases
from support_retainer.tickets.history import correct as correct_urgency
from support_retainer.tickets.kept import Group, kept_or_broken, middle, ninetieth, performance
from support_retainer.tickets.promises import Offer, offer, preview_promise
from support_retainer.tickets.ranking import rank
from support_retainer.tickets.rules import rule_at, rule_for, rule_when, surcharges
from support_retainer.tickets.slots import place_of, queue
from support_retainer.tickets.stamp import on_trash, on_update, on_validate, pending_suggestion, retainer_of
from support_retainer.tickets.standing import Standing, standing
from support_retainer.tickets.status import on_change, set_multiple_status, set_status
from support_retainer.tickets.suggestions import accept as accept_suggestion
from support_retainer.tickets.suggestions import close as close_suggestion
from support_retainer.tickets.suggestions import gather
from support_retainer.tickets.ticket import TICKET_TYPES, Ticket, TicketType, get_ticket, get_tickets, urgency
from support_retainer.tickets.todo import Task, worklist
from support_retainer.tickets.waiting import on_time_added
from support_retainer.tickets.work import follow_work, on_timesheet_update, start_work

__all__ = [
	"TICKET_TYPES",
	"Group",
	"Offer",
	"Phase",
	"Standing",
	"Task",
	"Ticket",
	"TicketType",
	"accept_suggestion",
	"after_customer_rename",
	"as_of",
	"close_suggestion",
	"contract_on",
	"correct_urgency",
	"escalate",
	"follow_contracts",
	"follow_retainer",
	"follow_work",
	"gather",
	"get_ticket",
	"get_tickets",
	"kept_or_broken",
	"middle",
	"ninetieth",
	"offer",
	"on_assignment",
	"on_change",
	"on_time_added",
	"on_timesheet_update",
	"on_trash",
	"on_update",
	"on_validate",
	"pending_suggestion",
	"performance",
	"phase_at",
	"phases",
	"place_of",
	"preview_promise",
	"queue",
	"rank",
	"reserved",
	"retainer_of",
	"rule_at",
	"rule_for",
	"rule_when",
	"set_multiple_status",
	"set_status",
	"standing",
	"start_work",
	"surcharges",
	"unreserved",
	"urgency",
	"worklist",
]
