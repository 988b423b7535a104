frappe.listview_settings["Timesheet"] = {
	add_fields: ["status", "total_hours", "start_date", "end_date"],
	get_indicator(doc) {
		if (["Billed", "Payslip", "Completed"].includes(doc.status)) {
			return [__(doc.status), "green", `status,=,${doc.status}`];
		}
	},
};
