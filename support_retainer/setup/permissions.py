"""What the app's roles may read of ERPNext's own documents, given in the Role Permissions Manager's own way.

Frappe keeps a whole set of rules of its own for a DocType that anybody added one to, and then no longer looks at the ones the DocType
came with. So that ERPNext's upgrades still arrive, a migration brings that set in line while nobody else has edited it; and
uninstalling leaves ERPNext's own rules behind, or the user's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import frappe
from frappe.permissions import add_permission, copy_perms, reset_perms, rights

# An agent sees who the customer is and whom to call. ERPNext's ticket form asks for Support Settings as whoever opens it.
READ = ("Customer", "Contact", "Support Settings")
ROLES = ("Support Agent", "Retainer Manager")
GIVEN, FOUND = "Permissions given/", "Permissions as found/"


def grant(installed: dict[str, str]) -> None:
	"""Let our roles read, once; what the user has made of it since stays. Notes what was found in `installed`."""
	for doctype in READ:
		if GIVEN + doctype not in installed:
			edited = frappe.db.exists("Custom DocPerm", {"parent": doctype})
			installed[FOUND + doctype] = "" if edited else _digest("DocPerm", doctype)
			installed[GIVEN + doctype] = "yes"
			_add(doctype, ROLES)
		elif _may_follow(doctype, installed):
			ours = frappe.get_all(
				"Custom DocPerm", filters={"parent": doctype, "role": ("in", ROLES)}, pluck="role"
			)
			reset_perms(doctype)
			installed[FOUND + doctype] = _digest("DocPerm", doctype)
			_add(doctype, ours)


def take_back(installed: dict[str, str]) -> None:
	"""Take our roles out of ERPNext's rules again, and the copied set with them when it holds nothing else of the user's."""
	for doctype in READ:
		if GIVEN + doctype not in installed:
			continue
		frappe.db.delete("Custom DocPerm", {"parent": doctype, "role": ("in", ROLES)})
		if _digest("Custom DocPerm", doctype) in (_digest("DocPerm", doctype), installed[FOUND + doctype]):
			reset_perms(doctype)


def _add(doctype: str, roles: Iterable[str]) -> None:
	if not frappe.db.exists("Custom DocPerm", {"parent": doctype}):
		copy_perms(doctype)
	for role in roles:
		if not frappe.db.exists("Custom DocPerm", {"parent": doctype, "role": role}):
			add_permission(doctype, role)


def _may_follow(doctype: str, installed: dict[str, str]) -> bool:
	"""Whether ERPNext brought new rules, and the copied ones are still the old ones."""
	found = installed[FOUND + doctype]
	return bool(found) and found == _digest("Custom DocPerm", doctype) != _digest("DocPerm", doctype)


def _digest(kind: str, doctype: str) -> str:
	"""Tell two sets of rules apart, ours left out."""
	fields = ["role", "permlevel", "if_owner", *rights]
	rows = frappe.get_all(kind, filters={"parent": doctype, "role": ("not in", ROLES)}, fields=fields)
	text = json.dumps(sorted([str(row[field] or 0) for field in fields] for row in rows))
	return hashlib.sha256(text.encode()).hexdigest()[:16]
