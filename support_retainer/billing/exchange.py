"""An invoice's exchange rate is that of its date, also when ERPNext moves the date of a draft along."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import flt, getdate

from support_retainer import clock

RATES = ("conversion_rate", "plc_conversion_rate")


def follow_date(doc: Document) -> None:
	"""Have ERPNext look up the exchange rates of a stored draft anew when its date moves; one set with the new date stays."""
	if doc.is_new():
		return
	stored = frappe.db.get_value(doc.doctype, doc.name, ("posting_date", "docstatus", *RATES), as_dict=True)
	moved_to = getdate(doc.posting_date) if doc.set_posting_time else clock.today()
	if not stored or stored.docstatus or getdate(stored.posting_date) == moved_to:
		return
	for field in RATES:
		if flt(doc.get(field)) == flt(stored.get(field)):
			doc.set(field, 0)  # ERPNext looks up what is missing, for the date the invoice has then
