// What quotations, orders and invoices share on the form. ERPNext's own does much more.
// The file comes with each of the three forms; only the first time does anything.

frappe.provide("erpnext.standin");

if (!erpnext.standin.selling) {
	erpnext.standin.company_currency = {};
	const selling = (erpnext.standin.selling = {
		setup(frm) {
			frm.set_query("item_code", "items", () => ({ filters: { is_sales_item: 1, disabled: 0 } }));
			frm.set_query("taxes_and_charges", () => ({ filters: { company: frm.doc.company, disabled: 0 } }));
			frm.set_query("selling_price_list", () => ({ filters: { selling: 1 } }));
			for (const table of ["items", "taxes"]) {
				const query = () => ({ filters: { company: frm.doc.company, is_group: 0 } });
				if (frappe.meta.has_field(frm.fields_dict[table].grid.doctype, "cost_center")) {
					frm.set_query("cost_center", table, query);
				}
			}
		},

		// Amounts in the company's currency are shown when they say something new.
		show_company_currency(frm) {
			const own = erpnext.standin.company_currency[frm.doc.company];
			const foreign = Boolean(own && frm.doc.currency && frm.doc.currency !== own);
			const base = frm.meta.fields.map((df) => df.fieldname).filter((field) => field.startsWith("base_"));
			frm.toggle_display([...base, "conversion_rate"], foreign);
			frm.toggle_display("plc_conversion_rate", own && frm.doc.price_list_currency !== own);
		},

		async learn_company_currency(frm) {
			const { company } = frm.doc;
			if (company && !erpnext.standin.company_currency[company]) {
				const { message } = await frappe.db.get_value("Company", company, "default_currency");
				erpnext.standin.company_currency[company] = message.default_currency;
			}
			selling.show_company_currency(frm);
		},

		async set_party(frm, party) {
			if (!party) return;
			const { message } = await frappe.call("erpnext.accounts.party.get_party_details", {
				party,
				company: frm.doc.company,
				posting_date: frm.doc.posting_date || frm.doc.transaction_date,
				price_list: frm.doc.selling_price_list,
				currency: frm.doc.currency,
				doctype: frm.doc.doctype,
			});
			const known = Object.entries(message).filter(
				([field, value]) => value && frm.fields_dict[field] && field !== "customer"
			);
			await frm.set_value(Object.fromEntries(known));
		},

		async set_item(frm, cdt, cdn) {
			const row = locals[cdt][cdn];
			if (!row.item_code) return;
			const args = { ...frm.doc, ...row, doctype: frm.doc.doctype, rate: 0, price_list_rate: 0 };
			for (const field of ["items", "taxes", "payment_schedule", "timesheets"]) delete args[field];
			args.customer = frm.doc.customer || frm.doc.party_name;
			const { message } = await frappe.call("erpnext.stock.get_item_details.get_item_details", { args });
			const values = { ...message, rate: message.price_list_rate };
			for (const field of Object.keys(values)) {
				if (!frappe.meta.has_field(cdt, field) || field === "item_code") delete values[field];
			}
			await frappe.model.set_value(cdt, cdn, values);
			await selling.calculate(frm);
		},

		// The server knows how to round; here its figures are only shown.
		async calculate(frm) {
			const rows = frm.doc.items || [];
			if (frm.doc.docstatus || !frm.doc.company || !rows.some((row) => row.item_name)) return;
			const method = "erpnext.controllers.selling_controller.preview_totals";
			const { message } = await frappe.call({ method, args: { doc: frm.doc } });
			Object.assign(frm.doc, message.figures);
			for (const table of ["items", "taxes"]) {
				(frm.doc[table] || []).forEach((row, index) => Object.assign(row, message[table][index]));
			}
			frm.refresh_fields();
		},

		async set_taxes(frm) {
			frm.clear_table("taxes");
			if (frm.doc.taxes_and_charges) {
				const { message } = await frappe.call(
					"erpnext.controllers.accounts_controller.get_taxes_and_charges",
					{ master_doctype: "Sales Taxes and Charges Template", master_name: frm.doc.taxes_and_charges }
				);
				(message || []).forEach((tax) => frm.add_child("taxes", tax));
			}
			await selling.calculate(frm);
			frm.refresh_field("taxes");
		},
	});

	for (const doctype of ["Quotation", "Sales Order", "Sales Invoice"]) {
		frappe.ui.form.on(doctype, {
			setup: (frm) => selling.setup(frm),
			refresh: (frm) => selling.learn_company_currency(frm),
			company: (frm) => selling.learn_company_currency(frm),
			currency: (frm) => selling.show_company_currency(frm),
			customer: (frm) => selling.set_party(frm, frm.doc.customer),
			party_name: (frm) => selling.set_party(frm, frm.doc.party_name),
			taxes_and_charges: (frm) => selling.set_taxes(frm),
			validate: (frm) => selling.calculate(frm),
		});
		frappe.ui.form.on(`${doctype} Item`, {
			item_code: (frm, cdt, cdn) => selling.set_item(frm, cdt, cdn),
			qty: (frm) => selling.calculate(frm),
			rate: (frm) => selling.calculate(frm),
			items_remove: (frm) => selling.calculate(frm),
		});
	}
}
