// Text is text: what people wrote meets HTML through these alone. Frappe shows messages, the labels and titles of dialogs, and
// indicators as HTML.

frappe.provide("support_retainer");

/** A text as HTML that reads as it was written. */
support_retainer.escape = (text) => frappe.utils.escape_html(String(text ?? ""));

/** A translated sentence as HTML, its {0}, {1} … filled in with texts. */
support_retainer.fill = (sentence, texts) =>
	support_retainer.escape(sentence).replace(/\{(\d+)\}/g, (_all, place) => support_retainer.escape(texts[place]));

/** A text of several lines as HTML. */
support_retainer.lines = (text) => support_retainer.escape(text).replace(/\n/g, "<br>");

/** The same for a text that may have been escaped before. */
support_retainer.escape_once = (text) => support_retainer.escape(frappe.utils.unescape_html(String(text ?? "")));
