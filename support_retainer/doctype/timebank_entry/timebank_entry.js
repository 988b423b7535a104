frappe.ui.form.on("Timebank Entry", {
	setup: (frm) => support_retainer_own_words(frm),

	refresh(frm) {
		frm.disable_save();
		if (frm.is_new()) return;
		for (const [doctype, field] of [
			["Timesheet", "timesheet"],
			["Sales Invoice", "sales_invoice"],
			["Timebank Period", "period"],
		]) {
			const name = frm.doc[field];
			if (!name) continue;
			frm.add_custom_button(__(doctype), () => frappe.set_route("Form", doctype, name), __("View"));
		}
		show_derivation(frm);
	},
});

/** How the entry came about, in the words that stand on the statement too. */
async function show_derivation(frm) {
	const entry = frm.doc.name;
	const text = await frappe.xcall("support_retainer.desk.api.derivation", { entry });
	if (frm.doc.name !== entry) return;
	const colour = frm.doc.is_reversed || frm.doc.reversal_of ? "yellow" : "blue";
	const lines = text.split("\n").map((line) => `<div>${support_retainer.escape(line)}</div>`);
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline_alert(lines.join(""), colour);
}
