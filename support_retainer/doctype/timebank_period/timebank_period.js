frappe.ui.form.on("Timebank Period", {
	refresh(frm) {
		frm.disable_save();
		if (frm.is_new()) return;
		frm.add_custom_button(__("Ledger", null, "Timebank"), () => show_ledger(frm));
		show_balance(frm);
	},
});

/** An empty bank says so: Frappe hides a duration of zero. */
function show_balance(frm) {
	const doc = frm.doc;
	const time_in = doc.allotted + doc.carried_in + doc.topped_up;
	if (!time_in) return;
	const left = __("{0} of {1} left", [hours(doc.balance), hours(time_in)]);
	const beyond = doc.overage ? " \u00b7 " + __("{0} beyond the time bank", [hours(doc.overage)]) : "";
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline_alert(left + beyond, doc.balance > 0 ? "green" : "orange");
}

function hours(seconds) {
	const minutes = Math.floor(Math.abs(cint(seconds)) / 60);
	const rest = Math.abs(cint(seconds)) % 60;
	const pad = (number) => String(number).padStart(2, "0");
	return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}${rest ? `:${pad(rest)}` : ""}`;
}

function show_ledger(frm) {
	frappe.set_route("List", "Timebank Entry", "Report", { period: frm.doc.name });
}
