frappe.ui.form.on("Retainer Settings", {
	refresh(frm) {
		if (!frm.doc.holiday_list) {
			frm.set_intro(__("Choose a holiday list. Without one no retainer can be activated."), "orange");
		}
		frm.add_custom_button(__("SLA Rules"), () => frappe.set_route("List", "SLA Rule"));
	},
});
