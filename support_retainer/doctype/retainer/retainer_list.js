frappe.listview_settings["Retainer"] = {
	add_fields: ["status", "customer", "currency"],
	get_indicator(doc) {
		const colour = { Draft: "gray", Active: "green", Paused: "orange", Ended: "darkgrey" }[doc.status];
		return [__(doc.status), colour, `status,=,${doc.status}`];
	},
};
