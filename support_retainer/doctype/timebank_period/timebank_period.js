frappe.ui.form.on("Timebank Period", {
	refresh(frm) {
		frm.disable_save();
		if (!frm.is_new()) frm.add_custom_button(__("Ledger"), () => show_ledger(frm));
	},
});

function show_ledger(frm) {
	frappe.set_route("List", "Timebank Entry", "Report", { period: frm.doc.name });
}
