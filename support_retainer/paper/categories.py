"""Time by work category, beside the guideline that the agency publishes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import frappe

from support_retainer.paper.charges import Charge

# How time is usually spent, in percent: the price list's own figures, in its order.
GUIDELINE = {"Development": 55, "Project Management": 20, "Optimization": 15, "Design": 10}
OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Share:
	"""Seconds charged in a category, its share of all in percent, and the guideline's (0: it names no such category)."""

	category: str
	seconds: int
	percent: float
	guideline: int


def shares(seconds: dict[str, int]) -> list[Share]:
	"""Return every category of the guideline, and Other where there is any, with its share."""
	whole = sum(seconds.values())
	names = [*GUIDELINE, *(name for name in seconds if name not in GUIDELINE and seconds[name])]
	return [
		Share(
			name,
			seconds.get(name, 0),
			round(100 * seconds.get(name, 0) / whole, 1) if whole else 0.0,
			GUIDELINE.get(name, 0),
		)
		for name in names
	]


def seconds_by_category(charges: Iterable[Charge]) -> dict[str, int]:
	"""Return seconds charged and given by category: work by its activity's, project management by its own. One query."""
	known, found = categories(), {}
	for charge in charges:
		work = known.get(charge.activity) or OTHER
		found[work] = found.get(work, 0) + charge.charged + charge.given
		found["Project Management"] = found.get("Project Management", 0) + charge.management
	return found


def categories() -> dict[str, str]:
	"""Return the work category of each activity type that has one."""
	return dict(
		frappe.get_all(
			"Activity Type",
			filters={"work_category": ("is", "set")},
			fields=["name", "work_category"],
			as_list=True,
		)
	)
