"""Telling people, through Frappe's own Notification records, which a site may change or switch off."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import format_datetime

METHODS = {"at_risk": "support_retainer_at_risk", "breached": "support_retainer_breached"}


def tell(doc: Document, happened: list[tuple[str, str]]) -> None:
	"""Send the notifications for what happened to a ticket; of a target both at risk and breached, the breach alone.

	A template that fails is logged and stops nothing.
	"""
	breached = {name for name, kind in happened if kind == "breached"}
	for name, kind in happened:
		if kind == "at_risk" and name in breached:
			continue
		frappe.db.savepoint("notify")
		try:
			_send(doc, name, kind)
		except Exception:
			frappe.db.rollback(save_point="notify")
			frappe.log_error(title=f"Support Retainer: notification for {doc.name} failed")


def _send(doc: Document, name: str, kind: str) -> None:
	# Frappe sends each notification once for a document object; each target is its own occasion.
	doc = frappe.get_doc(doc.doctype, doc.name)
	doc.flags.escalation = frappe._dict(
		target=name,
		kind=kind,
		lang=(frappe.db.get_single_value("System Settings", "language") or "en")[:2],
		by=format_datetime(doc.get(f"{name}_by")),
		on=format_datetime(doc.get(f"{name}_{kind}_on")),
		url=frappe.utils.get_url_to_form(doc.doctype, doc.name),
	)
	doc.run_notifications(METHODS[kind])
