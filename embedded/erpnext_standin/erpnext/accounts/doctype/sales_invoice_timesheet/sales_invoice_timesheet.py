"""Sales Invoice Timesheet: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class SalesInvoiceTimesheet(Document):
	pass
