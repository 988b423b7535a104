// Time on a ticket: choose the ticket on the row; how it will be charged shows on save.

frappe.ui.form.on("Timesheet", {
	setup(frm) {
		frm.set_query("ticket", "time_logs", () => {
			const filters = { retainer: ["is", "set"] };
			if (frm.doc.customer) filters.customer = frm.doc.customer;
			return { filters };
		});
	},
});

frappe.ui.form.on("Timesheet Detail", {
	time_logs_add(frm, cdt, cdn) {
		frappe.model.set_value(cdt, cdn, "timebank_note", null);
	},

	async ticket(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (!row.ticket || row.ticket_type !== "Issue") return;
		const { message } = await frappe.db.get_value("Issue", row.ticket, ["subject", "project"]);
		if (message.project && !row.project) frappe.model.set_value(cdt, cdn, "project", message.project);
		if (message.subject && !row.description)
			frappe.model.set_value(cdt, cdn, "description", message.subject);
	},
});
