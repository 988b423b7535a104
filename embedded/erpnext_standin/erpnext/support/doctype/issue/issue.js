frappe.ui.form.on("Issue", {
	onload(frm) {
		frm.email_field = "raised_by";
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
