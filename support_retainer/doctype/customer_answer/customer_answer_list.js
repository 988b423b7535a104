frappe.listview_settings["Customer Answer"] = {
	add_fields: ["answer"],
	get_indicator(doc) {
		const colour = { Approved: "green", "Partly Approved": "yellow", Declined: "red" }[doc.answer];
		return [__(doc.answer, null, "Customer Answer"), colour, `answer,=,${doc.answer}`];
	},
};
