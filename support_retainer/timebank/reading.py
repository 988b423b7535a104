"""Reading what is there now, not what was there when the transaction began.

On MariaDB a transaction sees the data as of its first read (REPEATABLE READ), also after it waited for a lock. So when a
retainer is locked, what the transaction sees of its periods is compared with what they are; where they differ, the ledger is
read with locking reads from then on, which see all that is committed. Without contention nothing is locked but the retainer.
"""

from __future__ import annotations

import frappe

from support_retainer.selecting import select

PERIOD = "Timebank Period"


def look_afresh(retainer: str) -> None:
	"""Find out, holding the retainer's lock, whether this transaction's view of its ledger is out of date."""
	if frappe.db.db_type == "sqlite" or is_stale():
		return
	query = select(PERIOD, {"retainer": retainer}, ["name", "entries", "status"], "name")
	if query.run() != query.for_update().run():
		frappe.local.timebank_is_stale = True
		frappe.db.after_commit.add(_forget)
		frappe.db.after_rollback.add(_forget)


def is_stale() -> bool:
	"""Return whether the ledger must be read with locking reads."""
	return bool(getattr(frappe.local, "timebank_is_stale", False))


def rows(
	doctype: str,
	filters: dict,
	fields: list[str],
	order_by: str,
	limit: int | None = None,
) -> list[frappe._dict]:
	"""Return rows as they are now; what filters and order look like is said at `select`."""
	return current(select(doctype, filters, fields, order_by, limit)).run(as_dict=True)


def current(query):
	"""Return a query of the query builder as a locking read where that is needed."""
	return query.for_update() if is_stale() else query


def _forget() -> None:
	frappe.local.timebank_is_stale = False
