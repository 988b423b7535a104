// What is only read: Frappe shows a choice without its document type, and so in the word of whichever app has one, and the
// name of a document type in English.

function support_retainer_own_words(frm) {
	const tables = frm.meta.fields.filter((df) => df.fieldtype === "Table").map((df) => df.options);
	for (const doctype of [frm.doctype, ...tables]) {
		for (const df of Object.values(frappe.meta.docfield_map[doctype] || {})) {
			if (df.fieldtype === "Select") df.formatter = (value) => (value ? __(value, null, doctype) : "");
			else if (df.options === "DocType" && df.read_only) df.formatter = (value) => (value ? __(value) : "");
		}
	}
}
