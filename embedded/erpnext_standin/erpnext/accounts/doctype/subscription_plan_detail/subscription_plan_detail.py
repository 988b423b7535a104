"""Subscription Plan Detail: child rows of the ERPNext stand-in."""

from frappe.model.document import Document


class SubscriptionPlanDetail(Document):
	pass
