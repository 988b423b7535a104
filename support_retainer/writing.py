"""Writing many rows at once."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe.utils import now
from pypika.terms import Parameter

NOTHING = (None, "", 0, "0")


def insert_rows(doctype: str, rows: Sequence[dict]) -> None:
	"""Write rows of one doctype in one statement, stamped with who and when; all have the same fields, `name` among them.

	`frappe.db.bulk_insert` does the same four times slower, as it wraps each value. What is empty in every row is left to the
	database. No document event runs: for rows that only rooms write.

	Raises:
	        the database's duplicate error: a name or a unique value is there already.
	"""
	stamp = {"creation": now(), "owner": frappe.session.user}
	stamp |= {"modified": stamp["creation"], "modified_by": stamp["owner"]}
	fields = [field for field in rows[0] if any(row[field] not in NOTHING for row in rows)]
	blanks = [[Parameter("%s")] * (len(stamp) + len(fields))] * len(rows)
	query = frappe.qb.into(frappe.qb.DocType(doctype)).columns(*stamp, *fields).insert(*blanks)
	values = [value for row in rows for value in (*stamp.values(), *(row[field] for field in fields))]
	frappe.db.sql(query.get_sql(), values)
