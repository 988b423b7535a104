frappe.ui.form.on("Consent Waiver", {
	refresh(frm) {
		frm.disable_save();
	},
});
