// Booking time on a ticket: durations in words, the running timer, and the dialog that shows the charge before it is made.
// Moments are text in the site's time zone, as Frappe keeps them; arithmetic on them is done as if they were UTC.

frappe.provide("support_retainer");

const SUPPORT_RETAINER_DESK = "support_retainer.desk.api";
const SUPPORT_RETAINER_FORMAT = "YYYY-MM-DD HH:mm:ss";

/** Seconds as "1:15", without sign. */
support_retainer.clock_text = (seconds) => {
	const minutes = Math.floor(Math.abs(seconds) / 60);
	return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
};

/** Seconds as "3 d 4 h" from two days on, else as "27:15". */
support_retainer.span_text = (seconds) => {
	const hours = Math.floor(Math.abs(seconds) / 3600);
	if (hours < 48) return support_retainer.clock_text(seconds);
	return __("{0} d {1} h", [Math.floor(hours / 24), hours % 24]);
};

/** A moment as the user writes it, to the minute: nobody promises seconds. */
support_retainer.moment_text = (moment) => frappe.datetime.str_to_user(moment).replace(/(\d\d:\d\d):\d\d$/, "$1");

/** Whether a moment's wall time happens twice, as the clocks go back. */
support_retainer.happens_twice = (moment) => {
	const text = String(moment || "").slice(0, 19);
	const spans = frappe.boot.support_retainer?.doubled_hours || [];
	return Boolean(text) && spans.some(([first, last]) => first <= text && text < last);
};

/** Start the user's timer on a ticket; when it runs on another one, ask what is to become of that first. */
support_retainer.start_timer = async function (ticket_type, ticket) {
	const args = { ticket_type, ticket_name: ticket };
	const answer = await frappe.xcall(`${SUPPORT_RETAINER_DESK}.start_timer`, args);
	if (answer.started) {
		frappe.show_alert({ message: __("Your timer runs."), indicator: "green" });
		return true;
	}
	return new Promise((resolve) => support_retainer.ask_about_other(answer.timer, args, resolve));
};

support_retainer.ask_about_other = function (timer, args, resolve) {
	const again = () => support_retainer.start_timer(args.ticket_type, args.ticket_name).then(resolve);
	const dialog = new frappe.ui.Dialog({
		title: __("Your Timer Runs on Another Ticket"),
		fields: [{ fieldtype: "HTML", fieldname: "which" }],
		primary_action_label: __("Stop and log it"),
		primary_action: () => {
			dialog.hide();
			support_retainer.log_time(timer.ticket_type, timer.ticket, { timer, then: again });
		},
		secondary_action_label: __("Discard it"),
		secondary_action: () => {
			dialog.hide();
			frappe.xcall(`${SUPPORT_RETAINER_DESK}.discard_timer`).then(again);
		},
	});
	const link = frappe.utils.get_form_link(timer.ticket_type, timer.ticket, true);
	const text = support_retainer.fill(__("{0} since {1}. What is to become of that time?"), [
		support_retainer.clock_text(timer.seconds),
		frappe.datetime.str_to_user(timer.started_on),
	]);
	dialog.fields_dict.which.$wrapper.html(
		`<p>${link} ${support_retainer.escape(timer.subject)}</p><p>${text}</p>`
	);
	dialog.show();
};

/**
 * The dialog. Options: `timer` when it books what a timer measured, `then` what to do when it is booked.
 */
support_retainer.log_time = async function (ticket_type, ticket, { timer = null, then = null } = {}) {
	const args = { ticket_type, ticket_name: ticket };
	const form = await frappe.xcall(`${SUPPORT_RETAINER_DESK}.booking_form`, args);
	return new support_retainer.LogTime(args, form, timer && form.timer, then).show();
};

support_retainer.LogTime = class LogTime {
	constructor(args, form, timer, then) {
		Object.assign(this, { args, form, timer, then });
		this.dialog = new frappe.ui.Dialog({
			title: support_retainer.fill(__("Log Time on {0}"), [args.ticket_name]),
			fields: this.fields(),
			primary_action_label: __("Book", null, "time"),
			primary_action: () => this.book(false),
			secondary_action_label: timer ? __("Discard Timer") : null,
			secondary_action: timer ? () => this.discard() : null,
		});
		this.ask = frappe.utils.debounce(() => this.preview(), 300);
	}

	fields() {
		return [
			{ fieldtype: "HTML", fieldname: "question", hidden: !this.timer?.question },
			{
				fieldtype: "Float",
				fieldname: "hours",
				label: __("Hours Worked"),
				onchange: () => this.by_hours(),
			},
			{
				fieldtype: "Link",
				fieldname: "activity_type",
				label: __("Activity Type"),
				options: "Activity Type",
				reqd: 1,
				default: this.form.activity_type,
				onchange: () => this.ask(),
			},
			{ fieldtype: "Column Break" },
			{
				fieldtype: "Datetime",
				fieldname: "from_time",
				label: __("From"),
				reqd: 1,
				onchange: () => this.by_times("from_time"),
			},
			this.second_hour("from_second"),
			{
				fieldtype: "Datetime",
				fieldname: "to_time",
				label: __("To"),
				reqd: 1,
				onchange: () => this.by_times("to_time"),
			},
			this.second_hour("to_second"),
			{ fieldtype: "Section Break" },
			{
				fieldtype: "Small Text",
				fieldname: "note",
				label: __("What Was Done"),
				description: __("The customer reads this in the statement."),
			},
			{ fieldtype: "Section Break" },
			{
				fieldtype: "Link",
				fieldname: "not_charged_because",
				label: __("Not Charged Because"),
				options: "Not Charged Reason",
				only_select: 1,
				get_query: () => ({ filters: { disabled: 0 } }),
				description: __("Empty: the time is charged."),
				onchange: () => this.ask(),
			},
			{ fieldtype: "Column Break" },
			{
				fieldtype: "Small Text",
				fieldname: "not_charged_note",
				label: __("Note on What Is Given"),
				depends_on: "not_charged_because",
				max_height: "58px",
			},
			{ fieldtype: "Section Break", hide_border: 1 },
			{ fieldtype: "HTML", fieldname: "charge" },
		];
	}

	/** Which of two the time is, on the night the clocks go back; hidden on all others. */
	second_hour(fieldname) {
		return {
			fieldtype: "Check",
			fieldname,
			label: __("After the Clocks Went Back"),
			description: __("This time happens twice that night. Tick it for the second one."),
			hidden: 1,
			onchange: () => !this.filling && this.ask(),
		};
	}

	ask_which_hour() {
		for (const edge of ["from", "to"]) {
			const twice = support_retainer.happens_twice(this.at(`${edge}_time`));
			this.dialog.set_df_property(`${edge}_second`, "hidden", twice ? 0 : 1);
			if (!twice && this.dialog.get_value(`${edge}_second`)) this.dialog.set_value(`${edge}_second`, 0);
		}
	}

	which_hour() {
		const ticked = (edge) => (support_retainer.happens_twice(this.at(`${edge}_time`)) ? this.dialog.get_value(`${edge}_second`) : 0);
		return { from_second: ticked("from") ? 1 : 0, to_second: ticked("to") ? 1 : 0 };
	}

	async show() {
		this.dialog.show();
		this.dialog.get_primary_btn().prop("disabled", true);
		const start = this.timer ? this.timer.started_on : this.moved(this.form.until, -1);
		await this.fill({ from_time: start, to_time: this.timer?.question ? null : this.form.until });
		this.filling = true;
		await this.dialog.set_value("from_second", this.timer?.second_hour || 0);
		await this.dialog.set_value("to_second", this.timer?.question ? 0 : this.form.until_second || 0);
		this.filling = false;
		if (this.timer?.question) {
			const text = support_retainer.escape(this.timer.question);
			this.dialog.fields_dict.question.$wrapper.html(`<p class="text-warning bold">${text}</p>`);
		}
		this.ask();
		return this;
	}

	async fill(values) {
		this.filling = true;
		for (const [field, value] of Object.entries(values)) {
			this.known = { ...this.known, [field]: value };
			await this.dialog.set_value(field, value);
		}
		const [from_time, to_time] = [this.at("from_time"), this.at("to_time")];
		if (from_time && to_time && values.hours === undefined) {
			await this.dialog.set_value("hours", this.between(from_time, to_time));
		}
		this.filling = false;
	}

	/** A moment of the form. Where the site shows no seconds the one that was filled in keeps its own. */
	at(field) {
		const value = this.dialog.get_value(field) || "";
		const known = this.known?.[field] || "";
		return value && known.slice(0, 16) === value.slice(0, 16) ? known : value;
	}

	/** Hours given: what has been chosen as the beginning stays, else the end does. */
	async by_hours() {
		const hours = this.dialog.get_value("hours");
		const [from_time, to_time] = [this.at("from_time"), this.at("to_time")];
		if (this.filling || !hours || Math.abs(hours - this.between(from_time, to_time)) < 0.001) return;
		if (this.begins || !to_time) await this.fill({ hours, to_time: this.moved(from_time, hours) });
		else await this.fill({ hours, from_time: this.moved(to_time, -hours) });
		this.ask();
	}

	async by_times(field) {
		const value = this.at(field);
		if (this.filling || value === this.known?.[field]) return;
		if (field === "from_time") this.begins = true;
		await this.fill({ [field]: value });
		this.ask();
	}

	async preview() {
		this.ask_which_hour();
		const [from_time, to_time] = [this.at("from_time"), this.at("to_time")];
		const activity_type = this.dialog.get_value("activity_type");
		const button = this.dialog.get_primary_btn();
		if (!from_time || !to_time) {
			button.prop("disabled", true);
			return this.say("");
		}
		const asked = (this.asked = {});
		const not_charged_because = this.dialog.get_value("not_charged_because") || "";
		const args = { ...this.args, from_time, to_time, ...this.which_hour(), activity_type, not_charged_because };
		const found = await frappe.xcall(`${SUPPORT_RETAINER_DESK}.preview_time`, args);
		if (asked !== this.asked) return;
		button.prop("disabled", Boolean(found.problem));
		this.say(this.charge_html(found));
		this.dialog.$wrapper.find(".support-retainer-free").on("click", () => this.book(true));
	}

	charge_html(found) {
		const escape = support_retainer.escape;
		const warned = (found.warnings || []).map((text) => `<div class="text-warning mt-2">${escape(text)}</div>`);
		const lines = found.notes.map((note) => `<div>${escape(note)}</div>`).join("") + warned.join("");
		const title = `<div class="text-muted small">${__("How this time will be charged")}</div>`;
		if (!found.problem) return title + (lines || `<div>${__("Not charged to any retainer.")}</div>`);
		const problem = `<div class="text-danger">${escape(found.problem)}</div>`;
		if (!found.offer) return problem;
		const button = `<button class="btn btn-default btn-sm mt-2 support-retainer-free">${escape(
			found.offer
		)}</button>`;
		return `${problem}${button}<div class="mt-2">${title}${lines}</div>`;
	}

	say(html) {
		this.dialog.fields_dict.charge.$wrapper.html(html);
	}

	async book(only_free) {
		const values = this.dialog.get_values();
		if (!values) return;
		const { note, activity_type, not_charged_because, not_charged_note } = values;
		const answer = await frappe.xcall(`${SUPPORT_RETAINER_DESK}.log_time`, {
			...this.args,
			from_time: this.at("from_time"),
			to_time: this.at("to_time"),
			...this.which_hour(),
			note: note || "",
			activity_type,
			only_free: only_free ? 1 : 0,
			of_timer: this.timer ? 1 : 0,
			not_charged_because: not_charged_because || "",
			not_charged_note: (not_charged_because && not_charged_note) || "",
		});
		this.dialog.hide();
		const link = frappe.utils.get_form_link("Timesheet", answer.timesheet, true, __("Open the timesheet"));
		const message = `${support_retainer.escape(answer.message)} ${link}`;
		frappe.show_alert({ message, indicator: "green" }, 10);
		this.then?.();
	}

	async discard() {
		await frappe.xcall(`${SUPPORT_RETAINER_DESK}.discard_timer`);
		this.dialog.hide();
		frappe.show_alert({ message: __("The timer was discarded; no time was booked."), indicator: "orange" });
		this.then?.();
	}

	moved(moment_text, hours) {
		return moment.utc(moment_text).add(Math.round(hours * 3600), "seconds").format(SUPPORT_RETAINER_FORMAT);
	}

	between(from_time, to_time) {
		if (!from_time || !to_time) return 0;
		return flt(moment.utc(to_time).diff(moment.utc(from_time), "seconds") / 3600, 4);
	}
};
