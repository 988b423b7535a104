frappe.query_reports["Period Statement"] = {
	filters: [
		{ fieldname: "retainer", label: __("Retainer"), fieldtype: "Link", options: "Retainer" },
		{
			fieldname: "period",
			label: __("Timebank Period"),
			fieldtype: "Link",
			options: "Timebank Period",
			get_query() {
				const retainer = frappe.query_report.get_filter_value("retainer");
				return retainer ? { filters: { retainer } } : {};
			},
		},
	],
	formatter(value, row, column, data, default_formatter) {
		const counts = ["Float", "Currency", "Percent"].includes(column.fieldtype);
		const shown = counts && !value ? "" : default_formatter(value, row, column, data);
		return data && data.is_total ? `<b>${shown}</b>` : shown;
	},
	onload(report) {
		report.page.add_inner_button(__("Print the Statement"), () => {
			const period =
				frappe.query_report.get_filter_value("period") ||
				(frappe.query_report.data[0] && frappe.query_report.data[0].period);
			if (!period) return frappe.msgprint(__("Choose a retainer, or a period of one."));
			frappe.set_route("print", "Timebank Period", period);
		});
	},
};
