"""Retainers: the terms a new one starts with, and what must be true before one is saved.

Every check raises a sentence that says what to change. They run before anything is written.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, format_date, getdate

from support_retainer import clock
from support_retainer.changed import has_changed
from support_retainer.contracts.bounds import RETAINER, check_bounds
from support_retainer.contracts.currency import check_currency
from support_retainer.contracts.ledger import has_history
from support_retainer.contracts.moves import check_move
from support_retainer.contracts.retainer_settings import require_settings, settings
from support_retainer.contracts.rules import hours_to_seconds
from support_retainer.words import bold, filled

TERMS = ("increment_minutes", "project_management_percent", "estimate_threshold_hours")
SETTLED = ("customer", "company", "currency", "period", "mode", "start_date")
READINESS = ("takeover_completed_on", "maintenance_subscription", "maintenance_waived_because")
VALUES = tuple(RETAINER)
YEARS_BACK, YEARS_AHEAD = 20, 50
RUNNING_SUBSCRIPTION = ("Trialling", "Active", "Past Due Date")


def fill_in_terms(doc: Document) -> None:
	"""Give a new retainer the settings' terms, and the customer's or company's currency, where it has none.

	A given 0 is kept: only what is not given is filled in.
	"""
	if not doc.is_new():
		return
	for field in TERMS:
		if doc.get(field) in (None, ""):
			doc.set(field, settings().get(field))
	doc.currency = (
		doc.currency
		or (doc.customer and frappe.get_cached_value("Customer", doc.customer, "default_currency"))
		or (doc.company and frappe.get_cached_value("Company", doc.company, "default_currency"))
	)


def validate_retainer(doc: Document) -> None:
	"""Refuse a contract that contradicts itself, its company, its customer or its past.

	Raises:
	        frappe.ValidationError: says what to change.
	"""
	if not (doc.customer and doc.company and doc.start_date and doc.currency):
		return  # Frappe names the fields that are missing
	check_move(doc)
	_check_past(doc)
	if _changed(doc, "start_date", "end_date"):
		_check_dates(doc)
	# what was fine when it was agreed must never stand in the way of an end or a pause
	if _changed(doc, "mode", *VALUES):
		_check_terms(doc)
	if doc.mode == "With Timebank" and _changed(doc, "mode", *VALUES, "fee_billing", "carry_over"):
		_check_timebank(doc)
	if _changed(doc, "customer", "company", "currency"):
		check_currency(doc.customer, doc.company, doc.currency)
	if _changed(doc, "customer", "company", "project", "cost_center"):
		_check_accounts(doc)
	_note_pause(doc)
	if doc.status == "Active":
		_check_ready(doc)
	if doc.status != "Draft" and _changed(doc, "customer", "company", "status", "start_date", "end_date"):
		_check_alone(doc)


def _note_pause(doc: Document) -> None:
	if doc.status != "Paused":
		doc.paused_on = None
	elif not doc.paused_on:
		doc.paused_on = clock.today()


def _changed(doc: Document, *fields: str) -> bool:
	return any(has_changed(doc, field) for field in fields)


def _check_past(doc: Document) -> None:
	changed = [field for field in SETTLED if not doc.is_new() and has_changed(doc, field)]
	if changed and has_history(doc.name):
		frappe.throw(
			filled(
				_("{0} has a ledger, so {1} cannot change. End this retainer and make a new one."),
				bold(doc.name),
				", ".join(_(doc.meta.get_label(field)) for field in changed),
			)
		)


def _check_dates(doc: Document) -> None:
	if doc.end_date and getdate(doc.end_date) < getdate(doc.start_date):
		frappe.throw(_("The end date is before the start date. Correct one of them."))
	for field in ("start_date", "end_date"):
		if not doc.get(field) or not _changed(doc, field):
			continue
		years = getdate(doc.get(field)).year - clock.today().year
		if not -YEARS_BACK <= years <= YEARS_AHEAD:
			frappe.throw(
				filled(
					_("{0} is {1}. Check the year."),
					_(doc.meta.get_label(field)),
					format_date(doc.get(field)),
				)
			)


def _check_terms(doc: Document) -> None:
	check_bounds(
		doc, RETAINER, [field for field in VALUES if _changed(doc, field) and not flt(doc.get(field)) <= 0]
	)
	if flt(doc.hourly_rate) <= 0:
		frappe.throw(_("Enter an hourly rate above zero."))
	if cint(doc.increment_minutes) <= 0:
		frappe.throw(_("Time is charged per started interval: give at least 1 minute."))
	if flt(doc.project_management_percent) < 0:
		frappe.throw(_("Project management cannot be below 0 %."))
	if flt(doc.estimate_threshold_hours) < 0:
		frappe.throw(_("The hours from which an estimate is needed cannot be below zero."))
	if flt(doc.retainer_fee) < 0:
		frappe.throw(_("The fee cannot be below zero."))


def _check_timebank(doc: Document) -> None:
	if hours_to_seconds(flt(doc.hours_per_period)) <= 0:
		frappe.throw(_("Enter the hours per period, above zero, or choose the mode Without Timebank."))
	if doc.fee_billing != "Not Billed" and not flt(doc.retainer_fee):
		frappe.throw(_("Enter the fee per period, or set Fee Billing to Not Billed."))
	if doc.carry_over == "Periods" and cint(doc.carry_over_periods) <= 0:
		frappe.throw(_("Enter for how many periods unused time carries over, or choose another Carry Over."))
	if flt(doc.carry_over_cap_hours) < 0:
		frappe.throw(_("The cap on hours carried over cannot be below zero. 0 means no cap."))


def _check_accounts(doc: Document) -> None:
	if doc.project:
		project = frappe.get_cached_doc("Project", doc.project)
		if project.company and project.company != doc.company:
			_refuse_foreign("project", doc.project, project.company)
		if project.customer and project.customer != doc.customer:
			_refuse_foreign("project", doc.project, project.customer)
	if doc.cost_center:
		cost_center = frappe.get_cached_doc("Cost Center", doc.cost_center)
		if cost_center.company != doc.company:
			_refuse_foreign("cost_center", doc.cost_center, cost_center.company)
		if cost_center.is_group:
			frappe.throw(
				filled(_("{0} is a group of cost centers. Choose one inside it."), bold(doc.cost_center))
			)


def _refuse_foreign(field: str, name: str, owner: str) -> None:
	label = _(frappe.get_meta("Retainer").get_label(field))
	frappe.throw(filled(_("{0} {1} belongs to {2}. Choose another."), label, bold(name), bold(owner)))


def _check_ready(doc: Document) -> None:
	"""Before support: the site taken over, and under maintenance. Judged when the retainer becomes active."""
	if not _changed(doc, "status", *READINESS):
		return
	if not doc.takeover_completed_on:
		frappe.throw(_("Support begins after the take-over. Enter when it was completed, then activate."))
	if getdate(doc.takeover_completed_on) > max(clock.today(), getdate(doc.start_date)):
		frappe.throw(_("The take-over is not completed yet. Activate the retainer when it is."))
	if doc.maintenance_subscription:
		_check_subscription(doc)
	elif not (doc.maintenance_waived_because or "").strip():
		frappe.throw(
			_("Support comes with maintenance. Choose the subscription, or write why maintenance is waived.")
		)
	require_settings()


def _check_subscription(doc: Document) -> None:
	found = frappe.db.get_value(
		"Subscription",
		doc.maintenance_subscription,
		["party_type", "party", "company", "status"],
		as_dict=True,
	)
	name = bold(doc.maintenance_subscription)
	if found.party_type != "Customer" or found.party != doc.customer:
		frappe.throw(
			filled(_("Subscription {0} is of {1}. Choose one of {2}."), name, found.party, doc.customer)
		)
	if found.company and found.company != doc.company:
		frappe.throw(
			filled(_("Subscription {0} is of {1}. Choose one of {2}."), name, found.company, doc.company)
		)
	if found.status not in RUNNING_SUBSCRIPTION:
		frappe.throw(
			filled(
				_("Subscription {0} is not running ({1}). Choose a running one, or write why it is waived."),
				name,
				_(found.status or ""),
			)
		)


def _check_alone(doc: Document) -> None:
	"""One retainer of a customer and company at a time; an ended one counts for the days it ran."""
	# The customer's row is locked first: two activations at once would each see no other.
	frappe.db.get_value("Customer", doc.customer, "name", for_update=True)
	others = frappe.db.get_values(
		"Retainer",
		{
			"customer": doc.customer,
			"company": doc.company,
			"status": ("in", ("Active", "Paused", "Ended")),
			"name": ("!=", doc.name),
		},
		["name", "start_date", "end_date"],
		as_dict=True,
		for_update=True,
	)
	for other in others:
		if overlap(doc, other):
			frappe.throw(
				filled(
					_(
						"{0} already has retainer {1} from {2} to {3}. End that one first, or choose dates outside it."
					),
					bold(doc.customer),
					bold(other.name),
					format_date(other.start_date),
					format_date(other.end_date) if other.end_date else _("further notice"),
				),
				title=_("Overlapping retainers"),
			)


def overlap(one: Document | frappe._dict, other: frappe._dict) -> bool:
	"""Return whether two retainers share a day."""
	return not (
		(one.end_date and getdate(one.end_date) < getdate(other.start_date))
		or (other.end_date and getdate(other.end_date) < getdate(one.start_date))
	)
