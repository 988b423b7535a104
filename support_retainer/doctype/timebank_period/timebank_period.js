const MANAGERS = ["Retainer Manager", "System Manager"];

frappe.ui.form.on("Timebank Period", {
	setup: (frm) => support_retainer_own_words(frm),

	refresh(frm) {
		frm.disable_save();
		if (frm.is_new()) return;
		frm.add_custom_button(__("Ledger", null, "Timebank"), () => show_ledger(frm));
		frm.add_custom_button(__("Statement to Check (JSON)"), () => download(frm));
		show_balance(frm);
		if (!MANAGERS.some((role) => frappe.user.has_role(role))) return;
		const ended = frm.doc.to_date < frappe.datetime.get_today();
		if (frm.doc.status === "Open" && ended) {
			frm.add_custom_button(__("Close period"), () => close(frm));
		} else if (frm.doc.status === "Closed") {
			frm.add_custom_button(__("Reopen"), () => reopen(frm));
		}
	},
});

/** An empty bank says so: Frappe hides a duration of zero. */
function show_balance(frm) {
	const doc = frm.doc;
	const time_in = doc.allotted + doc.carried_in + doc.topped_up;
	frm.dashboard.clear_headline();
	if (!time_in) return;
	const left = `<strong>${__("{0} of {1} left", [hours(doc.balance), hours(time_in)])}</strong>`;
	const parts = [
		[__("{0} drawn", [hours(doc.drawn)]), doc.drawn, "blue-500"],
		[left, doc.balance, "green-500"],
		[__("{0} carried over", [hours(doc.carried_out)]), doc.carried_out, "purple-500"],
		[__("{0} expired", [hours(doc.expired)]), doc.expired, "gray-500"],
	];
	const share = (seconds) => `${Math.min(100, (100 * Math.max(0, seconds)) / time_in)}%`;
	const bars = parts.map(
		([, seconds, colour]) =>
			`<div class="progress-bar" style="width: ${share(seconds)}; background-color: var(--${colour})"></div>`
	);
	const dot = (colour) => `<span style="display: inline-block; width: 8px; height: 8px; margin: 0 6px 1px 2px;
		border-radius: 50%; background-color: var(--${colour}); box-shadow: 0 0 0 2px white"></span>`;
	const legend = parts
		.filter(([text, seconds]) => seconds || text === left)
		.map(([text, , colour]) => `<span class="mr-4">${dot(colour)}${text}</span>`);
	if (doc.overage) legend.push(`<span>${__("{0} beyond the time bank", [hours(doc.overage)])}</span>`);
	frm.dashboard.set_headline_alert(
		`<div>${legend.join("")}</div>
		<div class="progress mt-2" style="height: 8px; box-shadow: 0 0 0 1px white">${bars.join("")}</div>`,
		doc.balance > 0 || doc.status === "Closed" ? "green" : "orange"
	);
}

function hours(seconds) {
	const minutes = Math.floor(Math.abs(cint(seconds)) / 60);
	const rest = Math.abs(cint(seconds)) % 60;
	const pad = (number) => String(number).padStart(2, "0");
	const text = `${Math.floor(minutes / 60)}:${pad(minutes % 60)}${rest ? `:${pad(rest)}` : ""}`;
	return seconds < 0 ? `\u2212${text}` : text;
}

function show_ledger(frm) {
	frappe.set_route("List", "Timebank Entry", "Report", { period: frm.doc.name });
}

/** The entries as links of the hash chain: python -m support_retainer.core.chain FILE HASH */
function download(frm) {
	const period = encodeURIComponent(frm.doc.name);
	window.open(`/api/method/support_retainer.desk.api.period_export?period=${period}`);
}

function close(frm) {
	frappe.confirm(
		support_retainer.fill(__("Close every period of {0} that has ended, and invoice what follows?"), [frm.doc.retainer]),
		async () => {
			const args = { retainer: frm.doc.retainer };
			await frappe.xcall("support_retainer.billing.api.close_periods", args);
			frappe.show_alert({ message: __("Closing runs in the background."), indicator: "blue" });
			setTimeout(() => frm.reload_doc(), 4000);
		}
	);
}

function reopen(frm) {
	const fields = [
		{
			fieldtype: "Small Text",
			fieldname: "reason",
			label: __("Why"),
			reqd: 1,
			description: __("What its closing wrote is reversed; the reason stays in the closing report."),
		},
	];
	const done = async ({ reason }) => {
		await frappe.xcall("support_retainer.billing.api.reopen_period", { period: frm.doc.name, reason });
		frm.reload_doc();
	};
	frappe.prompt(fields, done, __("Reopen the Period"), __("Reopen"));
}
