"""The rules of the price list: plain Python, nothing of the host. Dataclasses in, dataclasses out.

Durations are whole seconds, moments time zone aware, money and percentages Decimal.
"""

from support_retainer.core.calendar import Calendar, Interval, Window, epoch_seconds
from support_retainer.core.errors import (
	AmbiguousRules,
	CalendarError,
	CoreError,
	NoRule,
	PricingError,
	RuleError,
	TimebankError,
)
from support_retainer.core.pricing import (
	Charge,
	Piece,
	Quarter,
	Segment,
	Terms,
	Work,
	money,
	price,
	round_money,
	settle,
	started_quarters,
)
from support_retainer.core.queue import Place, Waiting, forecast, in_order
from support_retainer.core.sla import Promise, Rule, conflicts, match, outcome, promise
from support_retainer.core.targets import Target, targets
from support_retainer.core.timebank import (
	Closing,
	Draw,
	Lot,
	Period,
	balance,
	close,
	draw,
	full_period,
	is_within,
	periods,
	prorated,
	valid_until,
)

__all__ = [
	"AmbiguousRules",
	"Calendar",
	"CalendarError",
	"Charge",
	"Closing",
	"CoreError",
	"Draw",
	"Interval",
	"Lot",
	"NoRule",
	"Period",
	"Piece",
	"Place",
	"PricingError",
	"Promise",
	"Quarter",
	"Rule",
	"RuleError",
	"Segment",
	"Target",
	"Terms",
	"TimebankError",
	"Waiting",
	"Window",
	"Work",
	"balance",
	"close",
	"conflicts",
	"draw",
	"epoch_seconds",
	"forecast",
	"full_period",
	"in_order",
	"is_within",
	"match",
	"money",
	"outcome",
	"periods",
	"price",
	"promise",
	"prorated",
	"round_money",
	"settle",
	"started_quarters",
	"targets",
	"valid_until",
]
