from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "timebank_period",
		"non_standard_fieldnames": {"Timebank Entry": "period"},
		"transactions": [
			{"label": _("Time Bank"), "items": ["Timebank Entry"]},
			{"label": _("Invoicing"), "items": ["Sales Invoice"]},
		],
	}
