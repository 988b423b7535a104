frappe.query_reports["Work Queue"] = {
	filters: [
		{ fieldname: "customer", label: __("Customer", null, "Retainer"), fieldtype: "Link", options: "Customer" },
		{ fieldname: "assigned_to", label: __("Assigned To"), fieldtype: "Link", options: "User" },
	],
	formatter(value, row, column, data, default_formatter) {
		// the subject is the customer's text, and Frappe shows text as HTML
		const text = column.fieldname === "subject" ? frappe.utils.escape_html(value || "") : value;
		const shown = default_formatter(text, row, column, data);
		if (column.fieldname !== "reason" || !data) return shown;
		const waiting = data.assign_status === "Breached" || data.start_status === "Breached";
		return waiting ? `<span class="text-danger">${shown}</span>` : shown;
	},
};
