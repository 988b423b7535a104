"""What changed in a ticket's promise, from what to what and why, for its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_datetime
from markupsafe import Markup

from support_retainer.words import filled, html, plain

TOLD = ("retainer", "sla_rule", "budget_state", "assign_by", "start_by")
MOMENTS = ("assign_by", "start_by")


def snapshot(doc: Document) -> dict[str, str]:
	"""Return what the timeline tells of, as it is now."""
	return {field: str(doc.get(field) or "") for field in TOLD}


def note(doc: Document, old: dict[str, str], why: str) -> None:
	"""Remember on the document what changed since a snapshot; `tell` writes it when the save is certain."""
	changes = [
		_change(doc, field, old[field], new) for field, new in snapshot(doc).items() if new != old[field]
	]
	doc.flags.clock_story = filled("{0}: {1}.", why, Markup("; ").join(changes)) if changes else None


def add(doc: Document, text: str) -> None:
	"""Remember one more thing to tell, unless it is told already as the reason of what changed."""
	told = doc.flags.get("clock_story") or ""
	if text not in told:
		doc.flags.clock_story = f"{told} {text}.".strip()


def tell(doc: Document) -> None:
	"""Write what was remembered on the ticket's timeline, once."""
	if text := doc.flags.get("clock_story"):
		doc.flags.clock_story = None
		doc.add_comment("Info", html(text))


def because_of(doc: Document, before: Document, changed: Sequence[str]) -> str:
	"""Return which fields of a ticket changed, from what to what, as HTML."""
	if not changed:
		return _("Reopened")
	return Markup(", ").join(
		filled(
			_("{0} changed from {1} to {2}"),
			_(doc.meta.get_label(field)),
			_shown(before, field),
			_shown(doc, field),
		)
		for field in changed
	)


def after_pauses(ended: Iterable[tuple]) -> str:
	"""Return which pauses ended."""
	return ", ".join(
		_("The clocks stood still from {0} to {1}").format(format_datetime(start), format_datetime(end))
		for start, end in ended
	) or _("The clocks stand still")


def _change(doc: Document, field: str, old: str, new: str) -> Markup:
	if field in MOMENTS:
		old, new = (each and format_datetime(each) for each in (old, new))
	elif field in ("sla_rule", "budget_state"):
		old, new = _(old) if old else "", _(new) if new else ""
	return filled("{0} {1} → {2}", _(doc.meta.get_label(field)), old or "–", new or "–")


def _shown(doc: Document, field: str) -> str:
	value = frappe.format(doc.get(field), doc.meta.get_field(field)) if doc.get(field) else ""
	return plain(value) or "–"
