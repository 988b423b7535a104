"""Payment Terms Template: when which part of an invoice falls due."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt


class PaymentTermsTemplate(Document):
	def validate(self) -> None:
		if flt(sum(flt(term.invoice_portion) for term in self.terms), 2) != 100.00:
			frappe.msgprint(_("Combined invoice portion must equal 100%"), raise_exception=1, indicator="red")
		seen = set()
		for term in self.terms:
			key = (term.credit_days, term.credit_months, term.due_date_based_on)
			if key in seen:
				frappe.msgprint(
					_("The Payment Term at row {0} is possibly a duplicate.").format(term.idx),
					raise_exception=1,
					indicator="red",
				)
			seen.add(key)
