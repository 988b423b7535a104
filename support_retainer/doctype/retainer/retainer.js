const TERMS = ["increment_minutes", "project_management_percent", "estimate_threshold_hours"];
const RUNNING = ["Trialling", "Active", "Past Due Date"];

frappe.ui.form.on("Retainer", {
	setup(frm) {
		// From the connections: for the same customer. Which retainer they belong to, the app decides by itself.
		frm.make_methods = {};
		for (const doctype of ["Issue", "Sales Invoice"]) {
			frm.make_methods[doctype] = () => {
				const { customer, company } = frm.doc;
				frappe.new_doc(doctype, { customer, company });
			};
		}
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
		frm.set_query("project", () => ({
			filters: { company: frm.doc.company, customer: ["in", [frm.doc.customer, ""]] },
		}));
		frm.set_query("cost_center", () => ({ filters: { company: frm.doc.company, is_group: 0 } }));
		frm.set_query("maintenance_subscription", () => ({
			filters: { party_type: "Customer", party: frm.doc.customer, status: ["in", RUNNING] },
		}));
	},

	onload(frm) {
		if (frm.is_new()) fill_in_terms(frm);
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Timesheets"), () => show_timesheets(frm), __("View"));
		frm.add_custom_button(__("Ledger", null, "Timebank"), () => show_ledger(frm), __("View"));
	},

	customer: set_currency,
	company: set_currency,
});

/** Show the terms a new retainer starts with; the server fills in the same where a field is left empty. */
async function fill_in_terms(frm) {
	const settings = await frappe.db.get_doc("Retainer Settings");
	for (const field of TERMS) {
		const value = frm.doc[field];
		if (value === undefined || value === null) await frm.set_value(field, settings[field]);
	}
}

/** Propose the customer's billing currency, or else the company's, until the retainer has been saved. */
async function set_currency(frm) {
	if (!frm.is_new() || !frm.doc.customer) return;
	const currency =
		(await value_of("Customer", frm.doc.customer)) ||
		(frm.doc.company && (await value_of("Company", frm.doc.company)));
	if (currency) frm.set_value("currency", currency);
}

async function value_of(doctype, name) {
	const { message } = await frappe.db.get_value(doctype, name, "default_currency");
	return message?.default_currency;
}

/** Timesheets know their tickets, not the retainer: the ledger knows both. */
async function show_timesheets(frm) {
	const rows = await frappe.db.get_list("Timebank Entry", {
		filters: { retainer: frm.doc.name, timesheet: ["is", "set"] },
		fields: ["timesheet"],
		group_by: "timesheet",
		order_by: "timesheet desc",
		limit: 200,
	});
	if (!rows.length) {
		frappe.show_alert(__("No time has been charged on this retainer yet."));
		return;
	}
	frappe.set_route("List", "Timesheet", { name: ["in", rows.map((row) => row.timesheet)] });
}

function show_ledger(frm) {
	frappe.set_route("List", "Timebank Entry", "Report", { retainer: frm.doc.name });
}
