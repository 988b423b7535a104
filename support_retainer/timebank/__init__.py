"""The time bank: periods, lots and the append-only ledger. This room alone writes Timebank Entries and Timebank Periods."""

from support_retainer.timebank.audit import Finding, audit_ledger
from support_retainer.timebank.changes import follow_retainer
from support_retainer.timebank.closing import (
	Closed,
	close_period,
	due_periods,
	due_retainers,
	log,
	reopen_period,
)
from support_retainer.timebank.extra import adjust, mint_top_up, take_back_top_up
from support_retainer.timebank.ledger import Entry, entries_of, post, restate, reverse, set_billing
from support_retainer.timebank.lots import balance, balance_of, lots
from support_retainer.timebank.outlook import Outlook, look_ahead, outlook
from support_retainer.timebank.owed import owed_entries, owed_seconds
from support_retainer.timebank.periods import (
	Place,
	bookable_until,
	ensure_periods,
	lock,
	name_of,
	open_due_periods,
	period_for,
	place_of,
	too_early,
)
from support_retainer.timebank.proof import export, head_of
from support_retainer.timebank.reading import is_stale, rows
from support_retainer.timebank.standing import Standing, periods_of, standings

__all__ = [
	"Closed",
	"Entry",
	"Finding",
	"Outlook",
	"Place",
	"Standing",
	"adjust",
	"audit_ledger",
	"balance",
	"balance_of",
	"bookable_until",
	"close_period",
	"due_periods",
	"due_retainers",
	"ensure_periods",
	"entries_of",
	"export",
	"follow_retainer",
	"head_of",
	"is_stale",
	"lock",
	"log",
	"look_ahead",
	"lots",
	"mint_top_up",
	"name_of",
	"open_due_periods",
	"outlook",
	"owed_entries",
	"owed_seconds",
	"period_for",
	"periods_of",
	"place_of",
	"post",
	"reopen_period",
	"restate",
	"reverse",
	"rows",
	"set_billing",
	"standings",
	"take_back_top_up",
	"too_early",
]
