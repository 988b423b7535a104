"""The map: every event of the host names the room that answers it."""

app_name = "support_retainer"
app_title = "Support Retainer"
app_publisher = "Support Retainer contributors"
app_description = "Support sold by the hour on ERPNext"
app_email = "hello@example.com"
app_license = "gpl-3.0"
required_apps = ["frappe/erpnext"]
# Frappe 16 refuses a whitelisted method with an argument of no type
require_type_annotated_api_methods = True

# setup ------------------------------------------------------------------------------------------
before_install = "support_retainer.setup.install.before_install"
after_install = "support_retainer.setup.install.after_install"
after_migrate = "support_retainer.setup.install.after_migrate"
setup_wizard_complete = "support_retainer.setup.install.after_setup_wizard"
before_uninstall = "support_retainer.setup.uninstall.before_uninstall"
after_uninstall = "support_retainer.setup.uninstall.after_uninstall"

# desk -------------------------------------------------------------------------------------------
doctype_js = {
	"Issue": ["public/js/texts.js", "public/js/work_time.js", "public/js/issue.js"],
	"Retainer": ["public/js/texts.js", "public/js/retainer_actions.js"],
	"Retainer Settings": "public/js/texts.js",
	"Timesheet": ["public/js/texts.js", "public/js/work_time.js", "public/js/timesheet.js"],
	"Ticket Estimate": ["public/js/texts.js", "public/js/own_words.js", "public/js/consent.js"],
	"Support Sprint": ["public/js/texts.js", "public/js/own_words.js", "public/js/consent.js"],
	"Background Problem": ["public/js/texts.js", "public/js/own_words.js"],
	"Customer Answer": ["public/js/texts.js", "public/js/own_words.js"],
	"Retainer Notice": ["public/js/texts.js", "public/js/own_words.js"],
	"Timebank Closing": ["public/js/texts.js", "public/js/own_words.js"],
	"Timebank Entry": ["public/js/texts.js", "public/js/own_words.js"],
	"Timebank Period": ["public/js/texts.js", "public/js/own_words.js"],
	"Work Timer": ["public/js/texts.js", "public/js/own_words.js"],
}
extend_bootinfo = "support_retainer.desk.boot.extend_bootinfo"
override_doctype_dashboards = {
	"Issue": "support_retainer.consent.dashboards.of_ticket",
	"Customer": "support_retainer.consent.dashboards.of_customer",
}
doctype_list_js = {"Issue": ["public/js/texts.js", "public/js/issue_list.js"]}

# print ------------------------------------------------------------------------------------------
jinja = {
	"methods": [
		"support_retainer.paper.period_statement",
		"support_retainer.paper.invoice_specification",
		"support_retainer.paper.paper_words",
	],
}

# website ----------------------------------------------------------------------------------------
standard_portal_menu_items = [
	{"title": "Support and hours", "route": "/support", "reference_doctype": "Issue", "role": "Customer"}
]
after_request = ["support_retainer.portal.after_request"]
website_route_rules = [{"from_route": "/support/tickets/<name>", "to_route": "support/ticket"}]

# documents --------------------------------------------------------------------------------------
doc_events = {
	# what people outside write, or what is copied from it: cleaned before anything else reads it
	(
		*("Issue", "Communication", "Comment", "Contact", "Address", "Customer", "User", "File", "ToDo"),
		*("Timesheet", "Support Sprint", "Ticket Estimate", "Customer Answer", "Consent Waiver"),
	): {"before_validate": "support_retainer.permissions.clean"},
	("Issue", "Communication"): {"before_print": "support_retainer.permissions.before_print"},
	# what a request may hold
	("Retainer", "Retainer Settings", "SLA Rule", "Support Sprint", "Ticket Estimate", "Issue"): {
		"before_validate": "support_retainer.requests.check_values",
	},
	"*": {
		"validate": "support_retainer.permissions.refuse_strangers_attachments",
	},
	"Issue": {
		"before_insert": "support_retainer.permissions.check_new_ticket",
		"before_validate": "support_retainer.permissions.check_changed_ticket",
		"validate": [
			"support_retainer.permissions.check_ticket",
			"support_retainer.tickets.on_validate",
		],
		"on_update": ["support_retainer.tickets.on_update", "support_retainer.consent.on_ticket_update"],
		"on_change": "support_retainer.tickets.on_change",
		"on_trash": "support_retainer.tickets.on_trash",
	},
	"ToDo": {
		"validate": "support_retainer.permissions.check_todo",
		"after_insert": "support_retainer.tickets.on_assignment",
	},
	"File": {
		"validate": "support_retainer.permissions.refuse_strangers_file",
	},
	"Timesheet": {
		"before_validate": "support_retainer.billing.before_timesheet_validate",
		"before_update_after_submit": "support_retainer.billing.before_timesheet_update",
		"validate": [
			"support_retainer.permissions.check_timesheet",
			"support_retainer.billing.on_timesheet_validate",
			"support_retainer.consent.on_timesheet_validate",
		],
		"before_submit": [
			"support_retainer.permissions.check_whole_timesheet",
			"support_retainer.consent.before_timesheet_submit",
			"support_retainer.billing.before_timesheet_submit",
		],
		"on_update": [
			"support_retainer.tickets.on_timesheet_update",
			"support_retainer.consent.on_timesheet_change",
		],
		"on_submit": "support_retainer.billing.on_timesheet_submit",
		"before_cancel": [
			"support_retainer.permissions.check_whole_timesheet",
			"support_retainer.billing.before_timesheet_cancel",
		],
		"on_cancel": [
			"support_retainer.billing.on_timesheet_cancel",
			"support_retainer.tickets.on_timesheet_update",
			"support_retainer.consent.on_timesheet_change",
		],
		"on_trash": [
			"support_retainer.permissions.check_whole_timesheet",
			"support_retainer.consent.on_timesheet_change",
		],
		"after_delete": "support_retainer.tickets.on_timesheet_update",
	},
	"Document Follow": {"validate": "support_retainer.permissions.refuse_strangers_follow"},
	"Email Queue": {
		"before_insert": "support_retainer.paper.on_mail_queued",
	},
	"Sales Invoice": {
		"before_validate": "support_retainer.billing.before_invoice_validate",
		"on_update": "support_retainer.billing.on_invoice_update",
		"validate": [
			"support_retainer.billing.on_invoice_validate",
			"support_retainer.consent.on_invoice_validate",
		],
		"on_submit": [
			"support_retainer.billing.on_invoice_submit",
			"support_retainer.consent.on_invoice_change",
		],
		"on_cancel": [
			"support_retainer.billing.on_invoice_cancel",
			"support_retainer.consent.on_invoice_change",
		],
		"on_trash": "support_retainer.billing.on_invoice_trash",
	},
	"Personal Data Deletion Request": {
		"on_change": "support_retainer.paper.on_deletion_request_change",
	},
	"Customer": {
		"before_rename": "support_retainer.contracts.before_customer_rename",
		"after_rename": "support_retainer.tickets.after_customer_rename",
	},
	# offers and orders that name tickets
	("Quotation", "Sales Order", "Sales Invoice"): {"validate": "support_retainer.permissions.check_sold"},
	(
		"Support Sprint",
		"Ticket Estimate",
	): {"before_validate": "support_retainer.permissions.check_agreement"},
	"Support Sprint": {"on_update": "support_retainer.paper.tell_soon"},
	"Ticket Estimate": {"on_update": "support_retainer.paper.tell_soon"},
	"Timebank Closing": {"after_insert": "support_retainer.paper.tell_soon"},
}
# a running timer must not keep a ticket or a user from being deleted
ignore_links_on_delete = ["Work Timer"]

# our own: the time bank tells of time that came in, naming the retainer
support_retainer_time_added = ["support_retainer.tickets.on_time_added"]
# our own: staff are about to decide on held time for a customer
support_retainer_overage_decided = ["support_retainer.consent.keep_overage_decision"]

# ERPNext's own actions that write past documents ------------------------------------------------
override_whitelisted_methods = {
	"erpnext.support.doctype.issue.issue.set_status": "support_retainer.tickets.set_status",
	"erpnext.support.doctype.issue.issue.set_multiple_status": "support_retainer.tickets.set_multiple_status",
}

# permissions ------------------------------------------------------------------------------------
_own_documents = (
	"Background Problem",
	"Consent Waiver",
	"Customer Answer",
	"Not Charged Reason",
	"Retainer",
	"Retainer Notice",
	"Retainer Settings",
	"Retainer Terms",
	"Sent Form",
	"SLA Rule",
	"Support Sprint",
	"Ticket Estimate",
	"Timebank Closing",
	"Timebank Entry",
	"Timebank Period",
	"Work Timer",
)
has_permission = dict.fromkeys(_own_documents, "support_retainer.permissions.has_permission")
has_permission["File"] = "support_retainer.permissions.file_has_permission"
has_permission["Issue"] = "support_retainer.permissions.ticket_has_permission"
has_permission["Notification Log"] = "support_retainer.permissions.bell_has_permission"
has_permission["Tag Link"] = "support_retainer.permissions.tag_has_permission"
_own_rows = (
	"Retainer Notice Recipient",
	"Support Sprint Ticket",
	"Ticket Estimate Line",
	"Ticket Pause",
	"Ticket Urgency",
)
permission_query_conditions = dict.fromkeys(
	(*_own_documents, *_own_rows), "support_retainer.permissions.conditions"
)
permission_query_conditions["Tag Link"] = "support_retainer.permissions.tag_conditions"
has_website_permission = {"Issue": "support_retainer.permissions.has_website_permission"}
# Frappe's and ERPNext's own ask nobody's permission
override_whitelisted_methods |= {
	"frappe.client.get_count": "support_retainer.permissions.get_count",
	"frappe.desk.doctype.tag.tag.add_tag": "support_retainer.permissions.add_tag",
	"frappe.desk.doctype.tag.tag.add_tags": "support_retainer.permissions.add_tags",
	"frappe.desk.doctype.tag.tag.get_tagged_docs": "support_retainer.permissions.get_tagged_docs",
	"frappe.desk.doctype.tag.tag.remove_tag": "support_retainer.permissions.remove_tag",
	"erpnext.support.doctype.issue.issue.make_issue_from_communication": "support_retainer.permissions.make_issue_from_communication",
	"frappe.templates.includes.comments.comments.add_comment": "support_retainer.permissions.add_comment",
	"frappe.desk.like.toggle_like": "support_retainer.permissions.toggle_like",
	"frappe.core.doctype.communication.email.make": "support_retainer.permissions.make_communication",
	"frappe.utils.print_format.download_pdf": "support_retainer.paper.download_pdf",
	"download_file": "support_retainer.permissions.download_file",
	"frappe.handler.download_file": "support_retainer.permissions.download_file",
	"frappe.core.doctype.file.file.download_file": "support_retainer.permissions.download_file",
	"frappe.utils.file_manager.download_file": "support_retainer.permissions.download_file",
	"frappe.core.api.file.zip_files": "support_retainer.permissions.zip_files",
	"frappe.core.doctype.file.file.zip_files": "support_retainer.permissions.zip_files",
	"frappe.core.api.file.unzip_file": "support_retainer.permissions.unzip_file",
	"frappe.core.doctype.file.file.unzip_file": "support_retainer.permissions.unzip_file",
}

# personal data: what Frappe hands out to a person on request, and takes out when the person is deleted
user_data_fields = [
	{
		"doctype": "Customer Answer",
		"filter_by": "user",
		"redact_fields": ["full_name", "ip_address"],
		"partial": True,
	},
	{"doctype": "Consent Waiver", "filter_by": "user", "partial": True},
	{"doctype": "Issue", "filter_by": "raised_by", "partial": True},
	{"doctype": "Retainer Notice Recipient", "filter_by": "email", "redact_fields": ["email"]},
]

# time -------------------------------------------------------------------------------------------
scheduler_events = {
	"cron": {
		"*/5 * * * *": ["support_retainer.tickets.escalate"],
		"*/10 * * * *": ["support_retainer.paper.tell_due"],
	},
	"hourly": [
		"support_retainer.timebank.open_due_periods",
		"support_retainer.tickets.follow_contracts",
		"support_retainer.billing.invoice_due",
	],
	"daily": [
		"support_retainer.portal.forget_sent_forms",
		"support_retainer.billing.close_due",
		"support_retainer.consent.expire_due",
	],
	"weekly_long": ["support_retainer.billing.weekly_audit"],
}
