frappe.ui.form.on("Quotation", {
	setup: (frm) => frm.set_query("quotation_to", () => ({ filters: { name: "Customer" } })),

	refresh(frm) {
		if (frm.doc.docstatus !== 1 || !["Open", "Partially Ordered"].includes(frm.doc.status)) return;
		const method = "erpnext.selling.doctype.quotation.quotation.make_sales_order";
		frm.add_custom_button(
			__("Sales Order"),
			() => frappe.model.open_mapped_doc({ method, frm }),
			__("Create")
		);
	},
});
