frappe.listview_settings["SLA Rule"] = {
	add_fields: ["disabled", "urgency"],
	get_indicator(doc) {
		if (doc.disabled) return [__("Disabled"), "gray", "disabled,=,1"];
		const colour = doc.urgency === "Urgent" ? "red" : "blue";
		return [__(doc.urgency, null, "SLA Rule"), colour, `urgency,=,${doc.urgency}|disabled,=,0`];
	},
	formatters: {
		name: (value) => __(value),
		surcharge_percent: (value) => `<span>${value ? `+${flt(value)} %` : ""}</span>`,
	},
};
