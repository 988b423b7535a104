frappe.ui.form.on("SLA Rule", {
	setup(frm) {
		frm.set_query("retainer", () => ({ filters: { status: ["!=", "Ended"] } }));
	},
});
