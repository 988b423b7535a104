// What people do to a retainer by a button. Each dialog says what it will do; the server decides whether it may be done.

const SUPPORT_RETAINER_BILLING = "support_retainer.billing.api";
const SUPPORT_RETAINER_MANAGERS = ["Retainer Manager", "System Manager"];
const SUPPORT_RETAINER_TERMS = [
	...["hours_per_period", "retainer_fee", "hourly_rate", "fee_billing", "prorate"],
	...["carry_over", "carry_over_periods", "carry_over_cap_hours", "overage_policy"],
	...["increment_minutes", "rounding_scope", "project_management_percent", "surcharge_settlement"],
];

frappe.ui.form.on("Retainer", {
	refresh(frm) {
		if (frm.is_new() || !frm.perm[0]?.write || frm.doc.status === "Draft") return;
		const actions = __("Actions");
		if (frm.doc.mode === "With Timebank") {
			frm.add_custom_button(__("Top up"), () => support_retainer_top_up(frm));
			frm.add_custom_button(__("Adjust"), () => support_retainer_adjust(frm), actions);
		}
		frm.add_custom_button(__("Change terms from…"), () => support_retainer_change_terms(frm), actions);
		if (frm.doc.status !== "Ended") {
			frm.add_custom_button(__("End"), () => support_retainer_end(frm), actions);
		}
	},

	/** The bank has been read: buttons that depend on it. */
	bank_shown(frm) {
		const is_manager = SUPPORT_RETAINER_MANAGERS.some((role) => frappe.user.has_role(role));
		frm.remove_custom_button(__("Close period"));
		frm.remove_custom_button(__("Decide on held time"));
		if (is_manager && frm.bank.closable) {
			frm.add_custom_button(__("Close period"), () => support_retainer_close(frm));
		}
		if (frm.perm[0]?.write && frm.bank.held.count) {
			frm.add_custom_button(__("Decide on held time"), () => support_retainer_decide(frm));
		}
	},
});

function support_retainer_top_up(frm) {
	support_retainer_ask({
		title: __("Top Up"),
		label: __("Top up"),
		fields: [
			{ fieldtype: "Float", fieldname: "hours", label: __("Number of Hours"), reqd: 1 },
			{
				fieldtype: "Check",
				fieldname: "sold",
				label: __("Invoice These Hours"),
				description: __("A draft invoice is made; the hours are in the bank when it is submitted."),
			},
			{
				fieldtype: "Currency",
				fieldname: "rate",
				label: __("Price of an Hour"),
				options: frm.doc.currency,
				default: frm.doc.hourly_rate,
				depends_on: "sold",
			},
			{ fieldtype: "Date", fieldname: "valid_until", label: __("Valid Until"), depends_on: "eval:!doc.sold" },
			{
				fieldtype: "Small Text",
				fieldname: "reason",
				label: __("Why"),
				depends_on: "eval:!doc.sold",
				mandatory_depends_on: "eval:!doc.sold",
			},
		],
		call: (values) =>
			frappe.xcall(`${SUPPORT_RETAINER_BILLING}.top_up`, {
				retainer: frm.doc.name,
				hours: values.hours,
				sold: values.sold ? 1 : 0,
				rate: values.sold ? values.rate : null,
				reason: values.reason,
				valid_until: values.sold ? null : values.valid_until,
			}),
		done: (name, values) => {
			if (values.sold) frappe.set_route("Form", "Sales Invoice", name);
			else frm.reload_doc();
		},
	});
}

function support_retainer_adjust(frm) {
	support_retainer_ask({
		title: __("Adjust the Time Bank"),
		label: __("Adjust"),
		fields: [
			{
				fieldtype: "Float",
				fieldname: "hours",
				label: __("Number of Hours"),
				reqd: 1,
				description: __("Below zero takes hours out of the bank."),
			},
			{ fieldtype: "Date", fieldname: "valid_until", label: __("Valid Until"), depends_on: "eval:doc.hours>0" },
			{ fieldtype: "Small Text", fieldname: "reason", label: __("Why"), reqd: 1 },
		],
		call: (values) =>
			frappe.xcall(`${SUPPORT_RETAINER_BILLING}.adjust`, {
				retainer: frm.doc.name,
				hours: values.hours,
				reason: values.reason,
				valid_until: values.hours > 0 ? values.valid_until : null,
			}),
		done: () => frm.reload_doc(),
	});
}

function support_retainer_end(frm) {
	support_retainer_ask({
		title: __("End the Retainer"),
		label: __("End"),
		fields: [
			{
				fieldtype: "Date",
				fieldname: "on",
				label: __("Last Day of Support"),
				reqd: 1,
				default: frm.doc.end_date || frappe.datetime.month_end(),
				description: __("The last period is cut there; time that is left then expires."),
			},
			{ fieldtype: "Small Text", fieldname: "reason", label: __("Why"), reqd: 1 },
		],
		call: (values) =>
			frappe.xcall("support_retainer.contracts.api.end_retainer", { retainer: frm.doc.name, ...values }),
		done: () => frm.reload_doc(),
	});
}

/** New terms from a day on: only what differs is sent, and the outcome is said in words before it is agreed. */
function support_retainer_change_terms(frm) {
	const copies = SUPPORT_RETAINER_TERMS.map((field) => {
		const df = frappe.meta.get_docfield("Retainer", field);
		const { fieldtype, fieldname, options, depends_on, precision } = df;
		const own = fieldtype === "Currency" ? frm.doc.currency : options;
		const label = __(df.label, null, df.parent);
		return { fieldtype, fieldname, options: own, depends_on, precision, label, default: frm.doc[field], onchange: () => say() };
	});
	copies.splice(5, 0, { fieldtype: "Column Break" });
	const dialog = support_retainer_ask({
		title: __("Change Terms"),
		label: __("Change terms"),
		size: "large",
		fields: [
			{
				fieldtype: "Date",
				fieldname: "from_date",
				label: __("From"),
				reqd: 1,
				default: frappe.datetime.add_days(frappe.datetime.month_end(), 1),
				description: __("The first day of the new terms. Work before keeps the terms it had."),
			},
			{ fieldtype: "Data", fieldname: "mode", hidden: 1, default: frm.doc.mode },
			{ fieldtype: "Section Break" },
			...copies,
			{ fieldtype: "Section Break" },
			{ fieldtype: "HTML", fieldname: "words" },
		],
		call: (values) => {
			const terms = support_retainer_changed(frm, values);
			if (!Object.keys(terms).length) frappe.throw(__("Nothing is changed yet."));
			return frappe.xcall("support_retainer.contracts.api.change_terms", {
				retainer: frm.doc.name,
				from_date: values.from_date,
				terms,
			});
		},
		done: () => frm.reload_doc(),
	});
	const say = frappe.utils.debounce(async () => {
		const doc = { ...frm.doc, ...support_retainer_changed(frm, dialog.get_values(true)) };
		const lines = await frappe.xcall("support_retainer.desk.api.terms_in_words", { doc });
		const text = lines.map(support_retainer.escape).join(" ");
		dialog.fields_dict.words.$wrapper.html(`<p class="text-muted">${text}</p>`);
	}, 400);
	say();
}

function support_retainer_changed(frm, values) {
	const differs = (field) => {
		const [old, now] = [frm.doc[field], values[field]];
		if (now === undefined || now === null) return false;
		if (typeof old === "string") return old !== now;
		// the dialog rounds what it shows: what nobody touched is no new term
		const places = frappe.meta.get_field_precision(frappe.meta.get_docfield("Retainer", field), frm.doc);
		return flt(old, places) !== flt(now, places);
	};
	const changed = SUPPORT_RETAINER_TERMS.filter(differs);
	return Object.fromEntries(changed.map((field) => [field, values[field]]));
}

/** Closing runs in the background: ask how far it has come until nothing is left, or nothing moves any more. */
function support_retainer_close(frm) {
	const total = frm.bank.closable;
	const question =
		total === 1
			? __("One period has ended. Close it now, and invoice what follows from it?")
			: __("{0} periods have ended. Close them now, and invoice what follows?", [total]);
	frappe.confirm(question, async () => {
		await frappe.xcall(`${SUPPORT_RETAINER_BILLING}.close_periods`, { retainer: frm.doc.name });
		await support_retainer_watch_close(frm, total);
	});
}

async function support_retainer_watch_close(frm, total) {
	const title = __("Closing of Periods");
	let left = total;
	for (let quiet = 0; left && quiet < 15; quiet++) {
		frappe.show_progress(title, total - left, total, __("{0} of {1} periods", [total - left, total]));
		await new Promise((wake) => setTimeout(wake, 1000));
		const bank = await frappe.xcall("support_retainer.desk.api.retainer_picture", { name: frm.doc.name });
		if (bank.closable < left) quiet = 0;
		left = bank.closable;
	}
	frappe.hide_progress();
	if (left) {
		const [last] = await frappe.db.get_list("Timebank Closing", {
			filters: { retainer: frm.doc.name },
			fields: ["status"],
			order_by: "creation desc",
			limit: 1,
		});
		if (last?.status === "Not Done") {
			const reports = () => frappe.set_route("List", "Timebank Closing", { retainer: frm.doc.name });
			frappe.msgprint({
				title,
				indicator: "orange",
				message: __("Not everything could be closed yet. The closing report says why."),
				primary_action: { label: __("Closing Report"), action: reports },
			});
		} else {
			// no report of a failure: nobody has come to it yet
			const message = __("The closing waits its turn in the background and goes on by itself. You need not stay here.");
			frappe.msgprint({ title, indicator: "orange", message });
		}
	} else {
		frappe.show_alert({ message: __("Closed."), indicator: "green" });
	}
	frm.reload_doc();
}

/** Held time: who approved or declined it on the customer's behalf, and why. */
async function support_retainer_decide(frm) {
	const rows = await frappe.xcall("support_retainer.desk.api.held_time", { name: frm.doc.name });
	const escape = support_retainer.escape;
	const options = rows.map((row) => ({
		value: row.name,
		checked: 1,
		label: [
			frappe.datetime.str_to_user(row.occurred_on, false, true),
			escape(row.ticket),
			row.component ? __(row.component, null, "Timebank Entry") : row.entry_type && __(row.entry_type, null, "Timebank Entry"),
			row.overage ? hours(row.overage) : "", // of retainer.js: Frappe runs a form's scripts as one
			format_currency(row.amount, row.currency),
		]
			.filter(Boolean)
			.join(" \u00b7 "),
	}));
	const decide = (method) => {
		const values = dialog.get_values();
		if (!values) return;
		if (!values.entries?.length) frappe.throw(__("Choose what to decide on."));
		frappe
			.xcall(`${SUPPORT_RETAINER_BILLING}.${method}`, { entries: values.entries, reason: values.reason })
			.then(() => {
				dialog.hide();
				frm.reload_doc();
			});
	};
	const dialog = new frappe.ui.Dialog({
		title: __("Decide on Held Time"),
		fields: [
			{ fieldtype: "MultiCheck", fieldname: "entries", label: __("Held"), options, columns: 1 },
			{
				fieldtype: "Small Text",
				fieldname: "reason",
				label: __("Who Decided, and Why"),
				reqd: 1,
				description: __("For example: approved by telephone by the customer's buyer."),
			},
		],
		primary_action_label: __("Approve"),
		primary_action: () => decide("approve_overage"),
		secondary_action_label: __("Decline"),
		secondary_action: () => decide("decline_overage"),
	});
	dialog.show();
}

function support_retainer_ask({ title, label, fields, call, done, size }) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		size,
		primary_action_label: label,
		primary_action: async (values) => {
			dialog.disable_primary_action();
			try {
				const answer = await call(values);
				dialog.hide();
				done(answer, values);
			} finally {
				dialog.enable_primary_action();
			}
		},
	});
	dialog.show();
	return dialog;
}
