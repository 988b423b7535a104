const TERMS = ["increment_minutes", "project_management_percent", "estimate_threshold_hours"];
const RUNNING = ["Trialling", "Active", "Past Due Date"];
// Every field that is said in words.
const SAID = [
	...TERMS,
	...["company", "currency", "mode", "period", "hours_per_period", "hourly_rate", "fee_billing", "retainer_fee"],
	...["carry_over", "carry_over_periods", "carry_over_cap_hours", "overage_policy", "surcharge_settlement"],
	...["rounding_scope", "invoice_cadence", "submit_invoices", "invoice_delivery", "start_date", "end_date"],
];

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
		frm.say_terms = frappe.utils.debounce(() => say_terms(frm), 400);
	},

	onload(frm) {
		if (frm.is_new()) fill_in_terms(frm);
	},

	refresh(frm) {
		frm.say_terms();
		if (frm.is_new()) return;
		show_bank(frm);
		frm.add_custom_button(__("Ledger", null, "Timebank"), () => show_ledger(frm), __("View"));
	},

	customer: set_currency,
	company: set_currency,
});

frappe.ui.form.on("Retainer", Object.fromEntries(SAID.map((field) => [field, (frm) => frm.say_terms()])));

/** Show the terms a new retainer starts with; the server fills in the same where a field is left empty. */
async function fill_in_terms(frm) {
	const settings = await frappe.db.get_doc("Retainer Settings");
	for (const field of TERMS) {
		const value = frm.doc[field];
		if (value === undefined || value === null) await frm.set_value(field, settings[field]);
	}
	if (!frm.doc.start_date) await frm.set_value("start_date", frappe.datetime.get_today());
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

/** The terms as one would say them to the customer, while the form is filled in. */
async function say_terms(frm) {
	const asked = (frm.asked_words = {});
	const lines = await frappe.xcall("support_retainer.desk.api.terms_in_words", { doc: frm.doc });
	if (asked !== frm.asked_words) return;
	frm.get_field("in_words").$wrapper.html(words_html(lines));
}

function words_html([first, ...others]) {
	const escape = support_retainer.escape;
	const rest = others.map((line) => `<li>${escape(line)}</li>`).join("");
	return `<p class="bold mb-2">${escape(first || "")}</p><ul class="text-muted pl-4 mb-3">${rest}</ul>`;
}

// the bank ------------------------------------------------------------------------------------------

async function show_bank(frm) {
	const name = frm.doc.name;
	const bank = await frappe.xcall("support_retainer.desk.api.retainer_picture", { name });
	if (frm.doc.name !== name) return;
	frm.bank = bank;
	const parts = bank.mode === "With Timebank" ? [bar_html(bank), periods_html(bank)] : [];
	frm.get_field("bank").$wrapper.html(`${figures_html(bank)}${parts.join("")}`);
	frm.trigger("bank_shown");
}

/** Seconds as "1:15", or "1:52:30" where there are any: what is drawn and what is left must add up. */
function hours(seconds) {
	const two = (number) => String(number).padStart(2, "0");
	const [whole, rest] = [Math.floor(Math.abs(seconds) / 60), Math.abs(seconds) % 60];
	const text = `${Math.floor(whole / 60)}:${two(whole % 60)}${rest ? `:${two(rest)}` : ""}`;
	return seconds < 0 ? `\u2212${text}` : text;
}

function figures_html(bank) {
	const money = (sum) => format_currency(sum.amount, bank.currency);
	const figures = [];
	if (bank.mode === "With Timebank") {
		figures.push([__("In the bank"), hours(bank.balance), bank.balance > 0 ? "green" : "orange"]);
		figures.push([__("Reserved by tickets"), hours(bank.reserved), ""]);
		figures.push([__("Not reserved"), hours(bank.free), bank.free > 0 ? "" : "orange"]);
	}
	if (bank.owed) figures.push([__("Owed by the next period"), hours(bank.owed), "orange"]);
	if (bank.held.count) {
		const held = `${hours(bank.held.seconds)} \u00b7 ${money(bank.held)}`;
		figures.push([__("Held for approval"), held, "orange"]);
	}
	figures.push([__("To invoice"), money(bank.unbilled), ""]);
	const cells = figures.map(
		([label, value, colour]) => `<div style="min-width: 130px">
			<div class="text-muted small">${label}</div>
			<div class="bold" style="font-size: 1.25em${colour && `; color: var(--${colour}-600)`}">${value}</div>
		</div>`
	);
	return `<div class="d-flex flex-wrap mb-3" style="gap: 8px 28px">${cells.join("")}</div>`;
}

/** This period: what was drawn, what open tickets have reserved, what is free. */
function bar_html(bank) {
	const whole = Math.max(bank.given, bank.drawn + bank.balance, 1);
	const reserved = Math.min(bank.reserved, Math.max(0, bank.balance));
	const free = Math.max(0, bank.balance - reserved);
	const parts = [
		[__("Drawn"), bank.drawn, "blue-500"],
		[__("Reserved"), reserved, "yellow-400"],
		[__("Not reserved"), free, "green-500"],
	];
	const bars = parts.map(
		([label, seconds, colour]) =>
			`<div class="progress-bar" title="${label}: ${hours(seconds)}"
				style="width: ${(100 * seconds) / whole}%; background-color: var(--${colour})"></div>`
	);
	const legend = parts.map(
		([label, seconds, colour]) => `<span class="mr-3"><span style="display: inline-block; width: 8px; height: 8px;
			border-radius: 50%; background-color: var(--${colour})"></span> ${label} ${hours(seconds)}</span>`
	);
	return `<div class="progress" style="height: 12px; background-color: var(--control-bg)">${bars.join("")}</div>
		<div class="small text-muted mt-1 mb-3">${legend.join("")}</div>`;
}

function periods_html(bank) {
	if (!bank.periods.length) return "";
	const rows = bank.periods
		.slice()
		.reverse()
		.map((period) => {
			const share = period.given ? Math.min(100, (100 * period.drawn) / period.given) : 0;
			const dates = `${frappe.datetime.str_to_user(period.from_date)} \u2013 ${frappe.datetime.str_to_user(
				period.to_date
			)}`;
			const status = `<span class="indicator-pill ${period.status === "Open" ? "green" : "gray"}">${__(
				period.status,
				null,
				"Timebank Period"
			)}</span>`;
			return `<tr>
				<td>${frappe.utils.get_form_link("Timebank Period", period.name, true, dates)}</td>
				<td style="width: 35%; vertical-align: middle"><div class="progress" style="height: 6px; background-color: var(--control-bg)"><div
					class="progress-bar" style="width: ${share}%; background-color: var(--blue-500)"></div></div></td>
				<td class="text-right">${__("{0} of {1}", [hours(period.drawn), hours(period.given)])}</td>
				<td class="text-right">${period.overage ? __("{0} beyond", [hours(period.overage)]) : ""}</td>
				<td class="text-right">${status}</td>
			</tr>`;
		});
	return `<table class="table table-sm small mb-0"><tbody>${rows.join("")}</tbody></table>`;
}

function show_ledger(frm) {
	frappe.set_route("List", "Timebank Entry", "Report", { retainer: frm.doc.name });
}
