frappe.ui.form.on("Work Timer", {
	setup: (frm) => support_retainer_own_words(frm),

	refresh(frm) {
		frm.disable_save();
	},
});
