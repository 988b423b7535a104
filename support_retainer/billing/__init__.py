"""Billing: from booked time to charges, and from charges to Sales Invoices. This room alone touches invoices."""

from support_retainer.billing.api import (
	adjust,
	approve_overage,
	charge_after_all,
	charge_now,
	close_periods,
	decline_overage,
	not_charge,
	reopen_period,
	reprice,
	top_up,
)
from support_retainer.billing.audit import audit, report_audit, weekly_audit
from support_retainer.billing.closing import close_due, close_retainer, invoice_due
from support_retainer.billing.draft import follow_retainer
from support_retainer.billing.explain import derivation_of
from support_retainer.billing.invoice_events import (
	before_invoice_validate,
	on_invoice_cancel,
	on_invoice_submit,
	on_invoice_trash,
	on_invoice_update,
	on_invoice_validate,
)
from support_retainer.billing.lines import lines, quantity
from support_retainer.billing.outside import on_no_contract
from support_retainer.billing.overage import approve, decline, held_entries
from support_retainer.billing.refusals import reasons as refused_drafts
from support_retainer.billing.stamps import entries_on
from support_retainer.billing.terms import terms as pricing_terms
from support_retainer.billing.timesheet_events import (
	before_timesheet_cancel,
	before_timesheet_submit,
	before_timesheet_update,
	before_timesheet_validate,
	on_timesheet_cancel,
	on_timesheet_submit,
	on_timesheet_validate,
)
from support_retainer.billing.worth import Span, worth

__all__ = [
	"Span",
	"adjust",
	"approve",
	"approve_overage",
	"audit",
	"before_invoice_validate",
	"before_timesheet_cancel",
	"before_timesheet_submit",
	"before_timesheet_update",
	"before_timesheet_validate",
	"charge_after_all",
	"charge_now",
	"close_due",
	"close_periods",
	"close_retainer",
	"decline",
	"decline_overage",
	"derivation_of",
	"entries_on",
	"follow_retainer",
	"held_entries",
	"invoice_due",
	"lines",
	"not_charge",
	"on_invoice_cancel",
	"on_invoice_submit",
	"on_invoice_trash",
	"on_invoice_update",
	"on_invoice_validate",
	"on_no_contract",
	"on_timesheet_cancel",
	"on_timesheet_submit",
	"on_timesheet_validate",
	"pricing_terms",
	"quantity",
	"refused_drafts",
	"reopen_period",
	"report_audit",
	"reprice",
	"top_up",
	"weekly_audit",
	"worth",
]
