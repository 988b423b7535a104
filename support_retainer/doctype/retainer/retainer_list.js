frappe.listview_settings["Retainer"] = {
	add_fields: ["status", "customer", "currency", "mode"],
	get_indicator(doc) {
		const colour = { Draft: "gray", Active: "green", Paused: "orange", Ended: "darkgrey" }[doc.status];
		return [__(doc.status, null, "Retainer"), colour, `status,=,${doc.status}`];
	},
	formatters: {
		/** Narrow enough for its column; without a bank there are none. */
		hours_per_period: (value, _df, doc) => (doc.mode === "With Timebank" ? format_number(value, null, value % 1 ? 2 : 0) : "\u2013"),
	},
};
