"""An invoice's exchange rate, and its due date, are those of its date, also when ERPNext moves the date of a draft along."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import flt, getdate

from support_retainer import clock

RATES = ("conversion_rate", "plc_conversion_rate")


def follow_date(doc: Document) -> None:
	"""Have ERPNext look up the exchange rates of a stored draft anew when its date moves; one set with the new date stays.

	A due date that would lie before the invoice is asked for anew, too: ERPNext refuses it, also where nobody is there to correct it.
	"""
	if doc.is_new():
		return
	fields = ("posting_date", "due_date", "docstatus", *RATES)
	stored = frappe.db.get_value(doc.doctype, doc.name, fields, as_dict=True)
	moved_to = getdate(doc.posting_date) if doc.set_posting_time else clock.today()
	if not stored or stored.docstatus or getdate(stored.posting_date) == moved_to:
		return
	for field in RATES:
		if flt(doc.get(field)) == flt(stored.get(field)):
			doc.set(field, 0)  # ERPNext looks up what is missing, for the date the invoice has then
	is_as_stored = doc.due_date and stored.due_date and getdate(doc.due_date) == getdate(stored.due_date)
	if is_as_stored and getdate(doc.due_date) < moved_to:
		doc.due_date, doc.payment_schedule = None, []
