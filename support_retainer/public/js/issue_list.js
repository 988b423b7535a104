// The list of tickets: the promised time as the indicator, and the selections an agency works by. Stands on ERPNext's own list.

frappe.provide("frappe.listview_settings");

(() => {
	const own = (frappe.listview_settings["Issue"] = frappe.listview_settings["Issue"] || {});
	if (own.support_retainer) return;
	own.support_retainer = true;
	const { onload, refresh, get_indicator } = own;
	const stamps = ["retainer", "assign_by", "start_by", "assigned_on", "started_on", "assign_status", "start_status"];
	own.add_fields = [...new Set([...(own.add_fields || []), ...stamps, "assign_at_risk_on", "start_at_risk_on"])];

	own.get_indicator = function (doc) {
		const promised = doc.status === "Open" && doc.retainer && promise(doc);
		return promised || get_indicator?.call(this, doc);
	};

	own.onload = function (listview) {
		onload?.call(this, listview);
		for (const [label, filters] of selections()) {
			listview.page.add_inner_button(label, () => choose(listview, filters), __("Show"));
		}
	};

	own.refresh = function (listview) {
		refresh?.call(this, listview);
		show_timer(listview);
	};

	/** The next thing promised, until when, and whether that holds. */
	function promise(doc) {
		const target = doc.assigned_on ? "start" : "assign";
		if (doc.started_on) {
			const late = [doc.assign_status, doc.start_status].includes("Breached");
			return late
				? [__("Begun late"), "orange", "start_status,=,Breached"]
				: [__("Begun"), "green", "start_status,=,Met"];
		}
		const by = doc[`${target}_by`];
		if (!by) return [__("In the queue"), "blue", "start_status,=,Queued"];
		const text = target === "assign" ? __("Assign {0}", [short(by)]) : __("Start {0}", [short(by)]);
		const late = doc[`${target}_status`] === "Breached" || by < frappe.datetime.system_datetime();
		const colour = late ? "red" : doc[`${target}_at_risk_on`] ? "orange" : "green";
		return [text, colour, `${target}_status,=,${doc[`${target}_status`]}`];
	}

	/** A moment as short as it can be said, in the user's language: the time today, else the day with it. */
	function short(when) {
		const own = moment(frappe.datetime.convert_to_user_tz(when, false));
		// By the calendar, wherever the browser stands: between two midnights of one zone.
		const days = moment.utc(own.format("YYYY-MM-DD")).diff(moment.utc(frappe.datetime.now_date()), "days");
		const time = own.format("HH:mm");
		if (days === 0) return time;
		if (days > 0 && days < 7) return `${in_words(own, { weekday: "short" })} ${time}`;
		const [day, month] = [own.date(), in_words(own, { month: "short" })];
		return frappe.boot.sysdefaults.date_format?.startsWith("m") ? `${month} ${day}` : `${day} ${month}`;
	}

	/** The name of a day or a month: Frappe's moment knows English alone. */
	function in_words(day, parts) {
		const date = new Date(day.year(), day.month(), day.date());
		const language = frappe.boot.lang?.replace("_", "-");
		try {
			return new Intl.DateTimeFormat(language, parts).format(date);
		} catch {
			return new Intl.DateTimeFormat("en", parts).format(date);
		}
	}

	function selections() {
		const retainer = ["Issue", "retainer", "is", "set"];
		const open = ["Issue", "status", "=", "Open"];
		const mine = ["Issue", "_assign", "like", `%${frappe.session.user}%`];
		return [
			[__("All open"), [retainer, open]],
			[__("Mine"), [mine, open]],
			[__("Assigned to nobody"), [retainer, open, ["Issue", "assigned_on", "is", "not set"]]],
			[__("Assignment at risk"), [open, ["Issue", "assign_at_risk_on", "is", "set"], ["Issue", "assigned_on", "is", "not set"]]],
			[__("Start at risk"), [open, ["Issue", "start_at_risk_on", "is", "set"], ["Issue", "started_on", "is", "not set"]]],
			[__("Assignment breached"), [open, ["Issue", "assign_status", "=", "Breached"]]],
			[__("Start breached"), [open, ["Issue", "start_status", "=", "Breached"]]],
			[__("In the queue"), [open, ["Issue", "start_status", "=", "Queued"]]],
			[__("Waiting for the customer"), [retainer, ["Issue", "start_status", "=", "Paused"]]],
		];
	}

	async function choose(listview, filters) {
		await listview.filter_area.clear(false);
		await listview.filter_area.add(filters);
	}

	async function show_timer(listview) {
		const timer = await frappe.xcall("support_retainer.desk.api.running_timer");
		listview.page.clear_indicator();
		if (!timer) return;
		const minutes = Math.floor(timer.seconds / 60);
		const text = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
		const said = support_retainer.fill(__("Timer on {0}: {1}"), [timer.ticket, text]);
		listview.page.set_indicator(said, timer.question ? "orange" : "green");
		listview.page.indicator
			.css("cursor", "pointer")
			.off("click")
			.on("click", () => frappe.set_route("Form", timer.ticket_type, timer.ticket));
	}
})();
