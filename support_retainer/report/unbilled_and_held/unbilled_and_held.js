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
				{ value: "On No Contract", label: __("On No Contract") },
			],
		},
		{ fieldname: "older_than", label: __("Days Old, at Least"), fieldtype: "Int" },
	],
	onload(report) {
		if (!frappe.user.has_role(["Retainer Manager", "System Manager"])) return;
		report.page.add_inner_button(__("Charge Time on No Contract"), () => {
			const rows = (frappe.query_report.data || []).map((row) => row.detail).filter(Boolean);
			if (!rows.length)
				return frappe.msgprint(__("All time is on a contract, or no retainer held on its day."));
			const sure = __("Charge {0} rows of submitted time to the retainers that held on their days?", [
				rows.length,
			]);
			frappe.confirm(sure, async () => {
				await frappe.xcall("support_retainer.billing.api.charge_now", { rows });
				frappe.query_report.refresh();
			});
		});
	},
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.is_total ? `<b>${shown}</b>` : shown;
	},
};
