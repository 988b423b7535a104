from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "retainer",
		"transactions": [
			{"label": _("Tickets"), "items": ["Issue"]},
			{"label": _("Time Bank"), "items": ["Timebank Period", "Timebank Entry"]},
			{"label": _("Invoicing"), "items": ["Sales Invoice"]},
			{"label": _("Own Rules"), "items": ["SLA Rule"]},
		],
	}
