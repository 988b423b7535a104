"""Ask First: time beyond the bank is held until somebody approves or declines it."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _

from support_retainer import timebank
from support_retainer.billing import draft, sheets
from support_retainer.words import in_language_of

HELD = "Held"


def held_entries(retainer: str, ticket: str | None = None) -> list[frappe._dict]:
	"""Return what waits for a decision on a retainer, or on one ticket of it, oldest first."""
	filters = {"retainer": retainer, "billing_status": HELD} | ({"ticket": ticket} if ticket else {})
	return timebank.entries_of(**filters)


def approve(names: Sequence[str], reason: str) -> list[str]:
	"""Let held entries be billed: each is reversed and written anew as to bill, with who approved it and why.

	Returns:
	        the names of the new entries.

	Raises:
	        frappe.ValidationError: no reason, or one of them is not held (any more).
	"""
	return _decide(names, "To Bill", reason, "APPROVED")


def decline(names: Sequence[str], reason: str) -> list[str]:
	"""Write held entries off, with who declined them and why; they are never billed. Returns the new entries.

	Raises:
	        frappe.ValidationError: no reason, or one of them is not held (any more).
	"""
	return _decide(names, "Written Off", reason, "DECLINED")


def lock_held(names: Sequence[str], reason: str) -> tuple[dict, list[frappe._dict]]:
	"""Lock the retainers of held entries; return the retainers by name, and the entries.

	Raises:
	        frappe.ValidationError: no reason, or one of them is not held (any more).
	"""
	if not (reason or "").strip():
		frappe.throw(_("Write why."))
	owners = frappe.get_all("Timebank Entry", filters={"name": ("in", list(names))}, pluck="retainer")
	retainers = {name: timebank.lock(name) for name in sorted(set(owners))}
	entries = timebank.entries_of(name=("in", list(names)), billing_status=HELD)
	if len(entries) < len(set(names)) or not entries:
		frappe.throw(_("Some of this time is not held any more. Reload, then decide on what is left."))
	return retainers, entries


def _decide(names: Sequence[str], status: str, reason: str, tag: str) -> list[str]:
	retainers, entries = lock_held(names, reason)
	written = []
	for retainer in sorted(retainers):
		own = [entry.name for entry in entries if entry.retainer == retainer]
		with in_language_of(retainers[retainer].customer):
			said = _("Approved by {0}: {1}") if status == "To Bill" else _("Declined by {0}: {1}")
		written += timebank.restate(own, status, said.format(frappe.session.user, reason), tag)
	sheets.follow_ledger({entry.timesheet_detail for entry in entries if entry.timesheet_detail})
	if status == "To Bill":
		found = timebank.entries_of(name=("in", written))
		for retainer, period in sorted({(entry.retainer, entry.period) for entry in found}):
			draft.bring_up_to_date(retainers[retainer], period)
	return written
