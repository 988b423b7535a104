"""Reading rows of one DocType by plain conditions, in code that every booked timesheet goes through.

`frappe.get_all` asks who may read and reads each name as SQL before it sends anything, which takes several times as long as the query
itself. What is read here is chosen by our own code alone, never by a user, and nobody's permission is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import frappe
from pypika import Order
from pypika.queries import QueryBuilder

CONDITIONS = {
	"=": lambda field, value: field == value,
	"!=": lambda field, value: (
		field.isnull() | (field != value) if value else field.notnull() & (field != "")
	),
	"<": lambda field, value: field < value,
	"<=": lambda field, value: field <= value,
	">": lambda field, value: field > value,
	">=": lambda field, value: field >= value,
	"in": lambda field, values: field.isin(list(values) or [""]),
	"between": lambda field, values: (field >= values[0]) & (field <= values[1]),
	"is": lambda field, value: (
		field.notnull() & (field != "") if value == "set" else field.isnull() | (field == "")
	),
}


def select(
	doctype: str,
	filters: Mapping[str, object],
	fields: Iterable[str],
	order_by: str = "",
	limit: int | None = None,
) -> QueryBuilder:
	"""Return the query for fields ("*" for all) of the rows that match all filters, to be run.

	Args:
	        doctype: a DocType with a table of its own.
	        filters: a value to equal, or a pair of one of CONDITIONS and what it compares with.
	        fields: their names.
	        order_by: "field, other desc"; the database's own order without.
	        limit: at most so many rows.

	Raises:
	        KeyError: a condition that is not in CONDITIONS.
	"""
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(*(table.star if name == "*" else table[name] for name in fields))
	for name, wanted in filters.items():
		way, value = wanted if isinstance(wanted, tuple | list) else ("=", wanted)
		query = query.where(CONDITIONS[way](table[name], value))
	for part in filter(None, order_by.split(", ")):
		name, _space, way = part.partition(" ")
		query = query.orderby(table[name], order=Order.desc if way == "desc" else Order.asc)
	return query.limit(limit) if limit else query
