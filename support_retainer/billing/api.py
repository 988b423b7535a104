"""What people ask of the time bank and its invoices from the desk. Each checks who asks, then calls its room."""

from __future__ import annotations

from typing import Annotated

import frappe
from frappe import _

from support_retainer import clock, contracts, requests, tickets, timebank
from support_retainer.billing import closing, draft, not_charged, outside, overage, repricing, topups
from support_retainer.requests.kinds import (
	AnyName,
	ContractDay,
	Hours,
	ListOfNames,
	NearMoment,
	Note,
	Rate,
	SignedHours,
	Ticket,
	Yes,
)

ReasonName = Annotated[str, requests.kinds.Name("Not Charged Reason", exists=True)]
Urgency = Annotated[str, requests.kinds.Choice(("Normal", "Urgent"))]
MANAGERS = ("Retainer Manager", "System Manager")


@frappe.whitelist(methods=["POST"])
@requests.checked
def top_up(
	retainer: AnyName,
	hours: Hours,
	reason: Note | None = None,
	sold: Yes = False,
	rate: Rate | None = None,
	valid_until: ContractDay | None = None,
) -> str:
	"""Give hours to a time bank with a reason, or sell them; return the ledger entry or the draft invoice.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	"""
	_check_may_write(retainer)
	if sold:
		return topups.sell(retainer, hours, rate)
	return topups.give(retainer, hours, reason or "", valid_until)


@frappe.whitelist(methods=["POST"])
@requests.checked
def adjust(
	retainer: AnyName, hours: SignedHours, reason: Note, valid_until: ContractDay | None = None
) -> list[str]:
	"""Add hours to a time bank by hand, or take some away (below zero), with a reason; return the ledger entries.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	"""
	_check_may_write(retainer)
	seconds = contracts.hours_to_seconds(abs(hours)) * (1 if hours > 0 else -1)
	return timebank.adjust(retainer, seconds, clock.today(), reason, valid_until)


@frappe.whitelist(methods=["POST"])
@requests.checked
def approve_overage(entries: ListOfNames, reason: Note) -> list[str]:
	"""Approve held time on the customer's behalf; return the ledger entries that are now to be billed.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	"""
	_check_may_decide(entries)
	overage.lock_held(entries, reason)
	_tell_decision(entries, True, reason)
	return overage.approve(entries, reason)


@frappe.whitelist(methods=["POST"])
@requests.checked
def decline_overage(entries: ListOfNames, reason: Note) -> list[str]:
	"""Write held time off; return the ledger entries that say so.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	"""
	_check_may_decide(entries)
	overage.lock_held(entries, reason)
	_tell_decision(entries, False, reason)
	return overage.decline(entries, reason)


@frappe.whitelist(methods=["POST"])
@requests.checked
def close_periods(retainer: AnyName) -> None:
	"""Queue the close of all periods of a retainer that have ended.

	Raises:
	        frappe.PermissionError: the user is no manager, or may not change the retainer.
	"""
	_check_is_manager()
	_check_may_write(retainer)
	closing.queue_close(retainer, after_days=0)


@frappe.whitelist(methods=["POST"])
@requests.checked
def reopen_period(period: AnyName, reason: Note) -> None:
	"""Open a closed period again; logged with the reason. Its draft asks no more for what the closing had put there.

	Raises:
	        frappe.PermissionError: the user is no manager, or may not change the period's retainer.
	"""
	_check_is_manager()
	requests.check_right("Timebank Period", "read", period)
	retainer = frappe.db.get_value("Timebank Period", period, "retainer")
	_check_may_write(retainer)
	row = timebank.lock(retainer)
	timebank.reopen_period(period, reason)
	draft.bring_up_to_date(row, period, only_existing=True)


@frappe.whitelist(methods=["POST"])
@requests.checked
def not_charge(rows: ListOfNames, because: ReasonName, note: Note = "") -> dict:
	"""Charge rows of submitted timesheets no more, for a reason (see `not_charged.not_charge`).

	Raises:
	        frappe.PermissionError: the user is no manager, or may not change the retainer.
	"""
	_check_may_change(rows)
	return not_charged.not_charge(rows, because, note)


@frappe.whitelist(methods=["POST"])
@requests.checked
def charge_after_all(rows: ListOfNames, reason: Note) -> dict:
	"""Charge rows of submitted timesheets that were not charged (see `not_charged.charge_after_all`).

	Raises:
	        frappe.PermissionError: the user is no manager, or may not change the retainer.
	"""
	_check_may_change(rows)
	return not_charged.charge_after_all(rows, reason)


@frappe.whitelist(methods=["POST"])
@requests.checked
def reprice(
	ticket_type: tickets.TicketType,
	ticket_name: Ticket,
	urgency: Urgency,
	from_time: NearMoment,
	reason: Note,
	to_time: NearMoment | None = None,
) -> dict:
	"""Price work on a ticket as of another urgency, from a moment on or up to another (see `repricing.reprice`).

	Returns:
	        `rows`, how many rows of submitted timesheets were charged anew.

	Raises:
	        frappe.PermissionError: the user is no manager, or may not read the ticket, or not change a retainer its time is on.
	"""
	_check_is_manager()
	requests.check_right(ticket_type, "read", ticket_name)
	charged = {"ticket_type": ticket_type, "ticket": ticket_name}
	retainers = set(frappe.get_all("Timebank Entry", charged, pluck="retainer"))
	for retainer in sorted(retainers | {frappe.db.get_value(ticket_type, ticket_name, "retainer")} - {None}):
		_check_may_write(retainer)
	return {"rows": repricing.reprice(ticket_type, ticket_name, urgency, from_time, to_time, reason)}


@frappe.whitelist(methods=["POST"])
@requests.checked
def charge_now(rows: ListOfNames) -> dict:
	"""Charge rows of submitted timesheets that are in no ledger (see `outside.charge_now`).

	Raises:
	        frappe.PermissionError: the user is no manager, or may not change the retainer that held on the day.
	"""
	_check_is_manager()
	names, held = outside.who_is_asked(list(dict.fromkeys(rows)))
	for doctype, name in sorted(names):
		requests.check_right(doctype, "read", name)
	for retainer in sorted(held):
		_check_may_write(retainer)
	return outside.charge_now(rows)


def _check_may_change(rows: list[str]) -> None:
	"""Refuse who is no manager, or may not change the retainers that these rows of time are charged to."""
	_check_is_manager()
	filters = {"timesheet_detail": ("in", rows)}
	for retainer in set(frappe.get_all("Timebank Entry", filters, pluck="retainer")):
		_check_may_write(retainer)


def _tell_decision(entries: list[str], approve: bool, reason: str) -> None:
	"""Staff decide for the customer: hooks.py names who keeps such answers."""
	for method in frappe.get_hooks("support_retainer_overage_decided"):
		frappe.get_attr(method)(entries, approve, reason)


def _check_may_decide(names: list[str]) -> None:
	if not requests.has_role_right("Retainer", "write"):  # before anything is told of the entries
		frappe.throw(_("Only a Retainer Manager may do this. Ask one."), frappe.PermissionError)
	for retainer in set(frappe.get_all("Timebank Entry", {"name": ("in", names)}, pluck="retainer")):
		_check_may_write(retainer)


def _check_is_manager() -> None:
	if not set(MANAGERS) & set(frappe.get_roles()):
		frappe.throw(_("Only a Retainer Manager may do this. Ask one."), frappe.PermissionError)


def _check_may_write(retainer: str) -> None:
	if not requests.has_right("Retainer", "write", retainer):
		frappe.throw(
			_("You may not change this retainer. Ask a Retainer Manager."),
			frappe.PermissionError,
		)
