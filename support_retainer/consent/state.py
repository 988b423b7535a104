"""May work on a ticket go on? What the customer was asked, what they said, and how much of it is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, flt, format_date, get_datetime, getdate

from support_retainer import clock, contracts
from support_retainer.consent import usage
from support_retainer.selecting import select
from support_retainer.tickets import TICKET_TYPES, pending_suggestion
from support_retainer.words import filled, hours, moment, money

NOT_NEEDED, NEEDED, WAITING = "Not Needed", "Needed", "Waiting for Answer"
APPROVED, DECLINED, EXCEEDED = "Approved", "Declined", "Exceeded"
WARN_PERCENT = 80
AGREED = ("Approved", "Partly Approved", "In Progress", "Done", "Invoiced")
TICKET_FIELDS = (
	"name",
	"customer",
	"retainer",
	"status",
	"expected_hours",
	"estimate_requested",
	"origin",
	"accepted_on",
	"support_sprint",
)


@dataclass(frozen=True, slots=True)
class Word:
	"""An estimate, or a ticket's row of a sprint: what was asked, and the answer there is. Durations in seconds."""

	doctype: str
	name: str
	status: str
	work: int
	charged: int
	price: float
	currency: str | None
	asked_on: datetime | None
	answered_on: datetime | None
	valid_until: object
	row: str | None = None
	warned_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
	"""Where a ticket stands. `approval` is the newest one; `limit` what it allows and `used` the running total, charged seconds.

	`promised` is the price that was approved, and `worth` what the time is worth as if there were no bank: in the approval's currency, worked
	out where there is an approval.
	"""

	ticket_type: str
	ticket: str
	customer: str | None
	retainer: str | None
	state: str
	sentence: str
	estimate: str | None = None
	sprint: str | None = None
	shown: Word | None = None
	approval: Word | None = None
	limit: int | None = None
	used: int = 0
	promised: Decimal | None = None
	worth: Decimal | None = None
	waiver: frappe._dict | None = None
	waits_for: str | None = None
	booked: tuple[usage.Stretch, ...] = field(default=())

	@property
	def blocks(self) -> bool:
		"""Whether nobody may book time now: the customer's word is missing, and no manager let the work go on."""
		return not self.waiver and self.state in (NEEDED, WAITING, DECLINED) and not self.approval


def ticket_state(ticket_type: str, ticket: str) -> dict:
	"""Return where a ticket stands with its customer's consent.

	Returns:
	        `state` (Not Needed, Needed, Waiting for Answer, Approved, Declined or Exceeded), `estimate` and `sprint` (names),
	        `hours_estimated`, `hours_used` (hours of work, charged time), `amount` and `currency` (of the estimate), `near_limit`,
	        `goes_on` (a manager's reason), `waits_for` (kind of question), and a `sentence` in the user's language.

	Raises:
	        frappe.DoesNotExistError: there is no such ticket.
	"""
	found = states(ticket_type, [ticket])
	if ticket not in found:
		frappe.throw(filled(_("There is no {0} {1}."), _(ticket_type), ticket), frappe.DoesNotExistError)
	return as_dict(found[ticket])


def ticket_states(ticket_type: str, names: Iterable[str]) -> dict[str, dict]:
	"""Return `ticket_state` of several tickets, by name, in a number of queries that does not grow with them."""
	return {name: as_dict(each) for name, each in states(ticket_type, names).items()}


def as_dict(found: State) -> dict:
	"""Return a state as pages and forms read it."""
	shown = found.shown
	return {
		"state": found.state,
		"estimate": found.estimate,
		"sprint": found.sprint,
		"hours_estimated": shown and shown.work / 3600,
		"hours_used": found.used / 3600,
		"amount": shown and shown.price,
		"currency": shown and shown.currency,
		"amount_used": None if found.worth is None else float(found.worth),
		"near_limit": is_near(found),
		"goes_on": found.waiver and found.waiver.reason,
		"waits_for": found.waits_for,
		"blocks": found.blocks,
		"sentence": found.sentence,
	}


def is_near(found: State) -> bool:
	"""Whether 80 % or more of what was approved is used."""
	return share(found) >= WARN_PERCENT


def share(found: State) -> int:
	"""Return how much of what was approved is used, in percent: of the hours or of the price, whichever is more."""
	hours_used = found.used * 100 // found.limit if found.limit else 0
	return max(hours_used, int(found.worth * 100 // found.promised) if found.worth and found.promised else 0)


def is_past(worth: Decimal | None, promised: Decimal | None) -> bool:
	"""Whether work has come to more than the price that was approved: an öre over is over."""
	return worth is not None and promised is not None and worth > promised


def states(
	ticket_type: str, names: Iterable[str], but: str | None = None, submitted_only: bool = False
) -> dict[str, State]:
	"""Return the states of tickets, by name.

	Args:
	        but: a timesheet whose time does not count.
	        submitted_only: count submitted time alone.
	"""
	names = sorted(set(names))
	if ticket_type not in TICKET_TYPES or not names:
		return {}
	rows = select(ticket_type, {"name": ("in", names)}, TICKET_FIELDS).run(as_dict=True)
	words, waivers = _words(ticket_type, names), _waivers(ticket_type, names)
	booked = usage.of_tickets(ticket_type, names, but)
	if submitted_only:
		booked = {name: [each for each in found if each.submitted] for name, found in booked.items()}
	approved = [row.name for row in rows if row.retainer and _newest(words.get(row.name, []), APPROVED)]
	worth = usage.worth(ticket_type, {name: booked[name] for name in approved}) if approved else {}
	return {
		row.name: _state(
			ticket_type,
			row,
			words.get(row.name, []),
			waivers.get(row.name),
			booked[row.name],
			worth.get(row.name),
		)
		for row in rows
	}


def approved_among(ticket_type: str, names: Iterable[str]) -> list[str]:
	"""Return those of the tickets that have an approved estimate, or an approved place in a sprint."""
	found = _words(ticket_type, sorted(set(names)))
	return sorted(name for name, words in found.items() if _newest(words, APPROVED))


def _state(
	ticket_type: str,
	row: frappe._dict,
	words: list[Word],
	waiver: frappe._dict | None,
	booked: list[usage.Stretch],
	worth: Decimal | None,
) -> State:
	known = {
		"ticket_type": ticket_type,
		"ticket": row.name,
		"customer": row.customer,
		"retainer": row.retainer,
	}
	if not row.retainer:
		return State(**known, state=NOT_NEEDED, sentence=_("No retainer, so no estimate is needed."))
	retainer = frappe.get_cached_doc("Retainer", row.retainer)
	approval = _newest(words, APPROVED)
	waiting, declined = _newest(words, WAITING), _newest(words, DECLINED)
	used = usage.charged(booked, retainer)
	answered = max((word.answered_on for word in words if word.answered_on), default=None)
	if waiver and answered and get_datetime(waiver.given_on) < get_datetime(answered):
		waiver = None  # the customer has spoken since
	shown = approval or waiting or declined or _newest(words, "Draft")
	promised = Decimal(str(approval.price)) if approval else None
	state, waits_for = _judge(row, retainer, words, used, is_past(worth, promised))
	if state == EXCEEDED and waiting:
		state, shown = WAITING, waiting
	found = State(
		**known,
		state=state,
		sentence="",
		estimate=shown.name if shown and shown.doctype == "Ticket Estimate" else None,
		sprint=shown.name if shown and shown.doctype == "Support Sprint" else row.support_sprint,
		shown=shown,
		approval=approval,
		limit=approval.charged if approval else None,
		used=used,
		promised=promised,
		worth=worth,
		waiver=waiver,
		waits_for=waits_for
		or (waiting and ("Estimate" if waiting.doctype == "Ticket Estimate" else "Sprint")),
		booked=tuple(booked),
	)
	return replace(found, sentence=_sentence(found, retainer))


def _judge(
	row: frappe._dict, retainer: frappe._dict, words: list[Word], used: int, too_dear: bool
) -> tuple[str, str | None]:
	if pending_suggestion(row):
		return (DECLINED if row.status in ("Resolved", "Closed") else WAITING), "Suggestion"
	if approval := _newest(words, APPROVED):
		return (EXCEEDED if used > approval.charged or too_dear else APPROVED), None
	if _newest(words, WAITING):
		return WAITING, None
	if _newest(words, DECLINED):
		return DECLINED, None
	threshold = contracts.hours_to_seconds(flt(retainer.estimate_threshold_hours))
	expected = [contracts.hours_to_seconds(flt(row.expected_hours)), *(word.work for word in words)]
	if cint(row.estimate_requested) or max(expected) >= threshold:
		return NEEDED, None
	return NOT_NEEDED, None


def _newest(words: list[Word], status: str) -> Word | None:
	"""Return the word of a status that was given (or asked for) last; of two at once the one that is about the ticket alone."""
	found = [word for word in words if word.status == status]
	return max(found, key=_when, default=None)


def _when(word: Word) -> tuple:
	return str(word.answered_on or word.asked_on or ""), word.doctype == "Ticket Estimate", word.name


def _words(ticket_type: str, names: list[str]) -> dict[str, list[Word]]:
	found: dict[str, list[Word]] = {}
	filters = {
		"ticket_type": ticket_type,
		"ticket": ("in", names),
		"status": ("in", ("Draft", WAITING, APPROVED, DECLINED)),
	}
	fields = ["name", "ticket", "status", "work", "charged", "price", "currency"]
	fields += ["asked_on", "answered_on", "valid_until", "warned_on"]
	for row in select("Ticket Estimate", filters, fields).run(as_dict=True):
		_keep(found, row, "Ticket Estimate", row.name, row.status)
	for row in _sprint_rows(ticket_type, names):
		_keep(found, row, "Support Sprint", row.sprint, _row_status(row), row.name)
	return found


def _keep(
	found: dict, row: frappe._dict, doctype: str, name: str, status: str, line: str | None = None
) -> None:
	if status == WAITING and row.valid_until and getdate(row.valid_until) < clock.today():
		status = "Draft"  # nobody may answer it any more
	word = Word(
		doctype,
		name,
		status,
		cint(row.work),
		cint(row.charged),
		flt(row.price),
		row.currency,
		row.asked_on,
		row.answered_on,
		row.valid_until,
		line,
		row.warned_on,
	)
	found.setdefault(row.ticket, []).append(word)


def _sprint_rows(ticket_type: str, names: list[str]) -> list[frappe._dict]:
	sprint, row = frappe.qb.DocType("Support Sprint"), frappe.qb.DocType("Support Sprint Ticket")
	return (
		frappe.qb.from_(row)
		.join(sprint)
		.on(row.parent == sprint.name)
		.select(row.name, row.ticket, row.work, row.charged, row.price, row.answer, row.warned_on)
		.select(sprint.name.as_("sprint"), sprint.status, sprint.currency)
		.select(sprint.asked_on, sprint.answered_on, sprint.valid_until)
		.where((row.ticket_type == ticket_type) & row.ticket.isin(names))
	).run(as_dict=True)


def _row_status(row: frappe._dict) -> str:
	if row.status == "Proposed":
		return WAITING
	if row.answer and row.status in (*AGREED, DECLINED):
		return row.answer
	return "Draft"


def _waivers(ticket_type: str, names: list[str]) -> Mapping[str, frappe._dict]:
	filters = {"ticket_type": ticket_type, "ticket": ("in", names)}
	fields = ("ticket", "user", "given_on", "reason")
	rows = select("Consent Waiver", filters, fields, "given_on, creation").run(as_dict=True)
	return {row.ticket: row for row in rows}


def _sentence(found: State, retainer: frappe._dict) -> str:
	text = _situation(found, retainer)
	if found.waiver:
		who = frappe.utils.get_fullname(found.waiver.user)
		return _("{0} Work goes on all the same, says {1}: {2}").format(text, who, found.waiver.reason)
	return text


def _situation(found: State, retainer: frappe._dict) -> str:
	shown = found.shown
	if found.waits_for == "Suggestion":
		if found.state == DECLINED:
			return _("Our own suggestion, closed without the customer's word.")
		return _("Our own suggestion: it waits for the customer to accept it.")
	if found.state == NOT_NEEDED:
		return _("No estimate is needed under {0} hours, unless the customer asks for one.").format(
			_plain(retainer.estimate_threshold_hours)
		)
	if found.state == NEEDED:
		return _("The customer must approve an estimate before work begins.")
	figures = (shown.name, hours(shown.work), money(shown.price, shown.currency))
	if found.approval and found.used <= found.limit and is_past(found.worth, found.promised):
		return _worth_more(found, figures)
	if found.state == WAITING and found.approval:
		return _("{0} used of {1} approved; {2} ({3}, {4}) waits for the customer's answer.").format(
			hours(found.used), hours(found.limit), *figures
		)
	if found.state == WAITING:
		text = _("{0} ({1}, {2}) waits for the customer's answer since {3}.")
		return text.format(*figures, moment(shown.asked_on))
	on = format_date(getdate(shown.answered_on)) if shown.answered_on else ""
	if found.state == DECLINED:
		return _("The customer declined {0} ({1}, {2}) on {3}.").format(*figures, on)
	if found.state == EXCEEDED:
		return _("{0} used of {1} approved in {2}: more work needs a new approval.").format(
			hours(found.used), hours(found.limit), shown.name
		)
	return _("{0} used of {1} approved in {2} ({3}) on {4}.").format(
		hours(found.used), hours(found.limit), shown.name, figures[2], on
	)


def _worth_more(found: State, figures: tuple[str, str, str]) -> str:
	"""Return that the price that was approved is passed, though the hours are not."""
	currency = found.approval.currency
	sums = (money(found.worth, currency), money(found.promised, currency))
	if found.state == WAITING:
		return _("Work for {0} of {1} approved; {2} ({3}, {4}) waits for the customer's answer.").format(
			*sums, *figures
		)
	return _("Work for {0} of {1} approved in {2}: more work needs a new approval.").format(
		*sums, found.approval.name
	)


def _plain(number: float | None) -> str:
	return f"{flt(number):g}"
