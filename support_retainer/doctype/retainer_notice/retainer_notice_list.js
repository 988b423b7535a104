frappe.listview_settings["Retainer Notice"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colour = { Told: "green", "No Address": "red" }[doc.status] || "gray";
		return [__(doc.status, null, "Retainer Notice"), colour, `status,=,${doc.status}`];
	},
	formatters: {
		// a pill of Frappe's own would be red for a period that is opened
		kind: (value) => frappe.utils.escape_html(__(value, null, "Retainer Notice")),
	},
};
