frappe.ui.form.on("Holiday List", {
	get_weekly_off_dates: (frm) => frm.call("get_weekly_off_dates").then(() => frm.dirty()),
	clear_table: (frm) => frm.call("clear_table").then(() => frm.dirty()),
});
