frappe.listview_settings["Timebank Closing"] = {
	add_fields: ["action", "status"],
	get_indicator(doc) {
		const text = __(doc.status, null, "Timebank Closing");
		if (doc.status === "Not Done") return [text, "red", "status,=,Not Done"];
		if (doc.action === "Reopen") return [__("Reopened", null, "Timebank Closing"), "orange", "action,=,Reopen"];
		return [text, "green", "status,=,Done"];
	},
};
