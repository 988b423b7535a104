"""Pauses: the stretches in which a ticket's clocks stand still, kept with the ticket.

They stand still in the settings' pausing statuses, and while the ticket is resolved or closed. Moments are naive site times.
"""

from __future__ import annotations

from datetime import datetime

from frappe.model.document import Document
from frappe.utils import get_datetime

from support_retainer import clock, contracts

TABLE = "ticket_pauses"
ENDED = ("Resolved", "Closed")
Stretch = tuple[datetime, datetime]


def stands_still(status: str | None) -> bool:
	"""Return whether a ticket's clocks stand still in a status."""
	return status in ENDED or status in contracts.pausing_statuses()


def follow(doc: Document, status: str | None, moment: datetime) -> list[Stretch]:
	"""Bring the pauses in line with a status the ticket got at a moment; return the stretches that ended by it.

	A status the clock has seen already changes nothing, so this may be asked again.
	"""
	if status == doc.get("clock_status"):
		return []
	doc.set("clock_status", status)
	ended = []
	if running := _open_row(doc):
		# a status written past the document may only be found later, with an older moment
		running.to_time = max(get_datetime(moment), get_datetime(running.from_time))
		ended.append((get_datetime(running.from_time), running.to_time))
	if stands_still(status):
		doc.append(TABLE, {"from_time": moment, "status": status})
	return ended


def since(doc: Document) -> datetime | None:
	"""Return since when the clocks stand still; None when they run."""
	running = _open_row(doc)
	return get_datetime(running.from_time) if running else None


def stretches(doc: Document) -> list[Stretch]:
	"""Return the pauses that have ended."""
	return [
		(get_datetime(row.from_time), get_datetime(row.to_time))
		for row in doc.get(TABLE) or ()
		if row.to_time
	]


def breaks(doc: Document) -> list[Stretch]:
	"""Return the pauses that have ended as the core's breaks (aware moments)."""
	return [(clock.to_aware(start), clock.to_aware(end)) for start, end in stretches(doc)]


def restore(doc: Document, before: Document | None) -> None:
	"""Put back the pauses a ticket had, whatever a form, an import or the API has made of them."""
	if _as_rows(doc) != _as_rows(before):
		doc.set(TABLE, [row.as_dict() for row in before.get(TABLE)] if before else [])


def copy(doc: Document, source: Document) -> None:
	"""Give a ticket that was split off the pauses of the one it came from."""
	doc.set(
		TABLE,
		[
			{"from_time": row.from_time, "to_time": row.to_time, "status": row.status}
			for row in source.get(TABLE)
		],
	)
	doc.set("clock_status", source.get("clock_status"))


def _open_row(doc: Document):
	return next((row for row in doc.get(TABLE) or () if not row.to_time), None)


def _as_rows(doc: Document | None) -> list[tuple[str, ...]]:
	rows = doc.get(TABLE) or () if doc else ()
	return [
		tuple(str(row.get(field) or "") for field in ("name", "from_time", "to_time", "status"))
		for row in rows
	]
