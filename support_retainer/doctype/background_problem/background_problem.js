frappe.ui.form.on("Background Problem", {
	refresh(frm) {
		frm.set_intro();
		if (frm.doc.status === "Solved") frm.set_intro(__("Done since, at a later try."), "green");
	},
});
