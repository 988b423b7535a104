// What the forms of estimates and sprints have in common: send, withdraw, answer for the customer.

/** Call a method of the consent room for this document, then show what came of it. */
function support_retainer_call(frm, method, args) {
	return frm
		.call({ method: `support_retainer.consent.api.${method}`, args, freeze: true, type: "POST" })
		.then(({ message }) => frm.reload_doc().then(() => message));
}

/** The buttons of a question, by where it stands; a document that was sent is shown as it was asked. */
function support_retainer_question(frm, kind, waiting) {
	const { doctype, name } = frm.doc;
	const may_write = frm.perm[0]?.write;
	if (frm.doc.status !== "Draft") {
		frm.set_read_only();
		frm.disable_save();
	}
	if (!may_write) return;
	if (frm.doc.status === "Draft" && !frm.is_dirty()) {
		frm.add_custom_button(__("Send to Customer"), () =>
			frappe.confirm(
				support_retainer.fill(__("Send {0} to {1}? Its text and figures then stand still."), [name, frm.doc.customer]),
				() =>
				support_retainer_call(frm, "send", { doctype, name })
			)
		).addClass("btn-primary");
	}
	if ([waiting, "Expired"].includes(frm.doc.status)) {
		frm.add_custom_button(__("Withdraw"), () =>
			frappe.confirm(
				support_retainer.fill(__("Take {0} back? It is a draft again, and the customer can no longer answer it."), [name]),
				() =>
				support_retainer_call(frm, "withdraw", { doctype, name })
			)
		);
	}
	if (frm.doc.status === waiting && frappe.user.has_role("Retainer Manager")) {
		frm.add_custom_button(__("Answer for the Customer…"), () => support_retainer_answer(frm, kind));
	}
}

/** Keep an answer that came by phone or mail; a sprint's tickets may be approved one by one. */
function support_retainer_answer(frm, kind) {
	const tickets = (frm.doc.tickets || []).map((row) => ({
		label: support_retainer.escape(`${row.ticket}: ${row.subject}`),
		value: row.ticket,
		checked: 1,
	}));
	const fields = [
		{
			fieldname: "answer",
			fieldtype: "Select",
			label: __("Answer"),
			options: [
				{ value: "approve", label: __("Approved") },
				{ value: "decline", label: __("Declined") },
			],
			reqd: 1,
		},
		{
			fieldname: "source",
			fieldtype: "Select",
			label: __("How It Came"),
			options: [
				{ value: "Desk", label: __("By phone or in person") },
				{ value: "Mail", label: __("By mail") },
			],
			default: "Desk",
			reqd: 1,
		},
		{
			fieldname: "reason",
			fieldtype: "Small Text",
			label: __("Who Said So, and When"),
			description: __("Kept with the answer."),
			reqd: 1,
		},
		{ fieldname: "note", fieldtype: "Small Text", label: __("The Customer's Note") },
	];
	if (tickets.length) {
		fields.splice(1, 0, {
			fieldname: "parts",
			fieldtype: "MultiCheck",
			label: __("Approved Tickets"),
			options: tickets,
			columns: 1,
			depends_on: "eval:doc.answer == 'approve'",
		});
	}
	const dialog = new frappe.ui.Dialog({
		title: support_retainer.fill(__("Answer for {0}"), [frm.doc.customer]),
		fields,
		primary_action_label: __("Keep the Answer"),
		primary_action(values) {
			dialog.hide();
			support_retainer_call(frm, "answer", {
				kind,
				name: frm.doc.name,
				approve: values.answer === "approve" ? 1 : 0,
				note: values.note,
				parts: tickets.length ? JSON.stringify(values.parts || []) : undefined,
				fingerprint: frm.doc.fingerprint,
				reason: values.reason,
				source: values.source,
			}).then((given) => {
				if (!given) return;
				const message = support_retainer.escape(given.message);
				frappe.show_alert({ message, indicator: given.counted ? "green" : "orange" });
			});
		},
	});
	dialog.show();
}

/** Seconds as h:mm, as the texts to the customer have them. */
function support_retainer_hours(seconds) {
	const minutes = Math.floor(Math.abs(seconds) / 60);
	const rest = Math.abs(seconds) % 60;
	const text = `${seconds < 0 ? "-" : ""}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
	return rest ? `${text}:${String(rest).padStart(2, "0")}` : text;
}
