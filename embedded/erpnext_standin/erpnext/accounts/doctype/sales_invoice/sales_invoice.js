frappe.ui.form.on("Sales Invoice", {
	setup(frm) {
		frm.ignore_doctypes_on_cancel_all = ["Timesheet"];
		frm.set_query("debit_to", () => ({
			filters: { account_type: "Receivable", is_group: 0, company: frm.doc.company },
		}));
		frm.set_query("income_account", "items", () => ({
			filters: { company: frm.doc.company, is_group: 0, root_type: "Income" },
		}));
		frm.set_query("project", () => ({ filters: { customer: frm.doc.customer } }));
		frm.set_query("time_sheet", "timesheets", () => ({
			query: "erpnext.projects.doctype.timesheet.timesheet.get_timesheet",
			filters: { project: frm.doc.project },
		}));
	},

	refresh(frm) {
		frm.trigger("set_posting_time");
		if (frm.doc.docstatus === 0 && !frm.doc.is_return) {
			frm.add_custom_button(__("Timesheet"), () => frm.events.fetch_timesheets(frm), __("Get Items From"));
		}
		if (frm.doc.docstatus === 1 && !frm.doc.is_return) {
			const method = "erpnext.accounts.doctype.sales_invoice.sales_invoice.make_sales_return";
			frm.add_custom_button(
				__("Return / Credit Note"),
				() => frappe.model.open_mapped_doc({ method, frm }),
				__("Create")
			);
		}
	},

	set_posting_time(frm) {
		for (const field of ["posting_date", "posting_time"]) {
			frm.set_df_property(field, "read_only", frm.doc.set_posting_time ? 0 : 1);
		}
	},

	async project(frm) {
		if (!frm.doc.project || frm.doc.is_return) return;
		const { message: wanted } = await frm.call("is_auto_fetch_timesheet_enabled");
		if (wanted) await frm.call("add_timesheet_data");
		frm.refresh_field("timesheets");
	},

	fetch_timesheets(frm) {
		const fields = [
			{ fieldtype: "Date", fieldname: "from_time", label: __("From") },
			{ fieldtype: "Date", fieldname: "to_time", label: __("To") },
			{ fieldtype: "Link", fieldname: "project", label: __("Project"), options: "Project", default: frm.doc.project },
		];
		frappe.prompt(fields, (values) => frm.events.add_timesheets(frm, values), __("Fetch Timesheet"));
	},

	async add_timesheets(frm, args) {
		const { message: rows } = await frappe.call(
			"erpnext.projects.doctype.timesheet.timesheet.get_projectwise_timesheet_data",
			args
		);
		if (!rows.length) {
			frappe.msgprint(__("No Timesheets found with the given filters"));
			return;
		}
		frm.clear_table("timesheets");
		for (const row of rows) {
			frm.add_child("timesheets", { ...row, name: undefined, timesheet_detail: row.name });
		}
		frm.set_value("total_billing_hours", rows.reduce((sum, row) => sum + flt(row.billing_hours), 0));
		frm.set_value("total_billing_amount", rows.reduce((sum, row) => sum + flt(row.billing_amount), 0));
		frm.refresh_field("timesheets");
	},
});
