frappe.ui.form.on("Ticket Estimate", {
	setup(frm) {
		support_retainer_own_words(frm);
		frm.set_query("ticket", () => ({
			filters: { retainer: ["is", "set"], status: ["not in", ["Resolved", "Closed"]] },
		}));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		support_retainer_question(frm, "Estimate", "Waiting for Answer");
		frm.add_custom_button(__("Ticket"), () => frappe.set_route("Form", frm.doc.ticket_type, frm.doc.ticket), __("View"));
		show_used(frm);
	},

	async ticket(frm) {
		if (!frm.doc.ticket || frm.doc.ticket_type !== "Issue") return;
		const { message } = await frappe.db.get_value("Issue", frm.doc.ticket, ["subject", "customer", "retainer", "expected_hours"]);
		frm.set_value({ subject: message.subject, customer: message.customer, retainer: message.retainer });
		if (!frm.doc.work && message.expected_hours) frm.set_value("work", Math.round(message.expected_hours * 3600));
	},
});

frappe.ui.form.on("Ticket Estimate Line", {
	work: add_up,
	work_from: add_up,
	lines_remove: add_up,
});

/** The work is the sum of its parts, as the server has it on save. */
function add_up(frm) {
	const lines = frm.doc.lines || [];
	if (!lines.length) return;
	const given = lines.some((line) => line.work_from);
	frm.set_value("work", lines.reduce((sum, line) => sum + (line.work || 0), 0));
	frm.set_value("work_from", given ? lines.reduce((sum, line) => sum + (line.work_from || line.work || 0), 0) : 0);
}

/** Where the ticket stands, by the same sentence as everywhere. */
async function show_used(frm) {
	const { ticket_type, ticket } = frm.doc;
	const state = await frappe.xcall("support_retainer.consent.api.state", { ticket_type, ticket }, "GET");
	if (frm.doc.ticket !== ticket || state.estimate !== frm.doc.name) return;
	const color = state.state === "Exceeded" || state.state === "Declined" ? "red" : state.near_limit ? "orange" : "blue";
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline_alert(support_retainer.escape(state.sentence), color);
}
