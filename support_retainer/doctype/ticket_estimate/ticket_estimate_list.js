frappe.listview_settings["Ticket Estimate"] = {
	add_fields: ["status", "currency"],
	get_indicator(doc) {
		const colour = {
			Draft: "gray",
			"Waiting for Answer": "orange",
			Approved: "green",
			Declined: "red",
			Superseded: "darkgrey",
			Expired: "darkgrey",
		}[doc.status];
		return [__(doc.status, null, "Ticket Estimate"), colour, `status,=,${doc.status}`];
	},
};
