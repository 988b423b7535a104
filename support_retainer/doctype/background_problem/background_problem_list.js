frappe.listview_settings["Background Problem"] = {
	hide_name_column: true,
	get_indicator: (doc) =>
		doc.status === "Solved"
			? [__("Solved", null, "Background Problem"), "green", "status,=,Solved"]
			: [__("Waiting", null, "Background Problem"), "orange", "status,=,Waiting"],
	onload(listview) {
		if (!listview.filter_area.get().length) listview.filter_area.add([["Background Problem", "status", "=", "Waiting"]]);
	},
};
