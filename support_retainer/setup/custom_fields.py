"""The fields the app adds to ERPNext's own forms, as data."""

from __future__ import annotations

MODULE = "Support Retainer"


def _(text: str) -> str:
	"""Mark a text for translation. Fields are stored in English and translated where they are shown."""
	return text


def _stamp(fieldname: str, fieldtype: str, label: str, **properties) -> dict:
	"""Return a field that the app alone writes, and that no copy of the document keeps."""
	return _field(fieldname, fieldtype, label, **{"read_only": 1, "no_copy": 1, **properties})


def _hidden(fieldname: str, fieldtype: str, label: str, **properties) -> dict:
	"""Return a stamp that reports and filters may use, and forms do not show."""
	return _stamp(fieldname, fieldtype, label, **{"hidden": 1, "print_hide": 1, **properties})


def _field(fieldname: str, fieldtype: str, label: str | None = None, **properties) -> dict:
	field = {"fieldname": fieldname, "fieldtype": fieldtype, "module": MODULE, **properties}
	return field | ({"label": label} if label else {})


def _second_hour(fieldname: str, label: str, of: str) -> dict:
	"""Return the field that tells which of two a time is; forms show it where that is a question."""
	return _field(
		fieldname,
		"Check",
		label,
		no_copy=1,
		print_hide=1,
		depends_on=f"eval:doc.{fieldname} || window.support_retainer?.happens_twice?.(doc.{of})",
		description=_(
			"Once a year the clocks go back and an hour happens twice. Tick it for the second one."
		),
	)


def _in_order(after: str | None, *fields: dict) -> list[dict]:
	"""Place the fields one after the other, the first after an ERPNext field (None: at the top)."""
	places = [after, *(field["fieldname"] for field in fields)]
	return [field | {"insert_after": place} for field, place in zip(fields, places, strict=False)]


TICKET = (
	_field(
		"support_retainer_section",
		"Section Break",
		_("Support Retainer"),
		depends_on="eval:doc.retainer || doc.__islocal",
	),
	_field(
		"expected_hours",
		"Float",
		_("Expected Hours"),
		non_negative=1,
		description=_("What the ticket is thought to take. Decides whether the time bank covers it."),
	),
	_field(
		"estimate_requested",
		"Check",
		_("Estimate Requested"),
		no_copy=1,
		description=_("The customer asked in writing for an estimate before work begins."),
	),
	_field(
		"origin",
		"Select",
		_("Origin"),
		options="Customer\nAgency",
		default="Customer",
		description=_("For the agency's own suggestions no clock runs until the customer accepts."),
	),
	_field("support_retainer_column", "Column Break"),
	_stamp("retainer", "Link", _("Retainer"), options="Retainer", search_index=1, in_standard_filter=1),
	_stamp(
		"support_sprint",
		"Link",
		_("Support Sprint"),
		options="Support Sprint",
		search_index=1,
		in_standard_filter=1,
		depends_on="support_sprint",
	),
	_stamp(
		"accepted_on",
		"Datetime",
		_("Accepted On"),
		depends_on="accepted_on",
		description=_("When the customer accepted our suggestion; the clock runs from here."),
	),
	_stamp("sla_rule", "Link", _("SLA Rule"), options="SLA Rule"),
	_stamp("budget_state", "Select", _("Budget"), options="\nWithin\nOutside"),
	_stamp(
		"customer_rank",
		"Int",
		_("Customer's Rank"),
		depends_on="customer_rank",
		description=_("The customer's own order of tickets; 1 comes first."),
	),
	_field("promise_section", "Section Break", _("Promise"), depends_on="retainer"),
	_stamp("assign_from", "Datetime", _("Assigned From (Goal)")),
	_stamp("assign_by", "Datetime", _("Assigned By (Limit)"), bold=1),
	_stamp("assigned_on", "Datetime", _("Assigned On")),
	_stamp("assign_status", "Select", _("Assignment"), options="\nPending\nQueued\nPaused\nMet\nBreached"),
	_stamp("assign_at_risk_on", "Datetime", _("Assignment at Risk Since"), depends_on="assign_at_risk_on"),
	_stamp("assign_breached_on", "Datetime", _("Assignment Breached On"), depends_on="assign_breached_on"),
	_field("promise_column", "Column Break"),
	_stamp("start_from", "Datetime", _("Started From (Goal)")),
	_stamp("start_by", "Datetime", _("Started By (Limit)"), bold=1),
	_stamp("started_on", "Datetime", _("Started On")),
	_stamp("start_status", "Select", _("Start of Work"), options="\nPending\nQueued\nPaused\nMet\nBreached"),
	_stamp("start_at_risk_on", "Datetime", _("Start at Risk Since"), depends_on="start_at_risk_on"),
	_stamp("start_breached_on", "Datetime", _("Start Breached On"), depends_on="start_breached_on"),
	_stamp(
		"covered_since",
		"Datetime",
		_("Covered Since"),
		depends_on="covered_since",
		description=_("The contract began after the ticket came in; its clocks run from here."),
	),
	_hidden("assignment_noted_on", "Datetime", _("Assigned by Assign To On")),
	_hidden("start_noted_on", "Datetime", _("Started by Start Work On")),
	_field("clock_section", "Section Break", _("Clock"), depends_on="retainer", collapsible=1),
	_stamp(
		"within_since",
		"Datetime",
		_("Within Budget Since"),
		depends_on="within_since",
		description=_("The ticket waited outside the budget; its time is counted from here."),
	),
	_hidden("first_registered_on", "Datetime", _("First Registered On")),
	_hidden("clock_due", "Datetime", _("Next Look at the Clock"), search_index=1),
	_hidden("clock_moments", "Small Text", _("Moments the Clock Waits For")),
	_hidden("clock_status", "Data", _("Status Last Seen by the Clock")),
	_stamp("ticket_pauses", "Table", _("Pauses"), options="Ticket Pause"),
	_stamp(
		"ticket_urgencies",
		"Table",
		_("Urgency over Time"),
		options="Ticket Urgency",
		description=_("Work is priced by what the ticket was when the work was done."),
	),
)

# Which ticket of which sprint a line is for: it goes along from offer to order, and comes back on the invoice.
SOLD = (
	_field("ticket_type", "Link", _("Ticket Type"), options="DocType", read_only=1, hidden=1, print_hide=1),
	_field("ticket", "Dynamic Link", _("Ticket"), options="ticket_type", read_only=1, hidden=1, print_hide=1),
)
SPRINT = _field(
	"support_sprint",
	"Link",
	_("Support Sprint"),
	options="Support Sprint",
	read_only=1,
	search_index=1,
	print_hide=1,
	depends_on="support_sprint",
)

CUSTOM_FIELDS: dict[str, list[dict]] = {
	"Issue": _in_order("issue_split_from", *TICKET),
	"Issue Priority": _in_order(
		"description",
		_field(
			"is_urgent",
			"Check",
			_("Urgent Support"),
			in_list_view=1,
			description=_("Tickets of this priority get the urgent SLA rules, and their surcharge."),
		),
	),
	"Activity Type": _in_order(
		"activity_type",
		_field(
			"work_category",
			"Select",
			_("Work Category"),
			options="\nDevelopment\nProject Management\nOptimization\nDesign",
			in_list_view=1,
			description=_("Under which heading customers see this time."),
		),
	),
	"Timesheet Detail": [
		*_in_order(
			None,
			_field(
				"ticket_type",
				"Link",
				_("Ticket Type"),
				options="DocType",
				default="Issue",
				hidden=1,  # there is one kind of ticket; a field with no choice only stands in the way
				ignore_user_permissions=1,
			),
			_field(
				"ticket",
				"Dynamic Link",
				_("Ticket"),
				options="ticket_type",
				in_list_view=1,
				columns=2,
				search_index=1,
				description=_("Time on a customer's ticket is charged to the customer's retainer."),
			),
		),
		*_in_order(
			"from_time", _second_hour("from_second_hour", _("From Time Is in the Second Hour"), "from_time")
		),
		*_in_order("to_time", _second_hour("to_second_hour", _("To Time Is in the Second Hour"), "to_time")),
		*_in_order(
			"is_billable",
			_field(
				"not_charged_because",
				"Link",
				_("Not Charged Because"),
				options="Not Charged Reason",
				depends_on="ticket",
				no_copy=1,
				ignore_user_permissions=1,
				description=_(
					"Empty: the time is charged. The customer sees what is given, unless the reason is internal."
				),
			),
			_field(
				"not_charged_note",
				"Small Text",
				_("Note on What Is Given"),
				depends_on="not_charged_because",
				no_copy=1,
				print_hide=1,
			),
		),
		*_in_order(
			"description",
			_stamp("timebank_note", "Small Text", _("Charge"), depends_on="timebank_note"),
		),
	],
	"Sales Invoice": _in_order(
		"remarks",
		_field(
			"support_retainer_section",
			"Section Break",
			_("Support Retainer"),
			depends_on="retainer",
			collapsible=1,
		),
		_stamp("retainer", "Link", _("Retainer"), options="Retainer", search_index=1, print_hide=1),
		_field("support_retainer_column", "Column Break"),
		_stamp(
			"timebank_period",
			"Link",
			_("Timebank Period"),
			options="Timebank Period",
			search_index=1,
			print_hide=1,
		),
	),
	"Sales Invoice Item": _in_order(
		"project",
		_hidden("timebank_line", "Check", _("Written by the Time Bank")),
		# copied along by Duplicate, unlike the other two: so a copy of a line of the time bank is known for one
		_hidden(
			"timebank_kind",
			"Select",
			_("Kind of Line"),
			options="\nFee\nSupport\nProject Management\nSurcharge\nTop-up\nPostal Fee",
			no_copy=0,
		),
		_hidden("timebank_entries", "Long Text", _("Ledger Entries Settled")),
		*SOLD,
		SPRINT | {"hidden": 1},
	),
	"Quotation": _in_order("order_type", SPRINT),
	"Quotation Item": _in_order("page_break", *SOLD),
	"Sales Order": _in_order("order_type", SPRINT),
	"Sales Order Item": _in_order("page_break", *SOLD),
}

# A timesheet's grid has room for the ticket when the project takes a column less.
PROPERTIES = (("Timesheet Detail", "project", "columns", "2", "Int"),)
