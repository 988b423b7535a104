frappe.ui.form.on("Sales Order", {
	refresh(frm) {
		if (frm.doc.docstatus !== 1 || frm.doc.per_billed >= 100) return;
		const method = "erpnext.selling.doctype.sales_order.sales_order.make_sales_invoice";
		frm.add_custom_button(
			__("Sales Invoice"),
			() => frappe.model.open_mapped_doc({ method, frm }),
			__("Create")
		);
	},
});
