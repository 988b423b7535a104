frappe.ui.form.on("Issue", {
	onload(frm) {
		frm.email_field = "raised_by";
		frappe.db.get_single_value("Support Settings", "track_service_level_agreement").then((on) => {
			frm.set_df_property("service_level_agreement_details_section", "hidden", on ? 0 : 1);
		});
	},

	refresh(frm) {
		const set_status = (status) => () => frm.set_value("status", status).then(() => frm.save());
		if (frm.doc.status === "Closed") {
			frm.add_custom_button(__("Reopen"), set_status("Open"));
			return;
		}
		frm.add_custom_button(__("Close"), set_status("Closed"));
		const method = "erpnext.support.doctype.issue.issue.make_task";
		frm.add_custom_button(__("Task"), () => frappe.model.open_mapped_doc({ method, frm }), __("Create"));
	},
});
