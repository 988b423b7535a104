"""A question to a customer: what is shown, in the customer's words, and the fingerprint that an answer must give back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

KINDS = ("Estimate", "Sprint", "Overage", "Suggestion")
PAGE = "/support/approvals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
	"""What may be answered by itself: a ticket of a sprint. `figures` as in Question."""

	name: str
	title: str
	text: str
	figures: dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
	"""Something that waits for a customer's word. Text in the customer's language; moments naive site times.

	`figures` are raw: durations in whole seconds, money as text with two or more decimals, in `currency`. `parts` (of a
	sprint) may be approved one by one. An answer must bring `fingerprint` along: it stands for exactly this text and these figures.
	"""

	kind: str
	doctype: str
	name: str
	customer: str
	retainer: str | None
	ticket: str | None
	title: str
	text: str
	figures: dict
	asked_on: datetime | None
	valid_until: date | None
	url: str
	fingerprint: str
	parts: tuple[Part, ...] = field(default=())


def url_of(kind: str, name: str) -> str:
	"""Return where in the portal a question is answered."""
	return f"{PAGE}?{urlencode({'kind': kind, 'name': name})}"


def fingerprint(text: str, figures: dict, *more: str) -> str:
	"""Return what stands for a text and its figures, and whatever else must be the same."""
	whole = json.dumps([text, figures, *more], sort_keys=True, ensure_ascii=False, default=str)
	return hashlib.sha256(whole.encode()).hexdigest()[:32]
