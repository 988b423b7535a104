frappe.query_reports["Time by Category"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -2),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To Date"),
			fieldtype: "Date",
			default: frappe.datetime.month_end(),
			reqd: 1,
		},
		{ fieldname: "company", label: __("Company", null, "Retainer"), fieldtype: "Link", options: "Company" },
		{ fieldname: "customer", label: __("Customer", null, "Retainer"), fieldtype: "Link", options: "Customer" },
	],
	formatter(value, row, column, data, default_formatter) {
		const counts = ["Float", "Currency", "Percent"].includes(column.fieldtype);
		const shown = counts && !value ? "" : default_formatter(value, row, column, data);
		return data && data.is_total ? `<b>${shown}</b>` : shown;
	},
};
