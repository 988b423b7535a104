frappe.listview_settings["Issue"] = {
	colwidths: { subject: 6 },
	add_fields: ["priority"],
	filters: [["status", "=", "Open"]],
	onload(listview) {
		const method = "erpnext.support.doctype.issue.issue.set_multiple_status";
		for (const status of ["Open", "Closed"]) {
			listview.page.add_action_item(__("Set as {0}", [__(status)]), () =>
				listview.call_for_selected_items(method, { status })
			);
		}
	},
	get_indicator(doc) {
		const by_priority = { Low: "yellow", Medium: "orange" };
		const color = doc.status === "Open" ? by_priority[doc.priority] || "red" : "gray";
		return [__(doc.status), doc.status === "Closed" ? "green" : color, `status,=,${doc.status}`];
	},
};
