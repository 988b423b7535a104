frappe.query_reports["Unbilled and Held"] = {
	filters: [
		{ fieldname: "company", label: __("Company", null, "Retainer"), fieldtype: "Link", options: "Company" },
		{ fieldname: "customer", label: __("Customer", null, "Retainer"), fieldtype: "Link", options: "Customer" },
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: [
				"",
				{ value: "To Bill", label: __("To Bill", null, "Timebank Entry") },
				{ value: "Held", label: __("Held", null, "Timebank Entry") },
				{ value: "Owed", label: __("Owed", null, "Timebank Entry") },
			],
		},
		{ fieldname: "older_than", label: __("Days Old, at Least"), fieldtype: "Int" },
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.is_total ? `<b>${shown}</b>` : shown;
	},
};
