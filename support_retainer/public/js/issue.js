// What was promised, at the head of the ticket, and the button that says work has begun.

frappe.ui.form.on("Issue", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.retainer) return;
		support_retainer_headline(frm);
		const open = !["Resolved", "Closed"].includes(frm.doc.status);
		if (open && !frm.doc.started_on && frm.perm[0]?.write) {
			frm.add_custom_button(__("Start work"), () => support_retainer_start(frm));
		}
	},
});

function support_retainer_start(frm) {
	return frm.call({
		method: "support_retainer.tickets.work.start_work",
		args: { ticket_type: frm.doctype, ticket: frm.docname },
		freeze: true,
	}).then(() => frm.reload_doc());
}

function support_retainer_headline(frm) {
	const parts = [
		support_retainer_promise(frm.doc, "assign", __("Assigned")),
		support_retainer_promise(frm.doc, "start", __("Started")),
	];
	const order = ["red", "orange", "blue", "green"];
	const color = order.find((each) => parts.some((part) => part.color === each));
	const rule = frappe.utils.escape_html(__(frm.doc.sla_rule || "No rule"));
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline_alert(
		`<strong>${rule}</strong> &middot; ${parts.map((part) => part.text).join(" &middot; ")}`,
		color
	);
}

function support_retainer_promise(doc, target, label) {
	const status = doc[`${target}_status`];
	const by = doc[`${target}_by`];
	const done = doc[target === "assign" ? "assigned_on" : "started_on"];
	const when = (moment) => frappe.datetime.str_to_user(moment);
	if (status === "Met") return { text: __("{0} {1}, as promised", [label, when(done)]), color: "green" };
	if (status === "Breached" && done)
		return { text: __("{0} {1}, promised by {2}", [label, when(done), when(by)]), color: "red" };
	if (status === "Queued") return { text: __("{0} at the first available slot", [label]), color: "blue" };
	if (status === "Paused") return { text: __("{0}: paused", [label]), color: "blue" };
	if (!by) return { text: __("{0}: no promised time", [label]), color: "blue" };
	const late = status === "Breached" || moment(frappe.datetime.now_datetime()).isAfter(by);
	return { text: __("{0} by {1}", [label, when(by)]), color: late ? "red" : "orange" };
}
