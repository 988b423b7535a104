// Time on a ticket: choose the ticket on the row; how it will be charged shows on save.

frappe.ui.form.on("Timesheet", {
	setup(frm) {
		frm.set_query("ticket", "time_logs", () => {
			const filters = { retainer: ["is", "set"] };
			if (frm.doc.customer) filters.customer = frm.doc.customer;
			return { filters };
		});
		frm.set_query("not_charged_because", "time_logs", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		add_not_charged_buttons(frm);
		const charged = (frm.doc.time_logs || []).filter((row) => row.timebank_note);
		if (!charged.length) return;
		const lines = charged.map((row) => {
			const ticket = frappe.utils.get_form_link(row.ticket_type, row.ticket, true);
			return `<li>${support_retainer.fill(__("Row {0}"), [row.idx])}, ${ticket}: ${support_retainer.escape(row.timebank_note)}</li>`;
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

	from_time: (frm, cdt, cdn) => ask_which_hour(frm, locals[cdt][cdn], "from"),
	to_time: (frm, cdt, cdn) => ask_which_hour(frm, locals[cdt][cdn], "to"),

	async ticket(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (!row.ticket || row.ticket_type !== "Issue") return;
		const { message } = await frappe.db.get_value("Issue", row.ticket, ["subject", "project"]);
		// A row that is to be charged is ticked, so that taking the tick off says something.
		if (!row.not_charged_because) frappe.model.set_value(cdt, cdn, "is_billable", 1);
		if (message.project && !row.project) frappe.model.set_value(cdt, cdn, "project", message.project);
		if (message.subject && !row.description)
			frappe.model.set_value(cdt, cdn, "description", message.subject);
	},

	is_billable(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (!row.ticket || frm.doc.docstatus === 2) return;
		if (frm.doc.docstatus === 1) return ask_about_submitted(frm, row);
		if (row.is_billable) {
			if (row.not_charged_because) frappe.model.set_value(cdt, cdn, "not_charged_because", null);
		} else if (!row.not_charged_because) {
			ask_for_reason(frm, row);
		}
	},

	not_charged_because(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (row.ticket && frm.doc.docstatus === 0) {
			const billable = row.not_charged_because ? 0 : 1;
			if (cint(row.is_billable) !== billable) frappe.model.set_value(cdt, cdn, "is_billable", billable);
		}
	},
});

/** On the night the clocks go back a time happens twice: ask which one is meant. Every other time is the only one. */
function ask_which_hour(frm, row, edge) {
	const field = `${edge}_second_hour`;
	const time = row[`${edge}_time`];
	if (!support_retainer.happens_twice(time)) {
		if (row[field]) frappe.model.set_value(row.doctype, row.name, field, 0);
		return;
	}
	const key = `${row.name} ${edge} ${time}`;
	if (frm.asked_hour === key) return;
	frm.asked_hour = key;
	const dialog = new frappe.ui.Dialog({
		title: support_retainer.fill(__("Which {0}?"), [frappe.datetime.get_time(time).slice(0, 5)]),
		fields: [{ fieldtype: "HTML", options: `<p>${__("The clocks go back that night, and this time happens twice.")}</p>` }],
		primary_action_label: __("The first, before the clocks go back"),
		primary_action: () => choose(0),
		secondary_action_label: __("The second, after it"),
		secondary_action: () => choose(1),
	});
	const choose = (second) => {
		frappe.model.set_value(row.doctype, row.name, field, second);
		dialog.hide();
	};
	dialog.show();
}

const not_charged_fields = () => [
	{
		fieldtype: "Link",
		fieldname: "because",
		label: __("Not Charged Because"),
		options: "Not Charged Reason",
		only_select: 1,
		reqd: 1,
		get_query: () => ({ filters: { disabled: 0 } }),
	},
	{
		fieldtype: "Small Text",
		fieldname: "note",
		label: __("Note on What Is Given"),
		description: __("The customer reads this, unless the reason is hidden from the customer."),
	},
];

/** Taking the tick off says that the time is given away: ask why, and tick it again when nobody says. */
function ask_for_reason(frm, row) {
	let said = false;
	const dialog = new frappe.ui.Dialog({
		title: __("Why is row {0} not charged?", [row.idx]),
		fields: not_charged_fields(),
		primary_action_label: __("Do Not Charge It"),
		primary_action({ because, note }) {
			said = true;
			frappe.model.set_value(row.doctype, row.name, { not_charged_because: because, not_charged_note: note });
			dialog.hide();
		},
		on_hide() {
			if (!said) frappe.model.set_value(row.doctype, row.name, "is_billable", 1);
		},
	});
	dialog.show();
}

/** On a submitted timesheet the tick follows the ledger: put it back, and show the way. */
function ask_about_submitted(frm, row) {
	if (!row.timebank_note || frm.support_retainer_reloading) return;
	frm.support_retainer_reloading = true;
	frm.reload_doc().then(() => {
		frm.support_retainer_reloading = false;
		if (may_decide()) choose_rows(frm, row.not_charged_because ? "charge" : "give", row.name);
		else frappe.msgprint(__("Only a Retainer Manager may do this. Ask one."));
	});
}

const may_decide = () => ["Retainer Manager", "System Manager"].some((role) => frappe.user.has_role(role));
const charged_rows = (frm) => (frm.doc.time_logs || []).filter((row) => row.ticket && row.timebank_note);

function add_not_charged_buttons(frm) {
	if (frm.doc.docstatus !== 1 || !may_decide()) return;
	const rows = charged_rows(frm);
	const group = __("Charge");
	if (rows.some((row) => !row.not_charged_because)) {
		frm.add_custom_button(__("Not Charged…"), () => choose_rows(frm, "give"), group);
	}
	if (rows.some((row) => row.not_charged_because)) {
		frm.add_custom_button(__("Charge After All…"), () => choose_rows(frm, "charge"), group);
	}
}

function choose_rows(frm, way, chosen) {
	const giving = way === "give";
	const rows = charged_rows(frm).filter((row) => Boolean(row.not_charged_because) !== giving);
	if (!rows.length) return;
	const dialog = new frappe.ui.Dialog({
		title: giving ? __("Not Charged") : __("Charge After All"),
		fields: [
			{
				fieldtype: "MultiCheck",
				fieldname: "rows",
				label: __("Rows"),
				columns: 1,
				options: rows.map((row) => ({
					label: `${__("Row {0}", [row.idx])}, ${row.ticket}: ${row.timebank_note}`,
					value: row.name,
					checked: rows.length === 1 || row.name === chosen,
				})),
			},
			...(giving
				? not_charged_fields()
				: [{ fieldtype: "Small Text", fieldname: "reason", label: __("Reason"), reqd: 1 }]),
		],
		primary_action_label: giving ? __("Do Not Charge It") : __("Charge It"),
		async primary_action({ rows: names, because, note, reason }) {
			if (!names?.length) return frappe.msgprint(__("Choose at least one row."));
			const method = giving ? "not_charge" : "charge_after_all";
			const args = giving ? { rows: names, because, note: note || "" } : { rows: names, reason };
			const answer = await frappe.xcall(`support_retainer.billing.api.${method}`, args);
			dialog.hide();
			if (answer.message) frappe.msgprint(answer.message);
			frm.reload_doc();
		},
	});
	dialog.show();
}
