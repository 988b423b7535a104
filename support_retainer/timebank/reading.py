"""Reading what is there now, not what was there when the transaction began.

On MariaDB a transaction sees the data as of its first read (REPEATABLE READ), also after it waited for a lock. So when a
retainer is locked, what the transaction sees of its periods is compared with what they are; where they differ, the ledger is
read with locking reads from then on, which see all that is committed. Without contention nothing is locked but the retainer.
"""

from __future__ import annotations

import frappe
from pypika import Order

PERIOD = "Timebank Period"


def look_afresh(retainer: str) -> None:
	"""Find out, holding the retainer's lock, whether this transaction's view of its ledger is out of date."""
	if frappe.db.db_type == "sqlite" or is_stale():
		return
	query = {"doctype": PERIOD, "filters": {"retainer": retainer}, "fieldname": ["name", "entries", "status"]}
	seen = frappe.db.get_values(**query, order_by="name")
	there = frappe.db.get_values(**query, order_by="name", for_update=True)
	if seen != there:
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
	"""Return rows as `frappe.get_all` does, as they are now."""
	if not is_stale():
		return frappe.get_all(doctype, filters=filters, fields=fields, order_by=order_by, limit=limit)
	if any(isinstance(value, tuple) and value[0] == "in" and not value[1] for value in filters.values()):
		return []
	query = frappe.qb.get_query(doctype, filters=filters, fields=fields, for_update=True, limit=limit)
	for part in order_by.split(", "):
		name, _space, way = part.partition(" ")
		query = query.orderby(name, order=Order.desc if way == "desc" else Order.asc)
	return query.run(as_dict=True)


def current(query):
	"""Return a query of the query builder as a locking read where that is needed."""
	return query.for_update() if is_stale() else query


def _forget() -> None:
	frappe.local.timebank_is_stale = False
