"""The promise before the ticket: what a customer would be promised, and what it would cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import frappe
from frappe import _
from frappe.utils import flt, get_datetime

from support_retainer import clock, contracts, people, requests
from support_retainer.core import money, round_money, sla
from support_retainer.requests.kinds import AnyName, Hours, NearMoment
from support_retainer.tickets import budget, slots
from support_retainer.tickets.rules import rule_for
from support_retainer.tickets.stamp import retainer_of
from support_retainer.words import filled

MINOR_UNIT = Decimal("0.01")
Urgency = Annotated[str, requests.kinds.Choice(sla.URGENCIES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
	"""What a ticket would be promised. Times are naive site times; money is in `currency`.

	`price` is a started increment's, surcharge included; `to_pay` is what of it is invoiced: all of it outside the bank, the
	surcharge alone within, nothing when the surcharge draws time. Project management comes on top, at the standard price.
	"""

	retainer: str
	rule: str
	urgency: str
	budget_state: str
	queued: bool
	assign_from: datetime | None
	assign_by: datetime | None
	start_from: datetime | None
	start_by: datetime | None
	forecast: datetime | None
	place: int | None
	increment_minutes: int
	surcharge_percent: Decimal
	price: Decimal
	to_pay: Decimal
	project_management_percent: Decimal
	currency: str


def offer(
	customer: str, urgency: str, moment: datetime | None = None, expected_hours: float | None = None
) -> Offer | None:
	"""Return what a ticket of that urgency ("Normal" or "Urgent"), registered at a moment (now), would be promised.

	None when the customer has no active retainer then. Nothing is written, and no time reserved.

	Raises:
	        core NoRule: no SLA Rule covers it.
	"""
	moment = get_datetime(moment).replace(microsecond=0) if moment else clock.now()
	found = retainer_of(customer, frappe.db.get_default("company"), moment.date())
	if not found:
		return None
	terms = frappe.get_cached_doc("Retainer", found.name)
	state = budget.would_be(found, expected_hours, max(clock.today(), moment.date()))
	at = clock.to_aware(moment)
	rule = rule_for(urgency, state, at, found.name)
	promise = sla.promise(rule, at, contracts.office_calendar(), contracts.clock_calendar())
	place = slots.next_place() if promise.queued else None
	return Offer(
		retainer=found.name,
		rule=rule.name,
		urgency=urgency,
		budget_state=state,
		queued=promise.queued,
		forecast=place and place.starts and max(moment, clock.to_site(place.starts)),
		place=place and place.place,
		currency=terms.currency,
		project_management_percent=Decimal(str(flt(terms.project_management_percent))),
		**{
			field: clock.to_site(getattr(promise, field))
			for field in ("assign_from", "assign_by", "start_from", "start_by")
		},
		**_price(terms, rule, state),
	)


@frappe.whitelist()
@requests.checked
@requests.limited(600)
def preview_promise(
	customer: AnyName,
	urgency: Urgency = "Normal",
	moment: NearMoment | None = None,
	expected_hours: Hours | None = None,
) -> dict | None:
	"""Return `offer` for those who may see the customer: staff with read access, and the customer's own contacts.

	Raises:
	        frappe.PermissionError: the user is neither.
	        frappe.ValidationError: the urgency is none, or no rule covers the ticket.
	"""
	_check_allowed(customer)
	try:
		found = offer(customer, urgency, moment, expected_hours or None)
	except sla.NoRule as error:
		frappe.throw(
			filled(
				_("No SLA Rule covers {0} tickets {1} budget. Ask the agency."),
				_(urgency),
				_(error.data["budget"]),
			)
		)
	if (
		found
		and customer not in people.customers_of()
		and not requests.has_right("Retainer", "read", found.retainer)
	):
		_refuse(customer)
	return found and {
		field: float(value) if isinstance(value, Decimal) else value for field, value in asdict(found).items()
	}


def _price(terms, rule: sla.Rule, state: str) -> dict:
	increment, rate = int(terms.increment_minutes), Decimal(str(terms.hourly_rate))
	standard = money(increment * 60, rate)
	surcharge = money(increment * 60, rate, rule.surcharge_percent)
	if state == "Outside":
		to_pay = standard + surcharge
	else:
		to_pay = surcharge if terms.surcharge_settlement == "Invoice" else 0
	return {
		"increment_minutes": increment,
		"surcharge_percent": rule.surcharge_percent,
		"price": round_money(standard + surcharge, MINOR_UNIT),
		"to_pay": round_money(to_pay, MINOR_UNIT),
	}


def _check_allowed(customer: str) -> None:
	if frappe.db.exists("Customer", customer):
		if requests.has_role_right("Issue", "create") and requests.has_right("Customer", "read", customer):
			return
		if customer in people.customers_of():
			return
	_refuse(customer)


def _refuse(customer: str) -> None:
	frappe.throw(
		filled(_("You may not see what {0} is promised."), customer),
		frappe.PermissionError,
	)
