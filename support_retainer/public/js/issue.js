// The head of a ticket: what was promised and how long is left, the customer's time, what was agreed, and the timer.
// The server says it (support_retainer.desk.api.ticket_head); here it only ticks.

const SUPPORT_RETAINER_ENDED = ["Resolved", "Closed"];
const SUPPORT_RETAINER_TICK = 15 * 1000;
const SUPPORT_RETAINER_ASK_AGAIN = 5 * 60 * 1000;

frappe.ui.form.on("Issue", {
	refresh(frm) {
		clearInterval(frm.support_retainer_ticking);
		if (frm.is_new()) return;
		support_retainer_ask(frm);
		frm.support_retainer_ticking = setInterval(() => support_retainer_tick(frm), SUPPORT_RETAINER_TICK);
	},
});

async function support_retainer_ask(frm) {
	const asked = (frm.support_retainer_asked = {});
	const head = await frappe.xcall("support_retainer.desk.api.ticket_head", {
		ticket_type: frm.doctype,
		ticket_name: frm.docname,
	});
	if (asked !== frm.support_retainer_asked) return;
	head.asked_at = Date.now();
	frm.support_retainer_head = head;
	support_retainer_buttons(frm, head);
	support_retainer_headline(frm, head);
}

function support_retainer_tick(frm) {
	const head = frm.support_retainer_head;
	if (!head || cur_frm !== frm || document.hidden) return;
	if (Date.now() - head.asked_at > SUPPORT_RETAINER_ASK_AGAIN) return support_retainer_ask(frm);
	support_retainer_headline(frm, head);
}

// buttons ----------------------------------------------------------------------------------------

function support_retainer_buttons(frm, head) {
	const own = head.timer && head.timer.ticket === frm.docname;
	const add = (label, action, kind) => {
		frm.remove_custom_button(label);
		const button = frm.add_custom_button(label, action);
		if (kind) button?.removeClass("btn-default").addClass(`btn-${kind}`);
	};
	// What is done now and then stands in a menu: work and time stay one click away on a narrow screen.
	const customer = __("Customer", null, "Issue");
	const add_seldom = (label, action) => frm.add_custom_button(label, action, customer);
	[__("Start work"), __("Start timer"), __("Stop and log"), __("Resume")].forEach((label) => frm.remove_custom_button(label));
	const seldom = [__("Ask for estimate"), __("Go on without it"), __("Price work anew…"), __("Wait for customer")];
	seldom.forEach((label) => frm.remove_custom_button(label, customer));
	const open = !SUPPORT_RETAINER_ENDED.includes(frm.doc.status);
	const may_write = frm.perm[0]?.write;
	if (own) {
		add(__("Stop and log"), () => support_retainer_log(frm, head.timer), "primary");
	} else if (open && may_write && frm.doc.retainer && !frm.doc.started_on) {
		add(__("Start work"), () => support_retainer_start(frm, head), "primary");
	} else if (open && head.can_book) {
		add(__("Start timer"), () => support_retainer_timer(frm));
	}
	if (!own) add(__("Log time"), () => support_retainer_log(frm, null));
	if (frm.doc.retainer && frappe.user.has_role("Retainer Manager"))
		add_seldom(__("Price work anew…"), () => support_retainer_reprice(frm));
	if (!open || !may_write || !frm.doc.retainer) return;
	if (head.can_ask && !["Waiting for Answer", "Approved"].includes(head.consent?.state))
		add_seldom(__("Ask for estimate"), () => support_retainer_estimate(frm));
	if (head.consent?.blocks && frappe.user.has_role("Retainer Manager"))
		add_seldom(__("Go on without it"), () => support_retainer_go_on(frm));
	if (head.stands_still) add(__("Resume"), () => support_retainer_set_status(frm, "Open"));
	else if (head.waiting)
		add_seldom(__("Wait for customer"), () => support_retainer_set_status(frm, head.waiting));
}

async function support_retainer_start(frm, head) {
	const args = { ticket_type: frm.doctype, ticket: frm.docname };
	await frappe.xcall("support_retainer.tickets.work.start_work", args);
	if (head.can_book) await support_retainer.start_timer(frm.doctype, frm.docname);
	frm.reload_doc();
}

async function support_retainer_timer(frm) {
	await support_retainer.start_timer(frm.doctype, frm.docname);
	frm.reload_doc();
}

function support_retainer_log(frm, timer) {
	return support_retainer.log_time(frm.doctype, frm.docname, { timer, then: () => frm.reload_doc() });
}

async function support_retainer_set_status(frm, status) {
	await frm.set_value("status", status);
	await frm.save();
}

/** An estimate, sent to the customer at once or left as a draft. */
function support_retainer_estimate(frm) {
	const make = async (values, send) => {
		const name = await frappe.xcall("support_retainer.consent.api.make_estimate", {
			ticket_type: frm.doctype,
			ticket: frm.docname,
			...values,
			send: send ? 1 : 0,
		});
		dialog.hide();
		if (send) frm.reload_doc();
		else frappe.set_route("Form", "Ticket Estimate", name);
	};
	const dialog = new frappe.ui.Dialog({
		title: __("Ask for an Estimate's Approval"),
		fields: [
			{
				fieldtype: "Float",
				fieldname: "hours",
				label: __("Hours of Work"),
				reqd: 1,
				default: frm.doc.expected_hours || null,
				description: __("Without project management, which is added."),
			},
			{ fieldtype: "Float", fieldname: "hours_from", label: __("At Least (for a Range)") },
			{ fieldtype: "Column Break" },
			{ fieldtype: "Date", fieldname: "valid_until", label: __("Valid Until") },
			{ fieldtype: "Section Break" },
			{ fieldtype: "Small Text", fieldname: "note", label: __("What the Customer Should Know") },
		],
		primary_action_label: __("Send to the customer"),
		primary_action: (values) => make(values, true),
		secondary_action_label: __("Keep as a draft"),
		secondary_action: () => {
			const values = dialog.get_values();
			if (values) make(values, false);
		},
	});
	dialog.show();
}

/** A manager says what work counts as: a ticket that was registered as urgent by mistake, say. */
function support_retainer_reprice(frm) {
	const opened = `${frm.doc.opening_date} ${frm.doc.opening_time || "00:00:00"}`;
	const dialog = new frappe.ui.Dialog({
		title: support_retainer.fill(__("Price Work on {0} Anew"), [frm.docname]),
		fields: [
			{
				fieldtype: "HTML",
				fieldname: "says",
				options: `<p class="text-muted">${__(
					"Work is priced by what the ticket was when it was done. Here you say what it counts as instead; submitted time is reversed and charged anew."
				)}</p>`,
			},
			{
				fieldtype: "Select",
				fieldname: "urgency",
				label: __("Counts As"),
				options: [
					{ value: "Normal", label: __("Normal") },
					{ value: "Urgent", label: __("Urgent") },
				],
				default: "Normal",
				reqd: 1,
			},
			{ fieldtype: "Section Break" },
			{ fieldtype: "Datetime", fieldname: "from_time", label: __("Work From"), default: opened, reqd: 1 },
			{ fieldtype: "Column Break" },
			{
				fieldtype: "Datetime",
				fieldname: "to_time",
				label: __("Work Until"),
				description: __("Empty: and on."),
			},
			{ fieldtype: "Section Break" },
			{ fieldtype: "Small Text", fieldname: "reason", label: __("Why"), reqd: 1 },
		],
		primary_action_label: __("Price Anew"),
		async primary_action(values) {
			const args = { ticket_type: frm.doctype, ticket_name: frm.docname, ...values };
			const answer = await frappe.xcall("support_retainer.billing.api.reprice", args);
			dialog.hide();
			frappe.show_alert({ message: support_retainer.fill(__("Rows charged anew: {0}"), [answer.rows]), indicator: "green" });
			frm.reload_doc();
		},
	});
	dialog.show();
}

/** A manager lets work go on without the customer's word, for a reason that is kept. */
function support_retainer_go_on(frm) {
	const fields = [{ fieldtype: "Small Text", fieldname: "reason", label: __("Why"), reqd: 1 }];
	const done = async ({ reason }) => {
		const args = { ticket_type: frm.doctype, ticket: frm.docname, reason };
		await frappe.xcall("support_retainer.consent.api.go_on", args);
		frm.reload_doc();
	};
	frappe.prompt(fields, done, __("Go On Without the Customer's Approval"), __("Go on"));
}

// the head ----------------------------------------------------------------------------------------

function support_retainer_headline(frm, head) {
	const gone = Math.floor((Date.now() - head.asked_at) / 1000);
	const promise = head.promise && support_retainer_promise(frm, head, gone);
	const more = support_retainer_more(frm, head, gone);
	frm.dashboard.clear_headline();
	if (!promise && !more.length) return;
	const lines = more.map((part) => `<span class="mr-4">${support_retainer_dot(part.colour)}${part.html}</span>`);
	const first = promise ? `<div>${promise.html}</div>` : "";
	const second = lines.length ? `<div class="small mt-1">${lines.join(" ")}</div>` : "";
	const colour = promise?.colour === "gray" ? "yellow" : promise?.colour;
	frm.dashboard.set_headline_alert(first + second, colour || "blue", true);
}

/** A dot with a ring around it: it is seen on every colour a headline has. */
function support_retainer_dot(colour) {
	return `<span style="display: inline-block; width: 8px; height: 8px; margin: 0 8px 1px 2px; border-radius: 50%;
		background-color: var(--${colour}-500); box-shadow: 0 0 0 2px white"></span>`;
}

function support_retainer_promise(frm, head, gone) {
	const promise = head.promise;
	const escape = support_retainer.escape;
	const rule = frm.doc.sla_rule ? __(frm.doc.sla_rule) : __("No rule");
	const when = promise.by ? support_retainer.moment_text(promise.by) : "";
	const parts = [`<strong>${escape(rule)}</strong>`];
	if (promise.before) parts.push(escape(promise.before));
	parts.push(escape(promise.text).replace("{0}", escape(when)));
	let colour = promise.colour;
	if (promise.left !== null && promise.left !== undefined) {
		const left = promise.left - (promise.runs ? gone : 0);
		if (promise.runs && left < 0) colour = "red";
		else if (promise.runs && promise.risk !== null && promise.risk <= gone && colour === "green")
			colour = "orange";
		parts.push(`<strong>${escape(support_retainer_left(left, promise, gone))}</strong>`);
	}
	if (head.queue) {
		const forecast = head.queue.forecast
			? support_retainer.moment_text(head.queue.forecast)
			: __("not in sight");
		parts.push(
			escape(__("place {0} in the queue, forecast {1} (not promised)", [head.queue.place, forecast]))
		);
	}
	return { html: parts.join(" &middot; "), colour };
}

function support_retainer_left(left, promise, gone) {
	const text = support_retainer.span_text(left);
	if (left < 0) return __("{0} late", [text]);
	if (!promise.counted) return __("{0} left", [text]);
	// Outside office hours the counted time stands still: it is never more than what is left by the clock.
	const counted = Math.min(left, promise.in_office ? promise.counted - gone : promise.counted);
	return __("{0} left, {1} in office hours", [text, support_retainer.clock_text(Math.max(0, counted))]);
}

/** What stands beside the promise: the customer's time, what was agreed, held time, the timer, warnings. */
function support_retainer_more(frm, head, gone) {
	const escape = support_retainer.escape;
	const parts = [];
	if (head.bank) parts.push({ colour: head.bank.colour, html: escape(head.bank.text) });
	if (head.consent) parts.push({ colour: head.consent.colour, html: support_retainer_consent(head.consent) });
	if (head.held) parts.push({ colour: "orange", html: escape(head.held) });
	if (head.timer) {
		const time = support_retainer.clock_text(head.timer.seconds + gone);
		const html =
			head.timer.ticket === frm.docname
				? escape(__("Your timer runs: {0}", [time]))
				: `${escape(__("Your timer runs on another ticket: {0}", [time]))} ${frappe.utils.get_form_link(
						head.timer.ticket_type,
						head.timer.ticket,
						true
				  )}`;
		parts.push({ colour: head.timer.question ? "orange" : "green", html });
	}
	if (head.warning) parts.push({ colour: "orange", html: escape(head.warning) });
	return parts;
}

function support_retainer_consent(consent) {
	const text = support_retainer.escape(consent.text);
	if (!consent.name || !frappe.model.can_read(consent.doctype)) return text;
	const [name, link] = [support_retainer.escape(consent.name), frappe.utils.get_form_link(consent.doctype, consent.name, true)];
	return text.includes(name) ? text.replace(name, () => link) : `${text} ${link}`;
}
