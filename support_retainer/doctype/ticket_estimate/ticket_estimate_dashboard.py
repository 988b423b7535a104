from frappe import _


def get_data() -> dict:
	return {
		"fieldname": "reference_name",
		"dynamic_links": {"reference_name": ["Ticket Estimate", "reference_doctype"]},
		"transactions": [{"label": _("Consent"), "items": ["Customer Answer"]}],
	}
