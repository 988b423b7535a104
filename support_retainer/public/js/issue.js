// What was promised, at the head of the ticket, and the button that says work has begun.

frappe.ui.form.on("Issue", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.retainer) return;
		support_retainer_headline(frm);
		support_retainer_clock(frm);
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

// The forecast of the queue and the calendar's end are asked for: they are nowhere stored.
function support_retainer_clock(frm) {
	if (["Resolved", "Closed"].includes(frm.doc.status)) return;
	frappe
		.xcall("support_retainer.tickets.form.clock_info", { ticket_type: frm.doctype, ticket: frm.docname })
		.then((info) => {
			if (info.place) {
				const when = info.forecast ? frappe.datetime.str_to_user(info.forecast) : __("not in sight");
				support_retainer_headline(frm, __("place {0} in the queue, forecast {1} (not promised)", [info.place, when]));
			}
			if (info.warning) frm.set_intro(frappe.utils.escape_html(info.warning), "orange");
		});
}

function support_retainer_headline(frm, queue) {
	const parts = [
		support_retainer_promise(frm.doc, "assign", __("Assigned")),
		support_retainer_promise(frm.doc, "start", __("Started")),
	];
	if (queue) parts.push({ text: queue, color: "blue" });
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
	const risky = doc[`${target}_at_risk_on`];
	if (risky && status === "Pending")
		return { text: __("{0} by {1}: at risk", [label, when(by)]), color: "orange" };
	const late = status === "Breached" || moment(frappe.datetime.now_datetime()).isAfter(by);
	return { text: __("{0} by {1}", [label, when(by)]), color: late ? "red" : "blue" };
}
