"""A form that is sent twice is sent once: by a double click, the back button, or a browser that tries again.

The page gives each form a key. Key and content together name a row; the database lets one row of a name be written, also where two workers
get the form at the same moment.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import frappe
from frappe import _

from support_retainer import clock
from support_retainer.portal.access import Visitor

DOCTYPE = "Sent Form"
KEPT_DAYS = 7
# Of these the same twice within ten minutes is one also where a form came without a key
ONCE = ("send", "reply")
MINUTES = 10
POINT = "sent_form"
NOT_CONTENT = ("csrf_token", "form_key", "cmd", "portal_user")


def once(seen: Visitor, name: str, action: Callable[[Visitor], None]) -> None:
	"""Do what a form asks for; when it was done before, lead on to where that led.

	Raises:
	        frappe.Redirect: it was done, now or before.
	"""
	key = _key(seen, name)
	if not key:
		action(seen)
		return
	if not _take(key, name):
		_lead_on(key)
	try:
		action(seen)
	except frappe.Redirect:
		frappe.db.set_value(DOCTYPE, key, "led_to", frappe.flags.redirect_location, update_modified=False)
		raise
	frappe.db.delete(DOCTYPE, {"name": key})  # nothing was done: the page is shown again


def forget_old() -> None:
	"""Scheduler: forget forms that nobody sends again."""
	frappe.db.delete(DOCTYPE, {"creation": ("<", clock.now() - timedelta(days=KEPT_DAYS))})


def _take(key: str, name: str) -> bool:
	"""Write a key's row; False when there is one. Where another worker is writing it, this waits until that one is done."""
	doc = frappe.get_doc({"doctype": DOCTYPE, "user": frappe.session.user, "action": name})
	frappe.db.savepoint(POINT)
	try:
		doc.insert(ignore_permissions=True, set_name=key)  # nobody has a right to these
	except frappe.DuplicateEntryError:
		frappe.db.rollback(save_point=POINT)
		frappe.clear_last_message()
		return False
	return True


def _lead_on(key: str) -> None:
	# locked: what another worker wrote since this transaction began to read
	place = frappe.db.get_value(DOCTYPE, key, "led_to", for_update=True)
	if not place:
		frappe.throw(_("Reload the page, then send it again."))
	frappe.flags.redirect_location = place
	raise frappe.Redirect(303)


def _key(seen: Visitor, name: str) -> str | None:
	given = str(frappe.form_dict.get("form_key") or "")[:140]
	if not given and name in ONCE:
		now = clock.now()
		given = str(now.replace(minute=now.minute - now.minute % MINUTES, second=0, microsecond=0))
	if not given:
		return None
	said = [seen.user, seen.customer, name, given, frappe.request.path, _content(), _files()]
	return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:40]


def _content() -> list:
	"""What was typed: changed and sent again, it is another form. The offers are what was read beside it."""
	form = frappe.request.form
	values = [(key, form.getlist(key)) for key in form] or list(frappe.form_dict.items())
	return sorted(
		[key, value] for key, value in values if key not in NOT_CONTENT and not key.startswith("offer_")
	)


def _files() -> list:
	found = []
	for file in frappe.request.files.getlist("files"):
		found.append([file.filename, hashlib.sha256(file.stream.read()).hexdigest()])
		file.stream.seek(0)
	return found
