frappe.ui.form.on("Customer Answer", {
	refresh(frm) {
		frm.disable_save();
	},
});
