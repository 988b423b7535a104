frappe.ui.form.on("Retainer Notice", {
	setup: (frm) => support_retainer_own_words(frm),

	refresh(frm) {
		frm.disable_save();
	},
});
