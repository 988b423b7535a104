"""Subscription: a customer under a plan. It has a status and a period here; it makes no invoices."""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, add_to_date, get_last_day, getdate, nowdate

import erpnext


class Subscription(Document):
	def before_insert(self) -> None:
		self.update_subscription_period(self.start_date)

	def validate(self) -> None:
		self.validate_trial_period()
		if len(set(self.get_billing_cycle())) > 1:
			frappe.throw(_("You can only have Plans with the same billing cycle in a Subscription"))
		self.validate_end_date()
		self.cost_center = self.cost_center or erpnext.get_default_cost_center(self.company)
		if self.is_new():
			self.set_subscription_status()

	def validate_trial_period(self) -> None:
		if not self.trial_period_start:
			return
		if not self.trial_period_end:
			frappe.throw(_("Both Trial Period Start Date and Trial Period End Date must be set"))
		if getdate(self.trial_period_end) < getdate(self.trial_period_start):
			frappe.throw(_("Trial Period End Date Cannot be before Trial Period Start Date"))

	def validate_end_date(self) -> None:
		"""A subscription lasts longer than one period."""
		first = self.end_of_period(getdate(self.start_date))
		if self.end_date and getdate(self.end_date) <= first:
			frappe.throw(
				_("Subscription End Date must be after {0} as per the subscription plan").format(first)
			)

	def end_of_period(self, start: date) -> date:
		interval, count = self.get_billing_cycle()[0]
		return getdate(add_days(add_to_date(start, **{f"{interval.lower()}s": count}), -1))

	def get_billing_cycle(self) -> list[tuple[str, int]]:
		"""Interval and count of every plan."""
		return [
			frappe.db.get_value("Subscription Plan", row.plan, ["billing_interval", "billing_interval_count"])
			for row in self.plans
		]

	def update_subscription_period(self, day: str | None = None) -> None:
		"""The first day of the period and, by the plans, its last."""
		start = getdate(day or nowdate())
		if self.trial_period_end and getdate(self.trial_period_end) >= start:
			start = getdate(self.trial_period_start)
			end = getdate(self.trial_period_end)
		else:
			end = self.end_of_period(start)
			end = getdate(get_last_day(end)) if self.follow_calendar_months else end
		if self.end_date:
			end = min(end, getdate(self.end_date))
		self.current_invoice_start, self.current_invoice_end = start, end

	def set_subscription_status(self) -> None:
		today = getdate()
		if self.trial_period_end and getdate(self.trial_period_end) >= today:
			self.status = "Trialling"
		elif self.end_date and today > getdate(self.end_date):
			self.status = "Completed"
		else:
			self.status = "Active"

	@frappe.whitelist()
	def cancel_subscription(self) -> None:
		"""Ends the subscription; the record stays."""
		if self.status != "Cancelled":
			self.status = "Cancelled"
			self.cancelation_date = nowdate()
			self.save()
