"""What a ticket would be promised and cost if it were sent now, in the words of the form that sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from frappe import _

from support_retainer import clock, tickets
from support_retainer.core import NoRule
from support_retainer.portal.wording import amount, when
from support_retainer.words import percent

URGENCIES = ("Normal", "Urgent")
AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Card:
	"""One choice of urgency: its promise and price in sentences, and a token that stands for both."""

	urgency: str
	title: str
	promise: str
	price: str
	token: str


def cards(customer: str, expected_hours: float | None = None) -> list[Card]:
	"""Return what each urgency would be promised, and cost, right now."""
	return [card(customer, urgency, expected_hours) for urgency in URGENCIES]


def card(customer: str, urgency: str, expected_hours: float | None = None) -> Card:
	"""Return what one urgency would be promised, and cost, right now."""
	title = _("Urgent") if urgency == "Urgent" else _("Normal")
	try:
		offer = tickets.offer(customer, urgency, expected_hours=expected_hours)
	except NoRule:
		offer = None
	if not offer:
		return Card(urgency, title, _("No time is promised. Ask the agency about an agreement."), "", "none")
	token = f"{offer.rule}|{offer.budget_state}|{offer.price}|{offer.to_pay}"
	return Card(urgency, title, _promise(offer), _price(offer), token)


def _promise(offer: tickets.Offer) -> str:
	if offer.queued:
		if offer.forecast:
			return _(
				"First free slot: place {0} in the queue, probably {1}. That is a forecast, no promise."
			).format(offer.place, when(offer.forecast))
		return _("First free slot, in the order it came.")
	if offer.start_by <= clock.now() + AT_ONCE:
		return _("We begin at once.")
	return _("Assigned by {0}, work begins by {1}.").format(when(offer.assign_by), when(offer.start_by))


def _price(offer: tickets.Offer) -> str:
	each = _("each started {0} minutes").format(offer.increment_minutes)
	if offer.increment_minutes == 15:
		each = _("each started quarter of an hour")
	surcharge = f"+{percent(offer.surcharge_percent)}"
	to_pay = amount(offer.to_pay, offer.currency)
	if offer.budget_state == "Outside":
		text = _("{0} for {1}.").format(to_pay, each)
		if offer.surcharge_percent:
			text = _("{0} for {1}, with the surcharge of {2}.").format(to_pay, each, surcharge)
	elif not offer.surcharge_percent:
		text = _("Drawn from your time bank, {0}; nothing more to pay.").format(each)
	elif offer.to_pay:
		text = _("The time is drawn from your bank; the surcharge of {0} is {1} for {2}.").format(
			surcharge, to_pay, each
		)
	else:
		text = _("Drawn from your time bank, {0}, with the surcharge of {1} as extra time.").format(
			each, surcharge
		)
	if offer.project_management_percent:
		text += " " + _("Project management of {0} is added, at the standard price.").format(
			percent(offer.project_management_percent)
		)
	return text
