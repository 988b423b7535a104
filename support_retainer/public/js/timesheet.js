// Time on a ticket: choose the ticket on the row; how it will be charged shows on save.

frappe.ui.form.on("Timesheet", {
	setup(frm) {
		frm.set_query("ticket", "time_logs", () => {
			const filters = { retainer: ["is", "set"] };
			if (frm.doc.customer) filters.customer = frm.doc.customer;
			return { filters };
		});
	},

	refresh(frm) {
		const charged = (frm.doc.time_logs || []).filter((row) => row.timebank_note);
		if (!charged.length) return;
		const lines = charged.map((row) => {
			const ticket = frappe.utils.get_form_link(row.ticket_type, row.ticket, true);
			return `<li>${__("Row {0}", [row.idx])}, ${ticket}: ${frappe.utils.escape_html(row.timebank_note)}</li>`;
		});
		frm.dashboard.add_section(
			`<ul class="mb-0">${lines.join("")}</ul>`,
			frm.doc.docstatus ? __("How this time was charged") : __("How this time will be charged")
		);
		frm.dashboard.show();
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
