// What is only read: Frappe shows a choice without its document type, and so in the word of whichever app has one, and the
// name of a document type in English.

function support_retainer_own_words(frm) {
	const tables = frm.meta.fields.filter((df) => df.fieldtype === "Table").map((df) => df.options);
	for (const doctype of [frm.doctype, ...tables]) {
		// a form that stands already has copies of its own
		const copies = Object.values(frappe.meta.docfield_copy[doctype] || {});
		for (const df of Object.values(frappe.meta.docfield_map[doctype] || {})) {
			let formatter = null;
			if (df.fieldtype === "Select") formatter = (value) => (value ? __(value, null, doctype) : "");
			else if (df.options === "DocType" && df.read_only) formatter = (value) => (value ? __(value) : "");
			if (!formatter) continue;
			for (const known of [df, ...copies.map((fields) => fields[df.fieldname])]) if (known) known.formatter = formatter;
		}
	}
}
