// What is only read: Frappe shows a choice without its document type, and so in the word of whichever app has one, the name of a
// document type in English, and texts as HTML.

const SUPPORT_RETAINER_TEXTS = ["Small Text", "Text", "Long Text"];

function support_retainer_own_words(frm) {
	const tables = frm.meta.fields.filter((df) => df.fieldtype === "Table").map((df) => df.options);
	for (const doctype of [frm.doctype, ...tables]) {
		// a form that stands already has copies of its own
		const copies = Object.values(frappe.meta.docfield_copy[doctype] || {});
		for (const df of Object.values(frappe.meta.docfield_map[doctype] || {})) {
			let formatter = null;
			if (df.fieldtype === "Select") formatter = (value) => (value ? __(value, null, doctype) : "");
			else if (df.options === "DocType" && df.read_only) formatter = (value) => (value ? __(value) : "");
			else if (SUPPORT_RETAINER_TEXTS.includes(df.fieldtype)) formatter = support_retainer.lines;
			// a form escapes what it only shows before it asks for its format, a row of a table does not
			else if (df.fieldtype === "Data" && doctype !== frm.doctype) formatter = support_retainer.escape_once;
			if (!formatter) continue;
			for (const known of [df, ...copies.map((fields) => fields[df.fieldname])]) if (known) known.formatter = formatter;
		}
	}
}
