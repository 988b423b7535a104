"""SLA Rules: as the core sees them, and what they must be."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from support_retainer.contracts.bounds import RULE, check_bounds
from support_retainer.core import sla
from support_retainer.core.errors import RuleError
from support_retainer.words import bold, filled

RANGES = (("assign_from_hours", "assign_within_hours"), ("start_from_hours", "start_within_hours"))
HOURS = tuple(field for fields in RANGES for field in fields)


def hours_to_seconds(hours: float | str | Decimal | None) -> int:
	"""Return hours as whole seconds, half up; None is 0."""
	return int((Decimal(str(hours or 0)) * 3600).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def as_rule(row: Document | frappe._dict) -> sla.Rule:
	"""Return an SLA Rule (document or row) as the core's Rule; its targets in seconds, None where no time is promised.

	Raises:
	        core RuleError: the row contradicts itself.
	"""
	timed = row.target == "Hours"
	assign_from, assign_within, start_from, start_within = (
		hours_to_seconds(row.get(field)) if timed else None for field in HOURS
	)
	return sla.Rule(
		name=row.name,
		urgency=row.urgency,
		budget=row.budget,
		registered=row.registered,
		hours_counted=row.hours_counted,
		target=row.target,
		assign_from=assign_from,
		assign_within=assign_within,
		start_from=start_from,
		start_within=start_within,
		surcharge_percent=Decimal(str(row.surcharge_percent or 0)),
		retainer=row.retainer or None,
	)


def validate_rule(doc: Document) -> None:
	"""Refuse a rule that promises nonsense, or that fits some ticket exactly as well as another rule does.

	Raises:
	        frappe.ValidationError: says what to change; names both rules.
	"""
	if doc.target != "Hours":
		doc.update(dict.fromkeys(HOURS, 0))
	_check_numbers(doc)
	if not doc.disabled:
		_check_alone(doc)


def _check_numbers(doc: Document) -> None:
	if flt(doc.surcharge_percent) < 0:
		frappe.throw(filled(_("The surcharge of {0} cannot be below 0 %."), doc.rule_name))
	for goal, limit in RANGES:
		if flt(doc.get(goal)) < 0 or flt(doc.get(limit)) < 0:
			frappe.throw(filled(_("The hours of {0} cannot be below zero."), doc.rule_name))
		if flt(doc.get(goal)) > flt(doc.get(limit)):
			what = _("Assigned") if goal == "assign_from_hours" else _("Work Started")
			frappe.throw(
				filled(
					_("{0}: the goal is after the limit. Give a goal of at most {1} hours."),
					what,
					flt(doc.get(limit)),
				)
			)
	check_bounds(doc, RULE)


def _check_alone(doc: Document) -> None:
	try:
		rule = as_rule(doc)
	except RuleError:
		return  # a choice that does not exist: Frappe names the field
	others = frappe.get_all(
		"SLA Rule",
		filters={"disabled": 0, "urgency": doc.urgency, "name": ("!=", doc.name)},
		fields=["*"],
		order_by="name",
	)
	if equal := sla.conflicts(rule, [as_rule(row) for row in others]):
		frappe.throw(
			filled(
				_(
					"{0} and {1} would fit some tickets equally well. Make one of them narrower, or disable it."
				),
				bold(doc.name),
				bold(equal[0].name),
			),
			title=_("Two rules for one ticket"),
		)
