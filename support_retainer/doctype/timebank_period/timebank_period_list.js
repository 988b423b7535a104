frappe.listview_settings["Timebank Period"] = {
	add_fields: ["status", "balance"],
	get_indicator(doc) {
		if (doc.status === "Closed") return [__("Closed", null, "Timebank Period"), "gray", "status,=,Closed"];
		return [__("Open", null, "Timebank Period"), doc.balance > 0 ? "green" : "orange", "status,=,Open"];
	},
};
