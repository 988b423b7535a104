frappe.ui.form.on("Consent Waiver", {
	refresh(frm) {
		frm.disable_save();
		// kept as the app's own word
		frm.get_field("state").$wrapper.find(".control-value").text(__(frm.doc.state, null, "Ticket Estimate"));
	},
});
