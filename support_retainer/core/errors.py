"""What the rules refuse. Every error is a sentence in English plus the data that went into it.

`message` is a template and `data` its values, so that a room can translate: `_(error.message).format(**error.data)`.
"""

from __future__ import annotations


class CoreError(ValueError):
	"""Something the rules cannot accept; `message` (a template) and `data` (its values) say what and why."""

	def __init__(self, message: str, **data: object) -> None:
		super().__init__(message, data)
		self.message = message
		self.data = data

	def __str__(self) -> str:
		return self.message.format(**self.data)


class CalendarError(CoreError):
	"""Office hours, breaks or moments that cannot be counted with."""


class RuleError(CoreError):
	"""An SLA rule that contradicts itself, or a question no rule could answer."""


class NoRule(RuleError):
	"""No rule matches the situation; data: urgency, budget, registered, retainer."""


class AmbiguousRules(RuleError):
	"""Several rules match equally well; data: rules (their names, joined)."""


class PricingError(CoreError):
	"""Work or terms that have no price."""


class TimebankError(CoreError):
	"""Lots, periods or amounts of time that a bank cannot hold."""
