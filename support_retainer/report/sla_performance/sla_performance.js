frappe.query_reports["SLA Performance"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("Registered From"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("Registered To"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{ fieldname: "customer", label: __("Customer", null, "Retainer"), fieldtype: "Link", options: "Customer" },
		{ fieldname: "sla_rule", label: __("SLA Rule"), fieldtype: "Link", options: "SLA Rule" },
	],
};
