const AGREED = ["Approved", "Partly Approved", "In Progress", "Done", "Invoiced"];
const WORKABLE = ["Approved", "Partly Approved", "In Progress"];

frappe.ui.form.on("Support Sprint", {
	setup(frm) {
		support_retainer_own_words(frm);
		frm.set_query("ticket", "tickets", () => ({
			filters: {
				customer: frm.doc.customer,
				retainer: ["is", "set"],
				status: ["not in", ["Resolved", "Closed"]],
				support_sprint: ["in", ["", frm.doc.name || ""]],
			},
		}));
	},

	refresh(frm) {
		if (frm.doc.status === "Draft") add_gather_button(frm);
		if (frm.is_new()) return;
		const may_write = frm.perm[0]?.write;
		support_retainer_question(frm, "Sprint", "Proposed");
		if (frm.doc.status !== "Draft") show_progress(frm);
		if (!may_write) return;
		const call = (method, args) => support_retainer_call(frm, method, { sprint: frm.doc.name, ...args });
		if (WORKABLE.includes(frm.doc.status)) {
			frm.add_custom_button(__("Close Sprint"), () =>
				frappe.confirm(support_retainer.fill(__("Is all the work of {0} done?"), [frm.doc.name]), () => call("close_sprint"))
			);
		}
		if (["Done", "Invoiced"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Reopen"), () => call("reopen_sprint"));
		}
		if (AGREED.includes(frm.doc.status)) add_order_buttons(frm, call);
	},

	customer(frm) {
		frm.clear_table("tickets");
		frm.refresh_field("tickets");
	},
});

function add_order_buttons(frm, call) {
	for (const doctype of ["Quotation", "Sales Order"]) {
		if (!frappe.model.can_create(doctype)) continue;
		frm.add_custom_button(
			__(doctype),
			() => call("make_order", { doctype }).then((name) => name && frappe.set_route("Form", doctype, name)),
			__("Create")
		);
	}
}

function add_gather_button(frm) {
	frm.add_custom_button(__("Get Tickets"), async () => {
		const { customer, company } = frm.doc;
		if (!customer || !company) {
			frappe.show_alert({ message: __("Choose the customer and the company first."), indicator: "orange" });
			return;
		}
		const there = (frm.doc.tickets || []).map((row) => row.ticket);
		const found = await frappe.xcall(
			"support_retainer.consent.api.tickets_without_sprint",
			{ customer, company },
			"GET"
		);
		choose_tickets(frm, found.filter((row) => !there.includes(row.name)));
	});
}

function choose_tickets(frm, found) {
	if (!found.length) {
		frappe.msgprint(support_retainer.fill(__("{0} has no open tickets that are in no sprint."), [frm.doc.customer]));
		return;
	}
	const dialog = new frappe.ui.Dialog({
		title: __("Tickets in No Sprint"),
		fields: [
			{
				fieldname: "tickets",
				fieldtype: "MultiCheck",
				columns: 1,
				select_all: 1,
				options: found.map((row) => ({
					value: row.name,
					label: support_retainer.escape(`${row.name}: ${row.subject}${row.expected_hours ? ` (${row.expected_hours} h)` : ""}`),
				})),
			},
		],
		primary_action_label: __("Add"),
		primary_action({ tickets }) {
			dialog.hide();
			for (const row of found.filter((row) => (tickets || []).includes(row.name))) {
				frm.add_child("tickets", {
					ticket_type: "Issue",
					ticket: row.name,
					subject: row.subject,
					work: Math.round((row.expected_hours || 0) * 3600),
				});
			}
			frm.refresh_field("tickets");
			frm.dirty();
		},
	});
	dialog.show();
}

/** Estimated, used, charged and invoiced: for each ticket, and what was approved in all. */
async function show_progress(frm) {
	const name = frm.doc.name;
	const { message: found } = await frappe.call({
		method: "support_retainer.consent.api.sprint_progress",
		args: { sprint: name },
		type: "GET",
	});
	if (frm.doc.name !== name) return;
	const money = (amount) => format_currency(amount, found.currency);
	const cells = (row) =>
		[row.charged, row.used, row.covered].map((seconds) => `<td class="text-right">${support_retainer_hours(seconds)}</td>`).join("") +
		[row.price, row.amount, row.invoiced].map((amount) => `<td class="text-right text-nowrap">${money(amount)}</td>`).join("");
	const heads = [__("Ticket"), __("Estimated"), __("Used", null, "time"), __("From the Bank"), __("Price"), __("Charged in Money"), __("Invoiced", null, "amount")];
	const rows = found.tickets.map((row) => {
		const link = frappe.utils.get_form_link("Issue", row.ticket, true);
		const answer = row.answer === "Declined" ? ` <span class="indicator-pill red no-indicator-dot">${__("Declined")}</span>` : "";
		return `<tr><td>${link} ${support_retainer.escape(row.subject)}${answer}</td>${cells(row)}</tr>`;
	});
	const total = frm.doc.answered_on ? `<tr class="font-weight-bold"><td>${__("Approved")}</td>${cells(found.total)}</tr>` : "";
	frm.get_field("progress").$wrapper.html(
		`<div class="table-responsive"><table class="table table-sm mb-0"><thead><tr>${heads
			.map((head, index) => `<th${index ? ' class="text-right"' : ""}>${head}</th>`)
			.join("")}</tr></thead><tbody>${rows.join("")}${total}</tbody></table></div>`
	);
}
