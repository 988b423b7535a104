from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "retainer",
		# Timesheets have no field that names the retainer: the ledger knows them.
		"method": "support_retainer.desk.api.retainer_links",
		"transactions": [
			{
				"label": _("Tickets"),
				"items": ["Issue", "Ticket Estimate", "Support Sprint", "Customer Answer"],
			},
			{"label": _("Time Bank"), "items": ["Timebank Period", "Timebank Entry", "Timesheet"]},
			{"label": _("Invoicing"), "items": ["Sales Invoice"]},
			{"label": _("Own Rules"), "items": ["SLA Rule"]},
		],
	}
