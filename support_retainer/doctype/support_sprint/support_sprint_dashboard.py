from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "support_sprint",
		"non_standard_fieldnames": {"Customer Answer": "reference_name"},
		"dynamic_links": {"reference_name": ["Support Sprint", "reference_doctype"]},
		"transactions": [
			{"label": _("Tickets"), "items": ["Issue"]},
			{"label": _("Consent"), "items": ["Customer Answer"]},
			{"label": _("Orders"), "items": ["Quotation", "Sales Order"]},
			{"label": _("Invoicing"), "items": ["Sales Invoice"]},
		],
	}
