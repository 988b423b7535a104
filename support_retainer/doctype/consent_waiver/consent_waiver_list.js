frappe.listview_settings["Consent Waiver"] = {
	formatters: {
		given_on: (value) => frappe.datetime.str_to_user(value, false, true),
		state: (value) => __(value, null, "Ticket Estimate"),
	},
};
