"""Subscription Plan: records of the ERPNext stand-in."""

from frappe.model.document import Document


class SubscriptionPlan(Document):
	pass
