"""What jobs could not do, kept in one place of the desk: the sentence, since when, and the next try.

A job that fails writes here instead of in the Error Log alone; when a later try succeeds, the same record is marked Solved.
"""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import strip_html

from support_retainer import clock
from support_retainer.selecting import select

DOCTYPE = "Background Problem"
LONGEST = 1000


def failed(
	key: str,
	what: str,
	error: Exception | str,
	*,
	retainer: str | None = None,
	customer: str | None = None,
	about: tuple[str, str] | None = None,
	next_try: datetime | None = None,
) -> str:
	"""Keep what a job could not do; call it after the job's work was rolled back. The same problem is one record, however often it is met.

	Args:
	        key: what tells this problem from others, such as "close:RET-00001".
	        what: what was to be done, in a few words.
	        error: what stopped it. An error that is no sentence for people goes to the Error Log, and a link to it here.
	        retainer: whose it is.
	        customer: and whose; the retainer's when left out.
	        about: DocType and name of the document it is about.
	        next_try: when it is tried again by itself (naive site time).

	Returns:
	        the record's name.
	"""
	known = isinstance(error, str | frappe.ValidationError | frappe.PermissionError)
	log = None if known else frappe.log_error(title=f"Support Retainer: {strip_html(what)}"[:140])
	if not isinstance(error, str):
		frappe.clear_messages()
	name = frappe.db.get_value(DOCTYPE, {"key": key}, "name", for_update=True)
	doc = frappe.get_doc(DOCTYPE, name) if name else frappe.new_doc(DOCTYPE)
	now = clock.now()
	again = bool(name) and doc.status == "Waiting"
	doc.update(
		{
			"key": key,
			"what": strip_html(what)[:140],
			"why": _sentence(error, known)[:LONGEST],
			"status": "Waiting",
			"retainer": retainer,
			"customer": customer or (retainer and frappe.db.get_value("Retainer", retainer, "customer")),
			"reference_doctype": about and about[0],
			"reference_name": about and about[1],
			"first_on": doc.first_on if again else now,
			"last_on": now,
			"next_try": next_try,
			"tries": (doc.tries or 0) + 1 if again else 1,
			"error_log": log and log.name,
		}
	)
	doc.flags.from_room = True
	doc.flags.ignore_links = True  # what it is about may be what is wrong: deleted, or not saved
	doc.save(ignore_permissions=True)  # written by the job, whoever's it is
	return doc.name


def solved(key: str) -> None:
	"""Mark a problem as done with, where there is one. One query where there is none."""
	found = select(DOCTYPE, {"key": key, "status": "Waiting"}, ("name",)).run(as_dict=True)
	for row in found:
		values = {"status": "Solved", "last_on": clock.now(), "next_try": None}
		frappe.db.set_value(DOCTYPE, row.name, values)


def _sentence(error: Exception | str, known: bool) -> str:
	if known:
		return strip_html(str(error)) or _("It was refused without a word.")
	return _("An error nobody foresaw: {0}. The Error Log has the details for a developer.").format(
		strip_html(str(error)) or type(error).__name__
	)
