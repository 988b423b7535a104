"""Edited rules, office hours and holidays reach tickets that run only when staff ask for it: a preview, then a job."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import background, requests
from support_retainer.core import sla
from support_retainer.tickets import budget, pauses, stamp, store, story
from support_retainer.tickets.rules import rules
from support_retainer.tickets.ticket import TICKET_TYPES

PROGRESS = "support_retainer_recalculate"
COMPARED = ("sla_rule", *stamp.clocks.TIMES)
FIELDS = (*stamp.STAMPS, *stamp.INPUTS, "status")
SHOWN = 10
READ = 500
BATCH = 100


@frappe.whitelist()
@requests.checked
def preview() -> dict:
	"""Return how many running tickets there are, how many would get another promise, and a few of those. Writes nothing.

	Raises:
	        frappe.PermissionError: the user may not write Retainer Settings.
	"""
	_check_allowed()
	running, known = _running(), rules()
	changed = [change for doc in _documents(running) if (change := _recalculated(doc, known))]
	return {"tickets": len(running), "changed": len(changed), "examples": changed[:SHOWN]}


@frappe.whitelist(methods=["POST"])
@requests.checked
def start() -> None:
	"""Begin the job that works every running ticket's promise out anew; it shows its progress to the user.

	Raises:
	        frappe.PermissionError: the user may not write Retainer Settings.
	"""
	_check_allowed()
	frappe.enqueue(
		"support_retainer.tickets.recalculate.run",
		queue="long",
		timeout=3600,
		job_name=PROGRESS,
		user=frappe.session.user,
		enqueue_after_commit=True,
	)


def run(user: str | None = None) -> int:
	"""Work every running ticket's promise out anew from today's rules, hours and holidays; return how many changed.

	Pauses and reached targets are kept. One ticket that fails is logged and stops nothing.
	"""
	running, changed = _running(), 0
	why = _("Recalculated for changed rules, hours or holidays, asked for by {0}").format(
		frappe.utils.get_fullname(user or frappe.session.user)
	)
	for number, (doctype, name) in enumerate(running, 1):
		changed += _recalculate(doctype, name, why)
		if number % BATCH == 0 or number == len(running):
			frappe.publish_progress(
				number * 100 / len(running),
				title=_("Recalculating promises"),
				description=_("{0} of {1} tickets").format(number, len(running)),
			)
			if not frappe.flags.in_test:
				frappe.db.commit()  # a background job; what is done stays done
	return changed


def _check_allowed() -> None:
	requests.check_role_right("Retainer Settings", "write")


def _running() -> list[tuple[str, str]]:
	"""Tickets with a promise and a target that is not reached, oldest first."""
	return [
		(doctype, name)
		for doctype in TICKET_TYPES
		for name in frappe.get_all(
			doctype,
			filters={"sla_rule": ("is", "set"), "status": ("in", budget.OPEN)},
			or_filters=[["assigned_on", "is", "not set"], ["started_on", "is", "not set"]],
			order_by="opening_date, opening_time, name",
			pluck="name",
		)
	]


def _recalculate(doctype: str, name: str, why: str) -> bool:
	frappe.db.savepoint("recalculate")
	try:
		doc = store.locked(doctype, name)
		old = story.snapshot(doc)
		stamp.repromise(doc)
		story.note(doc, old, why)
		written = store.write(doc)
		story.tell(doc)
		return bool(set(written) & set(COMPARED))
	except Exception as error:
		frappe.db.rollback(save_point="recalculate")
		said = _("Recalculate the promise of {0}").format(name)
		background.failed(f"recalculate:{doctype}:{name}", said, error, about=(doctype, name))
		return False


def _documents(running: list[tuple[str, str]]) -> Iterator[Document]:
	"""The tickets as documents, read in two queries for each batch instead of several for each ticket."""
	for start in range(0, len(running), READ):
		for doctype in TICKET_TYPES:
			names = [name for kind, name in running[start : start + READ] if kind == doctype]
			rows = frappe.get_all(doctype, {"name": ("in", names)}, ["name", "subject", "creation", *FIELDS])
			table = frappe.get_all(
				"Ticket Pause",
				{"parenttype": doctype, "parent": ("in", names)},
				["parent", "from_time", "to_time", "status"],
			)
			for row in rows:
				row[pauses.TABLE] = [pause for pause in table if pause.parent == row.name]
				yield frappe.get_doc({"doctype": doctype, **row})


def _recalculated(doc: Document, known: list[sla.Rule]) -> dict | None:
	"""What would change on a ticket, worked out without asking the bank or writing anything."""
	old = {field: str(doc.get(field) or "") for field in COMPARED}
	stamp.repromise(doc, known)
	new = {field: str(doc.get(field) or "") for field in COMPARED}
	if old == new:
		return None
	return {
		"ticket": doc.name,
		"subject": doc.subject,
		**{field: [old[field], new[field]] for field in ("sla_rule", "assign_by", "start_by")},
	}
