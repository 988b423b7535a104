"""The time bank: periods, lots and the append-only ledger. This room alone writes Timebank Entries and Timebank Periods."""

from support_retainer.timebank.ledger import Entry, entries_of, post, reverse, set_billing
from support_retainer.timebank.lots import balance, balance_of, lots
from support_retainer.timebank.outlook import outlook
from support_retainer.timebank.periods import ensure_periods, lock, open_due_periods, period_for

__all__ = [
	"Entry",
	"balance",
	"balance_of",
	"ensure_periods",
	"entries_of",
	"lock",
	"lots",
	"open_due_periods",
	"outlook",
	"period_for",
	"post",
	"reverse",
	"set_billing",
]
