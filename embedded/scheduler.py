"""The scheduler's events, called by hand."""

import frappe


def run_event(event: str, app: str | None = None) -> list[str]:
	"""Call the methods that hooks list under an event, of one app or of all; returns their names.

	`event` is a name ("all", "hourly", "daily_long", …) or a cron line as written in the hooks.
	"""
	events = frappe.get_hooks("scheduler_events", {}, app_name=app)
	methods = events.get(event) or (events.get("cron") or {}).get(event) or []
	for method in methods:
		frappe.get_attr(method)()
	return list(methods)
