from frappe.model.document import Document

from support_retainer.consent import sprints


class SupportSprint(Document):
	"""Tickets of one customer, proposed together with hours and price. Durations in whole seconds."""

	def validate(self) -> None:
		sprints.validate(self)

	def on_update(self) -> None:
		sprints.follow_rows(self)

	def on_trash(self) -> None:
		sprints.let_go_all(self)
