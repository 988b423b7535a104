frappe.ui.form.on("Timesheet", {
	setup(frm) {
		frm.ignore_doctypes_on_cancel_all = ["Sales Invoice"];
		frm.set_query("employee", () => ({ filters: { status: "Active" } }));
		frm.set_query("parent_project", () => {
			const customer = frm.doc.customer ? { customer: frm.doc.customer } : {};
			return { filters: { status: "Open", ...customer } };
		});
		frm.set_query("project", "time_logs", () => {
			const { company, customer } = frm.doc;
			return { filters: customer ? { company, customer } : { company } };
		});
		frm.set_query("task", "time_logs", (doc, cdt, cdn) => ({
			filters: { project: locals[cdt][cdn].project, status: ["!=", "Cancelled"], is_group: 0 },
		}));
	},

	async onload(frm) {
		if (!frm.is_new() || frm.doc.employee) return;
		const user = { user_id: frappe.session.user };
		const { message } = await frappe.db.get_value("Employee", user, ["name", "company"]);
		if (message && message.name) {
			frm.set_value({ employee: message.name, company: message.company });
		}
	},

	refresh(frm) {
		const { docstatus, total_billable_hours, total_billed_hours, per_billed } = frm.doc;
		if (docstatus === 1 && per_billed < 100 && total_billable_hours > total_billed_hours) {
			frm.add_custom_button(__("Create Sales Invoice"), () => frm.trigger("make_invoice"));
		}
		const grid = frm.fields_dict.time_logs.grid;
		["billing_hours", "is_billable"].forEach((field) => grid.toggle_enable(field, !(per_billed > 0)));
		const base = frappe.defaults.get_global_default("currency");
		frm.toggle_display(
			["base_total_costing_amount", "base_total_billable_amount", "base_total_billed_amount"],
			frm.doc.currency && frm.doc.currency !== base
		);
	},

	async currency(frm) {
		const to_currency = frappe.defaults.get_global_default("currency");
		if (!frm.doc.currency || frm.doc.currency === to_currency) return;
		const args = { from_currency: frm.doc.currency, to_currency };
		const { message } = await frappe.call("erpnext.setup.utils.get_exchange_rate", args);
		if (message) frm.set_value("exchange_rate", flt(message));
	},

	exchange_rate(frm) {
		(frm.doc.time_logs || []).forEach((row) => set_amounts(row.doctype, row.name, frm));
		set_totals(frm);
	},

	parent_project(frm) {
		for (const row of frm.doc.time_logs || []) {
			frappe.model.set_value(row.doctype, row.name, "project", frm.doc.parent_project);
		}
	},

	make_invoice(frm) {
		const fields = [{ fieldtype: "Link", fieldname: "item_code", label: __("Item Code"), options: "Item" }];
		if (!frm.doc.customer) {
			fields.push({ fieldtype: "Link", fieldname: "customer", label: __("Customer"), options: "Customer" });
		}
		const create = async (values) => {
			const { message } = await frappe.call({
				method: "erpnext.projects.doctype.timesheet.timesheet.make_sales_invoice",
				args: {
					source_name: frm.doc.name,
					item_code: values.item_code,
					customer: frm.doc.customer || values.customer,
					currency: frm.doc.currency,
				},
				freeze: true,
			});
			frappe.model.sync(message);
			frappe.set_route("Form", message.doctype, message.name);
		};
		frappe.prompt(fields, create, __("Create Sales Invoice"), __("Create Sales Invoice"));
	},
});

frappe.ui.form.on("Timesheet Detail", {
	time_logs_add(frm, cdt, cdn) {
		if (frm.doc.parent_project) frappe.model.set_value(cdt, cdn, "project", frm.doc.parent_project);
	},

	time_logs_remove: (frm) => set_totals(frm),

	async task(frm, cdt, cdn) {
		const { task } = locals[cdt][cdn];
		if (!task) return;
		const { message } = await frappe.db.get_value("Task", task, "project");
		frappe.model.set_value(cdt, cdn, "project", message.project);
	},

	from_time: (frm, cdt, cdn) => set_end(frm, cdt, cdn),

	to_time(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (frm.setting_hours || !row.from_time || !row.to_time) return;
		const seconds = moment(row.to_time).diff(moment(row.from_time), "seconds");
		frappe.model.set_value(cdt, cdn, "hours", seconds / 3600);
	},

	hours(frm, cdt, cdn) {
		set_end(frm, cdt, cdn);
		set_billing_hours(frm, cdt, cdn);
	},

	is_billable: (frm, cdt, cdn) => set_billing_hours(frm, cdt, cdn),
	billing_hours: (frm, cdt, cdn) => recalculate(frm, cdt, cdn),
	billing_rate: (frm, cdt, cdn) => recalculate(frm, cdt, cdn),
	costing_rate: (frm, cdt, cdn) => recalculate(frm, cdt, cdn),

	async activity_type(frm, cdt, cdn) {
		const { activity_type } = locals[cdt][cdn];
		if (!activity_type) return;
		const args = { employee: frm.doc.employee, activity_type, currency: frm.doc.currency };
		const method = "erpnext.projects.doctype.timesheet.timesheet.get_activity_cost";
		const { message } = await frappe.call({ method, args });
		if (!message) return;
		const { billing_rate, costing_rate } = message;
		await frappe.model.set_value(cdt, cdn, { billing_rate, costing_rate });
		recalculate(frm, cdt, cdn);
	},
});

async function set_end(frm, cdt, cdn) {
	const row = locals[cdt][cdn];
	if (!row.from_time) {
		await frappe.model.set_value(cdt, cdn, "from_time", frappe.datetime.get_datetime_as_string());
	}
	if (!row.hours) return;
	const end = moment(row.from_time).add(row.hours, "hours").format(frappe.defaultDatetimeFormat);
	frm.setting_hours = true;
	await frappe.model.set_value(cdt, cdn, "to_time", end);
	frm.setting_hours = false;
}

async function set_billing_hours(frm, cdt, cdn) {
	const row = locals[cdt][cdn];
	const values = row.is_billable ? { billing_hours: row.hours } : { billing_hours: 0, billing_rate: 0 };
	await frappe.model.set_value(cdt, cdn, values);
	recalculate(frm, cdt, cdn);
}

function recalculate(frm, cdt, cdn) {
	set_amounts(cdt, cdn, frm);
	set_totals(frm);
}

function set_amounts(cdt, cdn, frm) {
	const row = locals[cdt][cdn];
	const rate = flt(frm.doc.exchange_rate);
	const billed = row.is_billable ? flt(row.billing_hours) : 0;
	const billing_amount = billed * flt(row.billing_rate);
	const costing_amount = flt(row.hours) * flt(row.costing_rate);
	frappe.model.set_value(cdt, cdn, {
		billing_amount,
		costing_amount,
		base_billing_rate: flt(row.billing_rate) * rate,
		base_costing_rate: flt(row.costing_rate) * rate,
		base_billing_amount: billing_amount * rate,
		base_costing_amount: costing_amount * rate,
	});
}

function set_totals(frm) {
	const rows = frm.doc.time_logs || [];
	const sum = (field, of = rows) => of.reduce((total, row) => total + flt(row[field]), 0);
	frm.set_value({
		total_hours: sum("hours"),
		total_billable_hours: sum("billing_hours", rows.filter((row) => row.is_billable)),
		total_billable_amount: sum("billing_amount"),
		total_costing_amount: sum("costing_amount"),
	});
}
