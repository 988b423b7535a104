"""Terms that change from a date on: each version is kept, and the past is charged by the terms it had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate

from support_retainer import clock
from support_retainer.changed import has_changed
from support_retainer.contracts.ledger import has_history
from support_retainer.selecting import select
from support_retainer.words import bold, filled

DOCTYPE = "Retainer Terms"
VERSIONED = (
	"hours_per_period",
	"prorate",
	"carry_over",
	"carry_over_periods",
	"carry_over_cap_hours",
	"hourly_rate",
	"retainer_fee",
	"fee_billing",
	"overage_policy",
	"surcharge_settlement",
	"project_management_percent",
	"increment_minutes",
	"rounding_scope",
)


def terms_versions(retainer: str) -> list[frappe._dict]:
	"""Return the versions of a retainer's terms, oldest first; none while they have never changed."""
	return select(DOCTYPE, {"retainer": retainer}, ("from_date", *VERSIONED), "from_date").run(as_dict=True)


def terms_on(
	retainer: frappe._dict, day: date, versions: Sequence[frappe._dict] | None = None
) -> frappe._dict:
	"""Return a retainer's row with the terms that apply on a day.

	Args:
	        retainer: the row as it stands.
	        day: the day of the work, or the first of the period.
	        versions: what `terms_versions` returned, when asked for many days.
	"""
	versions = terms_versions(retainer.name) if versions is None else versions
	if not versions:
		return retainer
	valid = [version for version in versions if getdate(version.from_date) <= day] or versions[:1]
	row = frappe._dict(retainer.as_dict() if isinstance(retainer, Document) else retainer)
	row.update({field: valid[-1][field] for field in VERSIONED})
	return row


def record_terms(doc: Document) -> None:
	"""Keep a saved retainer's changed terms as a version from their date on, and the old ones as the version before.

	Raises:
	        frappe.ValidationError: the date lies in a closed period, or before terms agreed already.
	"""
	before = doc.get_doc_before_save()
	if not before or not any(has_changed(doc, field) for field in VERSIONED):
		return
	since, found = getdate(doc.terms_from or clock.today()), terms_versions(doc.name)
	is_later = bool(doc.terms_from) and since > getdate(doc.start_date)
	if doc.terms_from:
		doc.db_set("terms_from", None, update_modified=False)
	if not has_history(doc.name) and not found and not is_later:
		return
	_check_date(doc, since, found)
	_say_what_stays(doc, since)
	doc.flags.terms_since = since
	if not found:
		_write(before, getdate(doc.start_date))
	_write(doc, max(since, getdate(doc.start_date)))


def _check_date(doc: Document, since: date, found: list[frappe._dict]) -> None:
	closed = frappe.get_all(
		"Timebank Period",
		filters={"retainer": doc.name, "status": "Closed"},
		order_by="to_date desc",
		limit=1,
		pluck="to_date",
	)
	if closed and since <= getdate(closed[0]):
		frappe.throw(
			filled(
				_("{0} is closed until {1}. Let the new terms apply from a later day, or reopen the period."),
				bold(doc.name),
				format_date(closed[0]),
			),
			title=_("The past keeps its terms"),
		)
	if found and since < getdate(found[-1].from_date):
		frappe.throw(
			filled(
				_("{0} has terms agreed from {1} on. Let the change apply from that day or a later one."),
				bold(doc.name),
				format_date(found[-1].from_date),
			),
			title=_("The past keeps its terms"),
		)


def _say_what_stays(doc: Document, since: date) -> None:
	filters = {
		"retainer": doc.name,
		"occurred_on": (">=", since),
		"timesheet": ("is", "set"),
		"is_reversed": 0,
	}
	sheets = sorted(set(frappe.get_all("Timebank Entry", filters=filters, pluck="timesheet")))
	if sheets:
		frappe.msgprint(
			filled(
				_(
					"Time from {0} on is charged by the earlier terms already: {1}. Amend it to charge it anew."
				),
				format_date(since),
				", ".join(sheets),
			)
		)


def _write(source: Document, since: date) -> None:
	name = f"{source.name}-{since:%Y-%m-%d}"
	version = frappe.get_doc(DOCTYPE, name) if frappe.db.exists(DOCTYPE, name) else frappe.new_doc(DOCTYPE)
	version.update({"retainer": source.name, "from_date": since, "currency": source.currency})
	version.update({field: source.get(field) for field in VERSIONED})
	version.flags.from_room = True
	version.save(ignore_permissions=True)  # whoever may change the retainer changes its terms with it
