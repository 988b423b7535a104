frappe.provide("support_retainer");

/** Whole seconds as 1:15:00. Signed: a reversal is below zero, which Frappe's Duration field does not print. */
support_retainer.hms = (seconds) => {
	const whole = Math.abs(cint(seconds));
	const pad = (number) => String(number).padStart(2, "0");
	const text = `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
	return seconds < 0 ? `\u2212${text}` : text;
};

for (const field of ["seconds", "worked", "charged", "drawn", "overage", "base", "would_charged"]) {
	const df = frappe.meta.get_docfield("Timebank Entry", field);
	if (df) df.formatter = (value) => `<div style="text-align: right">${support_retainer.hms(value)}</div>`;
}

frappe.listview_settings["Timebank Entry"] = {
	hide_name_column: true,
	add_fields: ["entry_type", "billing_status", "is_reversed", "reversal_of", "currency"],
	get_indicator(doc) {
		if (doc.reversal_of) return [__("Reversal"), "gray", "reversal_of,is,set"];
		if (doc.is_reversed) return [__("Reversed"), "gray", "is_reversed,=,1"];
		const colour = { "To Bill": "orange", Held: "yellow", Owed: "yellow", Billed: "green" };
		if (doc.billing_status) {
			return [
				__(doc.billing_status, null, "Timebank Entry"),
				colour[doc.billing_status] || "gray",
				`billing_status,=,${doc.billing_status}`,
			];
		}
		return [__(doc.entry_type, null, "Timebank Entry"), "blue", `entry_type,=,${doc.entry_type}`];
	},
	formatters: {
		entry_type: (value) => __(value, null, "Timebank Entry"),
		occurred_on: (value) => frappe.datetime.str_to_user(value, false, true),
		seconds: (value) => `<span>${support_retainer.hms(value)}</span>`,
	},
};
