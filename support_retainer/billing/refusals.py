"""What ERPNext refuses of an invoice: undone, said where managers look, and tried again each hour. The work itself is never held up by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import frappe
from frappe import _

from support_retainer import background, clock, people
from support_retainer.words import filled, plain

TRANSIENT = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)
PROBLEM = background.DOCTYPE


@dataclass(slots=True)
class Outcome:
	"""What came of a draft: the invoice's name, if there is one, and why ERPNext refused it, or to submit it."""

	invoice: str | None = None
	problem: str = ""


def key_of(period: str) -> str:
	"""Return the key of the problem with a period's draft."""
	return f"invoice:{period}"


@contextmanager
def kept(outcome: Outcome, retainer: frappe._dict, period: str, what: str) -> Iterator[None]:
	"""Undo whatever is refused inside, to the last row and message, and keep why; the caller goes on.

	A deadlock or a timeout passes: the database has undone more than this by then.
	"""
	point = f"invoice_{frappe.generate_hash(length=8)}"
	messages, callbacks = len(frappe.local.message_log), _callbacks()
	frappe.db.savepoint(point)
	try:
		yield
	except TRANSIENT:
		raise
	except Exception as error:
		frappe.db.rollback(save_point=point)
		frappe.local.document_cache = {}
		outcome.problem = _sentence(error, frappe.local.message_log[messages:])
		while len(_callbacks()) > len(callbacks):
			frappe.db.after_commit._functions.pop()
		said = frappe.local.message_log[:messages]
		_keep(error, outcome.problem, retainer, period, what)
		frappe.local.message_log = said


def waiting_periods() -> set[tuple[str, str]]:
	"""Return retainer and period of every draft that was refused and is to be tried again."""
	filters = {"key": ("like", "invoice:%"), "status": "Waiting"}
	rows = frappe.get_all(PROBLEM, filters, ["retainer", "reference_name"])
	return {(row.retainer, row.reference_name) for row in rows}


def reasons(periods: list[str]) -> dict[str, str]:
	"""Return why the drafts of periods wait, by period, where they do."""
	filters = {"key": ("in", [key_of(period) for period in periods] or [""]), "status": "Waiting"}
	return {
		row.reference_name: row.why for row in frappe.get_all(PROBLEM, filters, ["reference_name", "why"])
	}


def check_customer(customer: str) -> None:
	"""Refuse a draft that ERPNext would refuse sooner or later, whoever asks for it.

	Raises:
	        frappe.ValidationError: the customer is disabled or frozen.
	"""
	disabled, frozen = frappe.db.get_value("Customer", customer, ("disabled", "is_frozen")) or (0, 0)
	if disabled:
		frappe.throw(
			filled(
				_("Customer {0} is disabled. Enable it, and the invoice follows within the hour."), customer
			)
		)
	if frozen:
		frappe.throw(
			filled(
				_("Customer {0} is frozen. Unfreeze it, and the invoice follows within the hour."), customer
			)
		)


def _keep(error: Exception, sentence: str, retainer: frappe._dict, period: str, what: str) -> None:
	known = isinstance(error, frappe.ValidationError | frappe.PermissionError)
	filters = {"key": ("like", "invoice:%"), "retainer": retainer.name, "status": "Waiting"}
	before = set(frappe.get_all(PROBLEM, filters, pluck="why"))
	name = background.failed(
		key_of(period),
		what,
		sentence if known else error,
		retainer=retainer.name,
		about=("Timebank Period", period),
		next_try=clock.now() + timedelta(hours=1),
	)
	why = frappe.db.get_value(PROBLEM, name, "why")
	if why not in before:
		_tell_managers(retainer, why, name)


def _tell_managers(retainer: frappe._dict, why: str, problem: str) -> None:
	"""Tell each Retainer Manager, once for each retainer and reason."""
	subject = str(filled(_("An invoice to {0} waits: {1}"), retainer.customer, why))
	people.tell_managers(subject, PROBLEM, problem)


def _sentence(error: Exception, messages: list) -> str:
	"""Return why, for people. ERPNext names missing fields in messages alone."""
	if isinstance(error, frappe.MandatoryError):
		said = [plain(frappe.parse_json(message).get("message")) for message in messages]
		if said:
			return " ".join(said)
	return plain(error) or type(error).__name__


def _callbacks() -> list:
	return list(getattr(frappe.db.after_commit, "_functions", ()))
