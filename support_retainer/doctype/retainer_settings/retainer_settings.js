frappe.ui.form.on("Retainer Settings", {
	refresh(frm) {
		support_retainer_calendar_intro(frm);
		frm.add_custom_button(__("SLA Rules"), () => frappe.set_route("List", "SLA Rule"));
		if (!frm.perm[0]?.write) return;
		if (frappe.model.can_create("Holiday List")) {
			frm.add_custom_button(__("Fill Swedish Holidays"), () => support_retainer_fill_holidays(frm));
		}
		frm.add_custom_button(__("Recalculate Running Tickets"), () => support_retainer_recalculate(frm));
	},
});

function support_retainer_calendar_intro(frm) {
	if (!frm.doc.holiday_list) {
		frm.set_intro(__("Choose a holiday list. Without one no retainer can be activated."), "orange");
		return;
	}
	frappe.xcall("support_retainer.contracts.holidays.warning").then((warning) => {
		if (warning) frm.set_intro(support_retainer.escape(warning), "orange");
	});
}

function support_retainer_fill_holidays(frm) {
	const year = Number(frappe.datetime.get_today().slice(0, 4));
	frappe.prompt(
		[
			{
				fieldname: "holiday_list",
				fieldtype: "Data",
				label: __("Holiday List"),
				default: frm.doc.holiday_list || __("Sweden"),
				description: __("A list that does not exist is made. Days it has already stay as they are."),
				reqd: 1,
			},
			{ fieldname: "from_year", fieldtype: "Int", label: __("From Year"), default: year, reqd: 1 },
			{ fieldname: "to_year", fieldtype: "Int", label: __("To Year"), default: year + 2, reqd: 1 },
		],
		(values) =>
			frappe.xcall("support_retainer.contracts.holidays.fill_swedish_holidays", values).then((done) => {
				frappe.show_alert({
					message: support_retainer.fill(__("{0} days added to {1}"), [done.added, done.holiday_list]),
					indicator: "green",
				});
				if (!frm.doc.holiday_list) frm.set_value("holiday_list", done.holiday_list);
				else support_retainer_calendar_intro(frm);
			}),
		__("Public days, and the eves of Midsummer, Christmas and New Year"),
		__("Fill")
	);
}

// Edited rules, hours and holidays reach running tickets only from here.
function support_retainer_recalculate(frm) {
	if (frm.is_dirty()) return frappe.msgprint(__("Save the settings first."));
	return frappe
		.xcall("support_retainer.tickets.recalculate.preview")
		.then((found) => {
			if (!found.changed)
				return frappe.msgprint(__("None of the {0} running tickets would change.", [found.tickets]));
			const escape = support_retainer.escape;
			const when = (moment) => (moment ? frappe.datetime.str_to_user(moment) : "–");
			const rows = found.examples.map(
				(each) =>
					`<li><b>${escape(each.ticket)}</b> ${escape(each.subject)}: ` +
					`${when(each.start_by[0])} → ${when(each.start_by[1])}</li>`
			);
			frappe.confirm(
				__("{0} of {1} running tickets get another promise. Recalculate them?", [found.changed, found.tickets]) +
					`<ul>${rows.join("")}</ul>`,
				() => frappe.xcall("support_retainer.tickets.recalculate.start").then(() =>
					frappe.show_alert({ message: __("Recalculating in the background"), indicator: "blue" })
				)
			);
		});
}
