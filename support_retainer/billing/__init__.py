"""Billing: from booked time to charges, and from charges to Sales Invoices. This room alone touches invoices."""

from support_retainer.billing.invoice_events import (
	on_invoice_cancel,
	on_invoice_submit,
	on_invoice_trash,
	on_invoice_validate,
)
from support_retainer.billing.timesheet_events import (
	before_timesheet_cancel,
	before_timesheet_submit,
	on_timesheet_cancel,
	on_timesheet_submit,
	on_timesheet_validate,
)

__all__ = [
	"before_timesheet_cancel",
	"before_timesheet_submit",
	"on_invoice_cancel",
	"on_invoice_submit",
	"on_invoice_trash",
	"on_invoice_validate",
	"on_timesheet_cancel",
	"on_timesheet_submit",
	"on_timesheet_validate",
]
