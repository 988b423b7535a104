"""The close of periods as background jobs, one for each retainer, and the invoices that follow from it."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _

from support_retainer import background, clock, contracts, timebank
from support_retainer.billing import draft, refusals, sheets
from support_retainer.words import plain

TRANSIENT = refusals.TRANSIENT


def close_due() -> None:
	"""Scheduler: queue a job for every retainer with a period to close. Those queued already are not queued again."""
	for name in timebank.due_retainers(clock.today()):
		queue_close(name)


def queue_close(retainer: str, after_days: int | None = None) -> None:
	"""Queue the close of one retainer's due periods, unless that is queued already."""
	frappe.enqueue(
		"support_retainer.billing.close_retainer",
		queue="long",
		job_id=f"support_retainer_close_{retainer}",
		deduplicate=True,
		enqueue_after_commit=True,
		retainer=retainer,
		after_days=after_days,
	)


def close_retainer(retainer: str, after_days: int | None = None) -> list[str]:
	"""Job: close every due period of one retainer in order, and invoice them. May run again at any time.

	What cannot be done is undone, written in the closing report with its reason, and left for the next run.

	Args:
	        retainer: its name.
	        after_days: close so many days after a period's end; None: as the settings say.

	Returns:
	        the periods that were closed.
	"""
	row = timebank.lock(retainer)
	if row.status != "Draft" and not _open_periods(row):
		return []
	due, closed = timebank.due_periods(retainer, clock.today(), after_days), []
	for number, name in enumerate(due, start=1):
		if not _close(row, name):
			break
		closed.append(name)
		_show_progress(retainer, number, len(due))
	if row.end_date and not frappe.db.exists("Timebank Period", {"retainer": retainer, "status": "Open"}):
		contracts.mark_ended(retainer)
	return closed


def invoice_due() -> None:
	"""Scheduler: put on drafts what is to be billed and on no invoice: fees, what a deleted or cancelled one let go, what was refused."""
	waiting = frappe.get_all(
		"Timebank Entry",
		filters={
			"billing_status": "To Bill",
			"is_reversed": 0,
			"sales_invoice": ("is", "not set"),
			"amount": ("!=", 0),
		},
		fields=["retainer", "period"],
		distinct=True,
		order_by="retainer, period",
	)
	periods = {(found.retainer, found.period) for found in waiting} | refusals.waiting_periods()
	for retainer, period in sorted(periods):
		draft.bring_up_to_date(timebank.lock(retainer), period)


def _open_periods(row: frappe._dict) -> bool:
	frappe.db.savepoint("open_periods")
	try:
		timebank.ensure_periods(row.name, clock.today())
	except TRANSIENT:
		raise
	except Exception as error:
		frappe.db.rollback(save_point="open_periods")
		_report(row, None, problem=_("Its periods could not be opened: {0}").format(_sentence(error)))
		return False
	return True


def _close(row: frappe._dict, name: str) -> bool:
	frappe.db.savepoint("close_period")
	try:
		done = timebank.close_period(name)
	except TRANSIENT:
		raise  # the queue runs the whole job again
	except Exception as error:
		frappe.db.rollback(save_point="close_period")
		_report(row, name, problem=_sentence(error))
		return False
	if done:
		_follow_debts(done)
		invoice, problem = _invoice(row, name)
		_report(row, name, happened=" ".join(done.sentences()), problem=problem, invoice=invoice)
	return True


def _follow_debts(done: timebank.Closed) -> None:
	if done.billed_debts:
		entries = timebank.entries_of(name=("in", done.billed_debts))
		sheets.follow_ledger({entry.timesheet_detail for entry in entries})


def _invoice(row: frappe._dict, name: str) -> tuple[str | None, str]:
	"""Bring the closed period's invoice up to date; return its name, or why that could not be done, or not all of it."""
	outcome = draft.attempt(row, name)
	if not outcome.problem:
		return outcome.invoice, ""
	if outcome.invoice:
		return outcome.invoice, _("{0} stays a draft: {1}").format(outcome.invoice, outcome.problem)
	return None, _("The invoice could not be made: {0}").format(outcome.problem)


def _report(
	row: frappe._dict, name: str | None, happened: str = "", problem: str = "", invoice: str | None = None
) -> None:
	"""Write the closing report, but not the same failure day after day."""
	last = frappe.get_all(
		"Timebank Closing",
		filters={"retainer": row.name, "period": name or ("is", "not set")},
		order_by="creation desc",
		limit=1,
		pluck="problem",
	)
	_keep_problem(row, name, "" if happened else problem)  # an invoice that waits is kept by itself
	if problem and not happened and last == [problem]:
		return
	timebank.log(row, name, "Close", happened=happened, problem=problem, sales_invoice=invoice)


def _keep_problem(row: frappe._dict, name: str | None, problem: str) -> None:
	"""The desk's one list of what jobs could not do has the closes too."""
	if not problem:
		background.solved(f"close:{row.name}")
		return
	said = _("Close {0}").format(name) if name else _("Open the periods of {0}").format(row.name)
	about = ("Timebank Period", name) if name else None
	again = clock.now() + timedelta(days=1)
	background.failed(f"close:{row.name}", said, problem, retainer=row.name, about=about, next_try=again)


def _sentence(error: Exception) -> str:
	frappe.clear_messages()
	frappe.log_error(title="Support Retainer: a period could not be closed")
	return plain(error) or type(error).__name__


def _show_progress(retainer: str, done: int, total: int) -> None:
	frappe.publish_progress(
		100 * done / total,
		title=_("Closing periods"),
		doctype="Retainer",
		docname=retainer,
		description=_("{0} of {1} periods closed").format(done, total),
	)
