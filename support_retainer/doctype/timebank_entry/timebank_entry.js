frappe.ui.form.on("Timebank Entry", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.timesheet) {
			frm.add_custom_button(__("Timesheet"), () =>
				frappe.set_route("Form", "Timesheet", frm.doc.timesheet)
			);
		}
	},
});
