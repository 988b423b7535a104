frappe.ui.form.on("Customer Answer", {
	setup: (frm) => support_retainer_own_words(frm),

	refresh(frm) {
		frm.disable_save();
	},
});
