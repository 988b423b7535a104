"""Hooks of the ERPNext stand-in."""

app_name = "erpnext"
app_title = "ERPNext"
app_publisher = "Support Retainer contributors"
app_description = "Stand-in for ERPNext 15.90"
app_email = "support@example.com"
app_license = "GNU General Public License (v3)"
app_logo_url = "/assets/frappe/images/frappe-framework-logo.svg"

after_install = "erpnext.setup.install.after_install"

treeviews = ["Account", "Cost Center", "Item Group", "Customer Group", "Territory", "Department"]
calendars = ["Task", "Holiday List"]
communication_doctypes = ["Customer"]
invoice_doctypes = ["Sales Invoice"]

doctype_js = {
	"Sales Invoice": "public/js/selling.js",
	"Sales Order": "public/js/selling.js",
	"Quotation": "public/js/selling.js",
}

_website_permission = "erpnext.controllers.website_list_for_contact.has_website_permission"
has_website_permission = {
	"Sales Order": _website_permission,
	"Quotation": _website_permission,
	"Sales Invoice": _website_permission,
	"Timesheet": _website_permission,
	"Project": _website_permission,
	"Issue": "erpnext.support.doctype.issue.issue.has_website_permission",
}

has_upload_permission = {"Employee": "erpnext.setup.doctype.employee.employee.has_upload_permission"}

website_route_rules = [
	{"from_route": "/invoices", "to_route": "Sales Invoice"},
	{
		"from_route": "/invoices/<path:name>",
		"to_route": "order",
		"defaults": {"doctype": "Sales Invoice", "parents": [{"label": "Invoices", "route": "invoices"}]},
	},
	{"from_route": "/orders", "to_route": "Sales Order"},
	{
		"from_route": "/orders/<path:name>",
		"to_route": "order",
		"defaults": {"doctype": "Sales Order", "parents": [{"label": "Orders", "route": "orders"}]},
	},
	{"from_route": "/quotations", "to_route": "Quotation"},
	{
		"from_route": "/quotations/<path:name>",
		"to_route": "order",
		"defaults": {"doctype": "Quotation", "parents": [{"label": "Quotations", "route": "quotations"}]},
	},
	{"from_route": "/timesheets", "to_route": "Timesheet"},
	{"from_route": "/project", "to_route": "Project"},
]

standard_portal_menu_items = [
	{"title": "Projects", "route": "/project", "reference_doctype": "Project", "role": "Customer"},
	{"title": "Quotations", "route": "/quotations", "reference_doctype": "Quotation", "role": "Customer"},
	{"title": "Orders", "route": "/orders", "reference_doctype": "Sales Order", "role": "Customer"},
	{"title": "Invoices", "route": "/invoices", "reference_doctype": "Sales Invoice", "role": "Customer"},
	{"title": "Issues", "route": "/issues", "reference_doctype": "Issue", "role": "Customer"},
	{"title": "Timesheets", "route": "/timesheets", "reference_doctype": "Timesheet", "role": "Customer"},
]

default_roles = [{"role": "Customer", "doctype": "Contact", "email_field": "email_id"}]

doc_events = {
	"User": {
		"after_insert": "frappe.contacts.doctype.contact.contact.update_contact",
		"validate": "erpnext.setup.doctype.employee.employee.validate_employee_role",
		"on_update": [
			"erpnext.setup.doctype.employee.employee.update_user_permissions",
			"erpnext.portal.utils.set_default_role",
		],
	},
	"Contact": {"on_trash": "erpnext.support.doctype.issue.issue.update_issue"},
}

scheduler_events = {
	"daily": [
		"erpnext.support.doctype.issue.issue.auto_close_tickets",
		"erpnext.controllers.accounts_controller.update_invoice_status",
		"erpnext.projects.doctype.task.task.set_tasks_as_overdue",
		"erpnext.selling.doctype.quotation.quotation.set_expired_status",
	],
}

global_search_doctypes = {
	"Default": [
		{"doctype": "Customer", "index": 0},
		{"doctype": "Item", "index": 2},
		{"doctype": "Employee", "index": 5},
		{"doctype": "Sales Invoice", "index": 7},
		{"doctype": "Project", "index": 29},
		{"doctype": "Timesheet", "index": 31},
		{"doctype": "Issue", "index": 32},
	],
}
