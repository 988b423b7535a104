"""An invoice as people save it: its lines stay what they are, and ask for charges that wait for nobody else.

Before ERPNext validates it, the stamps are taken from what is stored, never from what was sent: a line keeps its own, the line of an
amended invoice gets those of the line it was copied from, and a line that people add has none. Charges that a line no longer
settles (their time was cancelled, or another invoice bills them) are taken off it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from markupsafe import Markup

from support_retainer import timebank
from support_retainer.billing import stamps, topups
from support_retainer.billing.lines import as_items, lines
from support_retainer.billing.timesheet_rows import follow_entries
from support_retainer.words import filled, html, in_language_of

INVOICE = "Sales Invoice"
HEAD = ("retainer", "timebank_period")


def keep(doc: Document) -> None:
	"""Stamp an invoice's head and lines by what is stored, and bring the lines in line with the charges that wait for them.

	Raises:
	        frappe.ValidationError: nothing is left of the time bank's lines, or their currency is another.
	"""
	source = amended_source(doc)
	_keep_head(doc, source)
	_keep_stamps(doc, source)
	topups.stamp_sold(doc)
	if any(map(stamps.is_charge, doc.items)):
		_settle(doc, source)


def amended_source(doc: Document) -> str | None:
	"""Return the cancelled invoice that a new one amends."""
	if not doc.is_new() or not doc.amended_from:
		return None
	return doc.amended_from if frappe.db.get_value(INVOICE, doc.amended_from, "docstatus") == 2 else None


def stale_entries(doc: Document) -> set[str]:
	"""Return the charges that a draft's lines name and that do not wait on it any more."""
	named = {name for row in doc.items for name in stamps.entries_on(row)}
	waiting = timebank.entries_of(name=("in", list(named)), sales_invoice=doc.name) if named else []
	return named - {row.name for row in waiting}


def drop_lost(doc: Document, retainer: frappe._dict, mine: dict[str, frappe._dict]) -> list[str]:
	"""Take off each line what is not among a document's own charges; return a sentence for each line that changed."""
	said, kept = [], []
	for row in doc.items:
		named = stamps.entries_on(row) if stamps.is_charge(row) else []
		own = [mine.pop(name) for name in named if name in mine]
		if len(own) < len(named) or (stamps.is_charge(row) and not named):
			said.append(_lost(row, own, named, None if doc.is_new() else doc.name))
			if not own:
				continue
			_write_anew(doc, row, retainer, own)
		kept.append(row)
	if said:
		doc.set("items", kept)
		for number, row in enumerate(doc.items, start=1):
			row.idx = number
	return said


def _keep_head(doc: Document, source: str | None) -> None:
	if not doc.is_new() or source:
		stored = frappe.db.get_value(INVOICE, source or doc.name, HEAD, as_dict=True) or {}
		doc.update({field: stored.get(field) for field in HEAD})
		return
	doc.timebank_period = None  # only the time bank's own invoices collect a period's charges
	if doc.get("retainer"):
		owner = frappe.db.get_value("Retainer", doc.retainer, ("customer", "company"))
		doc.retainer = doc.retainer if owner == (doc.customer, doc.company) else None


def _keep_stamps(doc: Document, source: str | None) -> None:
	"""Give each line the stamp of the line it is, or was copied from in an amendment; others keep their kind, as a copy's."""
	stored = stamps.stored(source or (None if doc.is_new() else doc.name))
	free = list(stored.values())
	for row in doc.items:
		found = _amended_line(row, free) if source else stored.get(row.name)
		if found:
			row.update({field: found.get(field) for field in stamps.FIELDS})
			if source:
				free.remove(found)
			continue
		kind = row.get("timebank_kind")
		stamps.put(row, "")
		if kind in (*stamps.CHARGES, stamps.TOP_UP):
			row.timebank_kind = kind


def _amended_line(row: Document, free: Sequence[frappe._dict]) -> frappe._dict | None:
	"""Return the line of the cancelled invoice that a line was copied from: the copied stamp says it, else its text and item."""
	named = row.get("timebank_entries")
	same = [each for each in free if named and each.timebank_entries == named]
	if not same and not named:
		for fields in (("item_code", "ticket", "description"), ("item_code", "ticket")):
			same = same or [
				each
				for each in free
				if each.timebank_line and all((each.get(f) or "") == (row.get(f) or "") for f in fields)
			]
	return same[0] if same else None


def _settle(doc: Document, source: str | None) -> None:
	"""Leave on each line the charges that are this invoice's to bill."""
	changing = source or doc.docstatus == 1
	retainer = timebank.lock(doc.retainer) if changing else frappe.get_cached_doc("Retainer", doc.retainer)
	_check_currency(doc, retainer)
	named = [name for row in doc.items if stamps.is_charge(row) for name in stamps.entries_on(row)]
	mine = {row.name: row for row in _claimable(doc, named, source)}
	settled = list(mine.values())
	if said := drop_lost(doc, retainer, mine):
		_say_lost(doc, said, source)
	follow_entries(doc, retainer.name, settled)


def _claimable(doc: Document, named: Sequence[str], source: str | None) -> list[frappe._dict]:
	"""Return the charges among these that wait for this invoice. An amended one takes them back from the draft they went to."""
	waiting = timebank.entries_of(name=("in", named), retainer=doc.retainer, billing_status="To Bill")
	if not source:
		return [row for row in waiting if row.sales_invoice == doc.name]
	holders = {row.sales_invoice for row in waiting} - {None, ""}
	collecting = set(
		frappe.get_all(
			INVOICE,
			{"name": ("in", list(holders)), "docstatus": 0, "amended_from": ("is", "not set")},
			pluck="name",
		)
	)
	return [row for row in waiting if not row.sales_invoice or row.sales_invoice in collecting]


def _lost(row: Document, own: Sequence[frappe._dict], named: Iterable[str], here: str | None) -> str:
	elsewhere = timebank.entries_of(name=("in", list(named)), sales_invoice=("is", "set"))
	others = ", ".join(sorted({entry.sales_invoice for entry in elsewhere} - {here}))
	if own and others:
		return filled(_("Row {0} was written anew: part of its charges is on {1} now."), row.idx, others)
	if own:
		return filled(_("Row {0} was written anew: part of its charges is no longer to be billed."), row.idx)
	if others:
		return filled(_("Row {0} was taken off: its charges are on {1} now."), row.idx, others)
	return filled(_("Row {0} was taken off: its charges are no longer to be billed."), row.idx)


def one_below_another(sentences: Sequence[str]) -> str:
	"""Return sentences as HTML, each on a line of its own."""
	return Markup("<br>").join(sentences)


def _say_lost(doc: Document, said: Sequence[str], source: str | None) -> None:
	if not doc.items:
		frappe.throw(
			filled("{0}<br>{1}", _("Nothing is left to bill on this invoice."), one_below_another(said)),
			title=_("Nothing to bill"),
		)
	frappe.msgprint(html(one_below_another(said)), title=_("Lines follow the ledger"), indicator="orange")


def _write_anew(doc: Document, row: Document, retainer: frappe._dict, own: Sequence[frappe._dict]) -> None:
	"""Write a line anew for what is left of its charges, which are of one ticket, kind and rate."""
	own_lines = lines(own)
	with in_language_of(doc.customer):
		values = as_items(retainer, own_lines[:1], doc)[0]
	row.update({field: values[field] for field in ("qty", "rate", "uom", "description")})
	for field in ("discount_percentage", "discount_amount", "margin_rate_or_amount", "price_list_rate"):
		row.set(field, 0)
	row.conversion_factor = row.stock_uom = None
	stamps.put(row, row.timebank_kind, (entry.name for entry in own))


def _check_currency(doc: Document, retainer: frappe._dict) -> None:
	if doc.currency and doc.currency != retainer.currency:
		frappe.throw(
			filled(
				_(
					"The lines of the time bank are in {0}, as retainer {1} is. Set the invoice's currency to {0}."
				),
				retainer.currency,
				retainer.name,
			),
			title=_("Another currency"),
		)
