"""The first page: what is left and until when, what the period cost so far, what needs an answer, and what is going on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import getdate

from support_retainer import clock, consent, timebank
from support_retainer.portal import access, tickets_shown
from support_retainer.portal.page import go, open_page

TICKETS_SHOWN = 8
PROMISED = {
	"Development": 55,
	"Project Management": 20,
	"Optimization": 15,
	"Design": 10,
}  # per cent of the time
BEYOND = ("To Bill", "Billed", "Owed")


@dataclass(slots=True)
class Use:
	"""Time of one category: seconds, its share and the share it was promised, in per cent."""

	title: str
	seconds: int
	share: int
	promised: int


@dataclass(slots=True)
class Bank:
	"""What the page says of one retainer. Durations in seconds, money in `currency`."""

	retainer: str
	has_bank: bool
	currency: str
	rate: float
	period: frappe._dict | None = None
	left: int = 0
	lots: tuple = ()
	given: int = 0
	drawn: int = 0
	beyond: int = 0
	surcharges: float = 0.0
	beyond_money: float = 0.0
	held: int = 0
	held_money: float = 0.0
	uses: list[Use] = field(default_factory=list)

	@property
	def share_left(self) -> int:
		"""How much of what there was is left, in per cent."""
		whole = self.left + self.drawn
		return round(100 * self.left / whole) if whole else 0

	@property
	def money(self) -> float:
		"""Money beyond the bank in the period: time and surcharges."""
		return self.beyond_money + self.surcharges


def show_home(context: frappe._dict) -> None:
	"""Fill in the page; for somebody who has not chosen among several customers, the choice."""
	seen = open_page(context, _("Support", context="Support portal"))
	if not seen.customer:
		context.choices = _choices(seen)
		return
	context.here = "/support"
	context.waiting = consent.waiting_titles(seen.customer)
	context.banks = banks(seen.customer)
	context.open_count, context.open_tickets = tickets_shown.newest_open(seen.customer, TICKETS_SHOWN)


def banks(customer: str) -> list[Bank]:
	"""Return where a customer's contracts stand today. Three queries, whatever the ledger's size."""
	today = clock.today()
	standings = timebank.standings(customer, today)
	periods = {name: _current(standing, today) for name, standing in standings.items()}
	sums = _sums(customer, [period.name for period in periods.values() if period])
	found = []
	for _name, group in groupby(sums, key=lambda row: row.retainer):
		rows = list(group)
		bank = _bank(rows[0], standings.get(rows[0].retainer), periods.get(rows[0].retainer), today)
		_add_sums(bank, rows)
		bank.uses = _shares(rows)
		found.append(bank)
	return found


def _current(standing: timebank.Standing, today: date) -> frappe._dict | None:
	now = (row for row in standing.periods if getdate(row.from_date) <= today <= getdate(row.to_date))
	return next(now, None)


def _bank(
	row: frappe._dict, standing: timebank.Standing | None, period: frappe._dict | None, today: date
) -> Bank:
	bank = Bank(row.retainer, row.mode != "Without Timebank", row.currency, row.hourly_rate, period)
	if not standing:
		return bank
	bank.left = standing.left
	bank.lots = tuple(lot for lot in standing.lots if not lot.valid_until or lot.valid_until >= today)
	if bank.period:
		bank.given = sum(bank.period[name] or 0 for name in ("allotted", "carried_in", "topped_up"))
		bank.drawn = bank.period.drawn or 0
	return bank


def _add_sums(bank: Bank, rows: list[frappe._dict]) -> None:
	for row in rows:
		seconds, money = int(row.overage or 0), float(row.amount or 0)
		if row.billing_status == "Held":
			bank.held += seconds
			bank.held_money += money
		elif row.billing_status in BEYOND and row.entry_type == "Surcharge":
			bank.surcharges += money
		elif row.billing_status in BEYOND and row.entry_type == "Overage":
			bank.beyond += seconds
			bank.beyond_money += money


def _sums(customer: str, periods: list[str]) -> list[frappe._dict]:
	"""Return the customer's contracts in the order of their names, each at least once: with time and money of the periods'
	live charges, by kind, component, category and state of the money.
	"""
	contract, entry = frappe.qb.DocType("Retainer"), frappe.qb.DocType("Timebank Entry")
	log, activity = frappe.qb.DocType("Timesheet Detail"), frappe.qb.DocType("Activity Type")
	terms = (contract.name, contract.mode, contract.currency, contract.hourly_rate)
	category = Coalesce(activity.work_category, "")
	parts = (entry.entry_type, entry.component, entry.billing_status, category)
	return (
		frappe.qb.from_(contract)
		.left_join(entry)
		.on(
			(entry.retainer == contract.name)
			& entry.period.isin(periods or [""])
			& entry.entry_type.isin(["Draw", "Overage", "Surcharge", "Not Charged"])
			& (entry.is_reversed == 0)
			& (entry.is_internal == 0)
		)
		.left_join(log)
		.on(log.name == entry.timesheet_detail)
		.left_join(activity)
		.on(activity.name == log.activity_type)
		.select(
			contract.name.as_("retainer"),
			*terms[1:],
			*parts[:-1],
			category.as_("category"),
			Sum(entry.drawn).as_("drawn"),
			Sum(entry.overage).as_("overage"),
			Sum(entry.amount).as_("amount"),
			Sum(entry.would_charged).as_("given"),
		)
		.where((contract.customer == customer) & contract.status.isin(["Active", "Paused"]))
		.groupby(*terms, *parts)
		.orderby(contract.name)
	).run(as_dict=True)


def _shares(rows: list[frappe._dict]) -> list[Use]:
	seconds = dict.fromkeys(PROMISED, 0)
	for row in rows:
		if not row.component:
			continue  # a surcharge is money, no time
		category = "Project Management" if row.component == "Project Management" else row.category
		seconds[category] = (
			seconds.get(category, 0) + int(row.drawn or 0) + int(row.overage or 0) + int(row.given or 0)
		)
	whole = sum(seconds.values())
	if not whole:
		return []
	return [
		Use(_(name) if name else _("Not sorted"), spent, round(100 * spent / whole), PROMISED.get(name, 0))
		for name, spent in seconds.items()
		if spent or name in PROMISED
	]


def _choices(seen: access.Visitor) -> list[frappe._dict]:
	"""Return the customers to choose among: a contact's own; for staff, those with a contract that they may read."""
	filters = {"name": ("in", list(seen.customers))}
	if seen.is_staff:
		contracts = frappe.get_list("Retainer", fields=["customer"], limit=500)
		filters = {"name": ("in", sorted({row.customer for row in contracts}) or [""])}
		return frappe.get_list("Customer", filters, ["name", "customer_name"], order_by="customer_name")
	# the customers were found by who acts for them; contacts have no role that reads Customer
	return frappe.get_all("Customer", filters, ["name", "customer_name"], order_by="customer_name")


def leave(context: frappe._dict) -> None:
	"""Forget the customer that was chosen, and lead on to the choice."""
	access.visitor()
	access.forget_choice()
	go("/support")
