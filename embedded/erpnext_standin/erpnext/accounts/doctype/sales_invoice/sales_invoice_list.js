frappe.listview_settings["Sales Invoice"] = {
	add_fields: ["customer_name", "base_grand_total", "outstanding_amount", "due_date", "currency", "is_return"],
	get_indicator(doc) {
		const colors = {
			Draft: "red",
			Unpaid: "orange",
			Paid: "green",
			Return: "gray",
			"Credit Note Issued": "gray",
			Overdue: "red",
			"Partly Paid": "yellow",
		};
		return [__(doc.status), colors[doc.status], `status,=,${doc.status}`];
	},
	right_column: "grand_total",
};
