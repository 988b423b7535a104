"""Telling customers, through Frappe's own Notification records, which a site may change or switch off.

Each occasion leaves a Retainer Notice of a unique key: the log, and the stamp that keeps it from being told twice. Periods are told
of on the period itself, so that a Notification can attach its statement; all else on the notice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, get_datetime

from support_retainer import background, clock, contracts, people
from support_retainer.paper import occasions
from support_retainer.paper.occasions import PERIOD, Occasion
from support_retainer.paper.statement import Statement, statement
from support_retainer.words import hours, in_language_of, money

DOCTYPE = "Retainer Notice"
METHODS = {
	"Period Opened": "support_retainer_period_opened",
	"Period Closed": "support_retainer_period_closed",
	"Bank Used": "support_retainer_bank_used",
}
WAITING = ("Waiting for Answer", "Proposed")
COPIED = (
	"kind",
	"key",
	"customer",
	"retainer",
	"period",
	"title",
	"text",
	"url",
	"question_kind",
	"percent",
	"hours",
	"valid_until",
	"reference_doctype",
	"reference_name",
)


def begin() -> None:
	"""Note from when on customers are written to: the first time the app is set up with this. Nothing older is told of."""
	if not since():
		frappe.db.set_single_value("Retainer Settings", "notices_since", clock.now())


def since() -> datetime | None:
	"""Return from when on customers are written to."""
	found = contracts.settings().notices_since
	return get_datetime(found) if found else None


def tell_soon(doc: Document, method: str | None = None) -> None:
	"""Let customers be told in a moment, rather than at the scheduler's next round, when something waits for them."""
	if doc.doctype == "Timebank Closing" or doc.get("status") in WAITING:
		frappe.enqueue(
			"support_retainer.paper.tell_due",
			job_id="support_retainer_tell_due",
			deduplicate=True,
			enqueue_after_commit=True,
		)


def tell_due() -> int:
	"""Scheduler: tell customers all that they have not been told. May run again, or twice at once, at any time.

	Returns:
	        how many notices were written.
	"""
	start, count = since(), 0
	for occasion in occasions.due(start) if start else ():
		count += _tell(occasion)
		if not frappe.flags.in_test:
			frappe.db.commit()  # a background job, not a request: what was told stays told
	return count


def _tell(occasion: Occasion) -> bool:
	frappe.db.savepoint("tell")
	try:
		with in_language_of(occasion.customer) as language:
			notice = _log(occasion, language)
			if occasion.kind in METHODS and not occasion.passed_over:
				_run(occasion, notice)
	except frappe.UniqueValidationError:  # another run was faster
		frappe.db.rollback(save_point="tell")
		frappe.clear_last_message()
		return False
	except Exception as error:
		frappe.db.rollback(save_point="tell")
		said = _("Tell {0}: {1}").format(occasion.customer, _(occasion.kind))
		again = clock.now() + timedelta(minutes=10)
		background.failed(f"tell:{occasion.key}", said, error, customer=occasion.customer, next_try=again)
		return False
	background.solved(f"tell:{occasion.key}")
	return True


def _log(occasion: Occasion, language: str) -> Document:
	emails = people.contacts_of(occasion.customer)
	doc = frappe.new_doc(DOCTYPE)
	doc.update({field: getattr(occasion, field) for field in COPIED})
	doc.title = occasion.title or _heading(occasion)
	doc.contact_emails = ",".join(emails)
	doc.set("recipients", [{"email": email} for email in emails])
	doc.language = language
	doc.status = "Passed Over" if occasion.passed_over else "Told" if emails else "No Address"
	doc.flags.from_room = True
	doc.insert(ignore_permissions=True)  # a log that nobody may write by hand
	return doc


def _heading(occasion: Occasion) -> str:
	"""Return what the log calls something that the mail has no title for: whose time, in figures that need no language."""
	if occasion.valid_until:
		return f"{occasion.hours} · {format_date(occasion.valid_until)}"
	dates = frappe.db.get_value(PERIOD, occasion.period, ["from_date", "to_date"])
	text = " – ".join(format_date(each) for each in dates)
	return f"{occasion.percent:g} % · {text}" if occasion.percent else text


def _run(occasion: Occasion, notice: Document) -> None:
	# Frappe sends each notification once for a document object; each occasion has its own.
	doc = frappe.get_doc(PERIOD, occasion.period)
	doc.set("contact_emails", notice.contact_emails)
	doc.flags.notice = _figures(statement(occasion.period)) | {
		"lang": notice.language[:2],
		"percent": f"{occasion.percent:g} %",
		"url": occasion.url,
	}
	doc.run_notifications(METHODS[occasion.kind])


def _figures(it: Statement) -> frappe._dict:
	"""Return what a mail says of a period, in words. The caller speaks the customer's language."""
	gone = {step.kind: hours(-step.seconds) for step in it.gone}
	return frappe._dict(
		dates=f"{format_date(it.period.from_date)} – {format_date(it.period.to_date)}",
		from_date=format_date(it.period.from_date),
		to_date=format_date(it.period.to_date),
		available=hours(it.available),
		drawn=hours(it.drawn),
		left=hours(it.balance),
		overage=hours(it.overage) if it.overage else "",
		cost=money(it.total, it.currency),
		held=money(it.held, it.currency) if it.held else "",
		expired=gone.get("Expiry", ""),
		carried=gone.get("Carry Out", ""),
		has_bank=it.has_bank,
	)
