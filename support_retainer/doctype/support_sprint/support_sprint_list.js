frappe.listview_settings["Support Sprint"] = {
	add_fields: ["status", "currency"],
	get_indicator(doc) {
		const colour = {
			Draft: "gray",
			Proposed: "orange",
			Approved: "green",
			"Partly Approved": "yellow",
			Declined: "red",
			Expired: "darkgrey",
			"In Progress": "blue",
			Done: "purple",
			Invoiced: "green",
		}[doc.status];
		return [__(doc.status, null, "Support Sprint"), colour, `status,=,${doc.status}`];
	},
};
