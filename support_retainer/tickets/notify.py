"""Telling people, through Frappe's own Notification records, which a site may change or switch off."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from support_retainer import background
from support_retainer.words import moment

METHODS = {"at_risk": "support_retainer_at_risk", "breached": "support_retainer_breached"}


def tell(doc: Document, happened: list[tuple[str, str]]) -> None:
	"""Send one notification for what is breached on a ticket, and one for what is at risk and no worse.

	A template that fails is logged and stops nothing.
	"""
	late = [name for name, kind in happened if kind == "breached"]
	risky = [name for name, kind in happened if kind == "at_risk" and name not in late]
	for kind, names in (("breached", late), ("at_risk", risky)):
		if not names:
			continue
		frappe.db.savepoint("notify")
		try:
			_send(doc, kind, names)
		except Exception as error:
			frappe.db.rollback(save_point="notify")
			said = _("Tell staff that {0} is late or at risk").format(doc.name)
			background.failed(
				f"notify:{doc.doctype}:{doc.name}:{kind}", said, error, about=(doc.doctype, doc.name)
			)


def _send(doc: Document, kind: str, names: list[str]) -> None:
	# Frappe sends each notification once for a document object; each occasion has its own.
	doc = frappe.get_doc(doc.doctype, doc.name)
	doc.flags.escalation = frappe._dict(
		kind=kind,
		lang=(frappe.db.get_single_value("System Settings", "language") or "en")[:2],
		url=frappe.utils.get_url_to_form(doc.doctype, doc.name),
		targets=[
			frappe._dict(
				target=name,
				by=moment(doc.get(f"{name}_by")),
				on=moment(doc.get(f"{name}_{kind}_on")),
			)
			for name in names
		],
	)
	doc.run_notifications(METHODS[kind])
