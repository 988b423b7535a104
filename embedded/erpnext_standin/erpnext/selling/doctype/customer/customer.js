frappe.ui.form.on("Customer", {
	setup(frm) {
		frm.set_query("account", "accounts", (doc, cdt, cdn) => ({
			filters: { account_type: "Receivable", is_group: 0, company: locals[cdt][cdn].company },
		}));
		frm.set_query("customer_primary_contact", () => ({
			filters: { link_doctype: "Customer", link_name: frm.doc.name },
		}));
	},

	refresh(frm) {
		frappe.dynamic_link = { doc: frm.doc, fieldname: "name", doctype: "Customer" };
		if (frm.is_new()) {
			frappe.contacts.clear_address_and_contact(frm);
		} else {
			frappe.contacts.render_address_and_contact(frm);
		}
	},
});
