frappe.ui.form.on("Timebank Closing", {
	setup: (frm) => support_retainer_own_words(frm),

	refresh(frm) {
		frm.disable_save();
	},
});
