frappe.query_reports["Retainer Balance"] = {
	filters: [
		{ fieldname: "company", label: __("Company", null, "Retainer"), fieldtype: "Link", options: "Company" },
		{ fieldname: "customer", label: __("Customer", null, "Retainer"), fieldtype: "Link", options: "Customer" },
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: ["", "Active", "Paused", "Ended"],
		},
		{ fieldname: "below_percent", label: __("Less Left Than (%)"), fieldtype: "Int" },
		{
			fieldname: "on_date",
			label: __("Period of"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
		},
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.is_total ? `<b>${shown}</b>` : shown;
	},
};
