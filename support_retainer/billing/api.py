"""What people ask of the time bank and its invoices from the desk. Each checks who asks, then calls its room."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint

from support_retainer import clock, contracts, timebank
from support_retainer.billing import closing, draft, overage, topups

MANAGERS = ("Retainer Manager", "System Manager")


@frappe.whitelist(methods=["POST"])
def top_up(
	retainer: str,
	hours: float,
	reason: str | None = None,
	sold: bool = False,
	rate: float | None = None,
	valid_until: str | None = None,
) -> str:
	"""Give hours to a time bank with a reason, or sell them; return the ledger entry or the draft invoice.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	"""
	_check_may_write(retainer)
	if cint(sold):
		return topups.sell(retainer, float(hours), None if rate in (None, "") else float(rate))
	return topups.give(retainer, float(hours), reason or "", valid_until)


@frappe.whitelist(methods=["POST"])
def adjust(retainer: str, hours: float, reason: str, valid_until: str | None = None) -> list[str]:
	"""Add hours to a time bank by hand, or take some away (below zero), with a reason; return the ledger entries.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	"""
	_check_may_write(retainer)
	seconds = contracts.hours_to_seconds(abs(float(hours))) * (1 if float(hours) > 0 else -1)
	until = frappe.utils.getdate(valid_until) if valid_until else None
	return timebank.adjust(retainer, seconds, clock.today(), reason, until)


@frappe.whitelist(methods=["POST"])
def approve_overage(entries: str | list, reason: str) -> list[str]:
	"""Approve held time on the customer's behalf; return the ledger entries that are now to be billed.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	"""
	names = _checked(entries)
	overage.lock_held(names, reason)
	_tell_decision(names, True, reason)
	return overage.approve(names, reason)


@frappe.whitelist(methods=["POST"])
def decline_overage(entries: str | list, reason: str) -> list[str]:
	"""Write held time off; return the ledger entries that say so.

	Raises:
	        frappe.PermissionError: the user may not change the retainer.
	"""
	names = _checked(entries)
	overage.lock_held(names, reason)
	_tell_decision(names, False, reason)
	return overage.decline(names, reason)


@frappe.whitelist(methods=["POST"])
def close_periods(retainer: str) -> None:
	"""Queue the close of all periods of a retainer that have ended.

	Raises:
	        frappe.PermissionError: the user is no manager, or may not change the retainer.
	"""
	_check_is_manager()
	_check_may_write(retainer)
	closing.queue_close(retainer, after_days=0)


@frappe.whitelist(methods=["POST"])
def reopen_period(period: str, reason: str) -> None:
	"""Open a closed period again; logged with the reason. Its draft asks no more for what the closing had put there.

	Raises:
	        frappe.PermissionError: the user is no manager, or may not change the period's retainer.
	"""
	_check_is_manager()
	_check_may_write(frappe.db.get_value("Timebank Period", period, "retainer") or "")
	retainer = timebank.lock(frappe.db.get_value("Timebank Period", period, "retainer"))
	timebank.reopen_period(period, reason)
	draft.bring_up_to_date(retainer, period, only_existing=True)


def _tell_decision(entries: list[str], approve: bool, reason: str) -> None:
	"""Staff decide for the customer: hooks.py names who keeps such answers."""
	for method in frappe.get_hooks("support_retainer_overage_decided"):
		frappe.get_attr(method)(entries, approve, reason)


def _checked(entries: str | list) -> list[str]:
	names = frappe.parse_json(entries) if isinstance(entries, str) else entries
	if not frappe.has_permission("Retainer", "write"):  # before anything is told of the entries
		frappe.throw(_("Only a Retainer Manager may do this. Ask one."), frappe.PermissionError)
	for retainer in set(frappe.get_all("Timebank Entry", {"name": ("in", names)}, pluck="retainer")):
		_check_may_write(retainer)
	return names


def _check_is_manager() -> None:
	if not set(MANAGERS) & set(frappe.get_roles()):
		frappe.throw(_("Only a Retainer Manager may do this. Ask one."), frappe.PermissionError)


def _check_may_write(retainer: str) -> None:
	if not frappe.has_permission("Retainer", "write", doc=retainer):
		frappe.throw(
			_("You may not change this retainer. Ask a Retainer Manager."),
			frappe.PermissionError,
		)
