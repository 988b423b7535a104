"""Who may what, as a table. `test_isolation` tries every cell over HTTP, for everybody; whoever is not named is refused.

G guest · A contact of customer A · B contact of B · M contact of both · X disabled contact of A · S support agent · R retainer manager
C accounts user · P projects user · Q projects manager · O support agent whom a User Permission limits to customer B

All that is asked for is customer A's. To be refused is an error, or an answer in which nothing of A's is found and after which nothing
has changed. `{name}` and the like are filled in from `isolation_world`.
"""

from __future__ import annotations

EVERYBODY = "GABMXSRCPQO"
STAFF = "SRCPQO"

# DocType: who may read, write, create and delete it. `limited` says that O reads it too: it is everybody's.
DOCTYPES = {
	"Retainer": {"read": "SRCQ", "export": "SRCQ", "email": "SRC", "write": "R", "create": "R", "share": "R"},
	# the agency's list: everybody's who books time or reads what was given
	"Not Charged Reason": {
		"read": "SRCPQO",
		"export": "R",
		"email": "R",
		"write": "R",
		"create": "R",
		"delete": "R",
		"share": "R",
		"rename": "R",
	},
	"Retainer Notice": {"read": "SRC", "export": "SRC"},
	"Retainer Terms": {"read": "SRC", "export": "SRC", "email": "SRC"},
	"SLA Rule": {
		"read": "SRC",
		"export": "SR",
		"email": "SR",
		"write": "R",
		"create": "R",
		"delete": "R",
		"share": "R",
		"rename": "R",
	},
	"Sent Form": {},
	"Timebank Period": {"read": "SRCQ", "export": "SRCQ", "email": "SRC"},
	"Timebank Entry": {"read": "SRCQ", "export": "SRCQ", "email": "SRC"},
	"Timebank Closing": {"read": "SRC", "export": "SRC", "email": "SRC"},
	"Background Problem": {"read": "R", "export": "R", "email": "R"},
	"Ticket Estimate": {
		"read": "SRCPQ",
		"export": "SRCQ",
		"email": "SRC",
		"write": "SR",
		"create": "SR",
		"delete": "R",
		"share": "SR",
	},
	"Support Sprint": {
		"read": "SRCPQ",
		"export": "SRCQ",
		"email": "SRC",
		"write": "SR",
		"create": "SR",
		"delete": "R",
		"share": "SR",
	},
	"Customer Answer": {"read": "SRC", "export": "SRC", "email": "SRC"},
	"Consent Waiver": {"read": "SRC", "export": "SRC", "email": "SRC"},
	"Work Timer": {"read": "SR", "search": ""},  # a search finds whose it is, and no ticket
	# ERPNext shows a customer their own ticket in print; who supports may rename one
	"Issue": {
		"read": "SR",
		"print": "AMSR",
		"attach": "AMSR",
		"email": "SR",
		"write": "SR",
		"create": "SR",
		"share": "SR",
		"rename": "SR",
	},
}
SINGLES = {"Retainer Settings": {"read": "SRCO", "write": "R"}}
CHILDREN = {
	"Office Hours Window": "Retainer Settings",
	"Retainer Notice Recipient": "Retainer Notice",
	"Special Day": "Retainer Settings",
	"Support Sprint Ticket": "Support Sprint",
	"Ticket Estimate Line": "Ticket Estimate",
	"Ticket Pause": "Issue",
	"Ticket Urgency": "Issue",
}

# Rights that are another's, where a DocType does not say otherwise
SAME_AS = {"print": "read", "search": "read", "attach": "write"}
# The field that shows whose a record is.
SHOWN = {
	"Work Timer": "ticket",
	"Issue": "subject",
	"SLA Rule": "retainer",
	"Not Charged Reason": "description",
}

# Contacts of two customers, and those whose session was ended, differ from others where customers' pages or the ticket are asked for.
DIFFER = ("Issue", "Retainer")
ALIKE = "MX"

# What a write sets, and what a new one is made of.
VALUES = {
	"Retainer": {"estimate_threshold_hours": 5},
	"SLA Rule": {"disabled": 1},
	"Ticket Estimate": {"note": "x"},
	"Support Sprint": {"note": "x"},
	"Issue": {"description": "x"},
	"Work Timer": {"started_on": "2026-11-01 00:00:00"},
	"Not Charged Reason": {"disabled": 1},
	"Customer Answer": {"note": "x"},
	"Consent Waiver": {"reason": "x"},
	"Retainer Settings": {"estimate_threshold_hours": 7},
}
NEW = {
	"Retainer": {
		"customer": "{customer}",
		"company": "{company}",
		"hourly_rate": 1,
		"start_date": "2027-01-01",
		"maintenance_waived_because": "x",
		"mode": "Without Timebank",
		"overage_policy": "Bill",
		"currency": "SEK",
		"status": "Draft",
	},
	"Not Charged Reason": {"reason": "Nytt skäl"},
	"SLA Rule": {
		"rule_name": "Ny regel",
		"urgency": "Urgent",
		"budget": "Within",
		"registered": "Any",
		"hours_counted": "Clock Hours",
		"target": "Immediately",
		"retainer": "{retainer}",
	},
	"Ticket Estimate": {"ticket_type": "Issue", "ticket": "{second}", "work": 3600},
	"Support Sprint": {
		"title": "x",
		"customer": "{customer}",
		"company": "{company}",
		"tickets": [{"ticket_type": "Issue", "ticket": "{second}", "work": 3600}],
	},
	"Issue": {"subject": "x", "customer": "{customer}", "company": "{company}"},
}

# Frappe's ways to one document or to many: method, path, values, and the right it takes. Each is tried for each DocType.
# "?" after a right: nobody else gets anything, and what those who have it get depends on what there is.
ONE = {"doctype": "{doctype}", "name": "{name}"}
WAYS = [
	("GET", "/api/resource/{doctype}", {"fields": ["*"], "limit_page_length": 0}, "read"),
	("GET", "/api/resource/{doctype}/{name}", {}, "read"),
	("GET", "/api/v2/document/{doctype}", {"fields": ["*"], "limit": 1000}, "read"),
	("GET", "/api/v2/document/{doctype}/{name}/", {}, "read"),
	("GET", "frappe.client.get_list", {"doctype": "{doctype}", "fields": ["*"]}, "read"),
	("GET", "frappe.client.get", ONE, "read"),
	(
		"GET",
		"frappe.client.get_value",
		{"doctype": "{doctype}", "fieldname": "{shown}", "filters": "{name}"},
		"read",
	),
	("GET", "frappe.client.get_count", {"doctype": "{doctype}", "filters": {"name": "{name}"}}, "read"),
	(
		"GET",
		"frappe.desk.reportview.get",
		{"doctype": "{doctype}", "fields": ["`tab{doctype}`.`{shown}`"]},
		"read",
	),
	(
		"GET",
		"frappe.desk.reportview.get_count",
		{"doctype": "{doctype}", "filters": [["{doctype}", "name", "=", "{name}"]]},
		"read",
	),
	("GET", "frappe.desk.reportview.get_stats", {"doctype": "{doctype}", "stats": ["{shown}"]}, "read?"),
	(
		"GET",
		"frappe.desk.listview.get_group_by_count",
		{"doctype": "{doctype}", "current_filters": [], "field": "{shown}"},
		"read?",
	),
	(
		"POST",
		"frappe.desk.reportview.export_query",
		{
			"doctype": "{doctype}",
			"file_format_type": "CSV",
			"title": "x",
			"fields": ["`tab{doctype}`.`{shown}`"],
		},
		"export",
	),
	("GET", "frappe.desk.search.search_link", {"doctype": "{doctype}", "txt": ""}, "search"),
	(
		"GET",
		"frappe.client.validate_link",
		{"doctype": "{doctype}", "docname": "{name}", "fields": ["{shown}"]},
		"read",
	),
	(
		"GET",
		"frappe.client.validate_link_and_fetch",
		{"doctype": "{doctype}", "docname": "{name}", "fields_to_fetch": ["{shown}"]},
		"read",
	),
	("GET", "frappe.desk.form.load.getdoc", ONE, "read"),
	("GET", "frappe.desk.form.load.get_docinfo", ONE, "read?"),
	("GET", "frappe.desk.form.load.get_communications", ONE, "read?"),
	("GET", "frappe.desk.form.linked_with.get", {"doctype": "{doctype}", "docname": "{name}"}, "read?"),
	("GET", "frappe.desk.notifications.get_open_count", ONE, "read?"),
	("GET", "/printview", {"doctype": "{doctype}", "name": "{name}", "format": "Standard"}, "print"),
	("PUT", "/api/resource/{doctype}/{name}", "{values}", "write"),
	("PATCH", "/api/v2/document/{doctype}/{name}/", "{values}", "write"),
	("POST", "frappe.client.set_value", {**ONE, "fieldname": "{values}"}, "write"),
	(
		"POST",
		"frappe.client.bulk_update",
		{"docs": [{"doctype": "{doctype}", "docname": "{name}", "*": "{values}"}]},
		"write",
	),
	("POST", "/api/resource/{doctype}", "{new}", "create"),
	("POST", "/api/v2/document/{doctype}", "{new}", "create"),
	("POST", "frappe.client.insert", {"doc": {"doctype": "{doctype}", "*": "{new}"}}, "create"),
	(
		"POST",
		"frappe.desk.form.save.savedocs",
		{
			"doc": {"doctype": "{doctype}", "__islocal": 1, "__unsaved": 1, "name": "new-1", "*": "{new}"},
			"action": "Save",
		},
		"create",
	),
	("DELETE", "/api/resource/{doctype}/{name}", {}, "delete"),
	("DELETE", "/api/v2/document/{doctype}/{name}/", {}, "delete"),
	("POST", "frappe.client.delete", ONE, "delete"),
	("POST", "frappe.desk.reportview.delete_items", {"doctype": "{doctype}", "items": ["{name}"]}, "delete"),
	("POST", "frappe.client.submit", {"doc": ONE}, "nobody"),
	("POST", "frappe.client.cancel", ONE, "nobody"),
	(
		"POST",
		"frappe.client.rename_doc",
		{"doctype": "{doctype}", "old_name": "{name}", "new_name": "x"},
		"rename",
	),
	("POST", "frappe.share.add", {**ONE, "user": "{visitor}", "write": 1}, "share?"),
	("POST", "frappe.desk.doctype.tag.tag.add_tag", {"tag": "x", "dt": "{doctype}", "dn": "{name}"}, "write"),
	(
		"POST",
		"frappe.desk.doctype.tag.tag.add_tags",
		{"tags": ["x"], "dt": "{doctype}", "docs": ["{name}"]},
		"write",
	),
	(
		"POST",
		"frappe.desk.doctype.tag.tag.remove_tag",
		{"tag": "x", "dt": "{doctype}", "dn": "{name}"},
		"write?",
	),
	("POST", "frappe.desk.like.toggle_like", {**ONE, "add": "Yes"}, "read"),
	(
		"POST",
		"frappe.desk.form.document_follow.follow_document",
		{"doctype": "{doctype}", "doc_name": "{name}", "user": "{visitor}"},
		"read?",
	),
	(
		"POST",
		"frappe.desk.form.utils.add_comment",
		{
			"reference_doctype": "{doctype}",
			"reference_name": "{name}",
			"content": "x",
			"comment_email": "{visitor}",
			"comment_by": "x",
		},
		"read",
	),
	(
		"POST",
		"frappe.core.doctype.communication.email.make",
		{**ONE, "content": "x", "subject": "x", "recipients": "x@example.com"},
		"email",
	),
	(
		"POST",
		"frappe.desk.form.assign_to.add",
		{**ONE, "assign_to": ["{manager}"], "description": "x"},
		"read?",
	),
	(
		"POST",
		"frappe.client.attach_file",
		{"filename": "x.txt", "filedata": "x", "doctype": "{doctype}", "docname": "{name}", "is_private": 1},
		"read?",
	),
	("POST", "frappe.model.workflow.apply_workflow", {"doc": ONE, "action": "Approve"}, "nobody"),
	# files: "UPLOAD" sends one in a form
	("UPLOAD", "/api/method/upload_file", {"doctype": "{doctype}", "docname": "{name}"}, "attach?"),
	("UPLOAD", "/api/v2/method/upload_file", {"doctype": "{doctype}", "docname": "{name}"}, "attach?"),
	(
		"POST",
		"/api/resource/File",
		{
			"attached_to_doctype": "{doctype}",
			"attached_to_name": "{name}",
			"file_name": "x.txt",
			"content": "x",
			"is_private": 1,
		},
		"attach",
	),
	(
		"GET",
		"frappe.core.api.file.get_attached_images",
		{"doctype": "{doctype}", "names": ["{name}"]},
		"SRCPQO?",  # (names of files, as in their list)
	),
	# paper
	(
		"GET",
		"frappe.utils.print_format.download_pdf",
		{"doctype": "{doctype}", "name": "{name}", "format": "Standard", "no_letterhead": 1},
		"print?",
	),
	(
		"GET",
		"frappe.utils.print_format.download_multi_pdf",
		{"doctype": "{doctype}", "name": ["{name}"], "format": "Standard", "no_letterhead": 1},
		"print?",
	),
	(
		"GET",
		"frappe.utils.weasyprint.download_pdf",
		{"doctype": "{doctype}", "name": "{name}", "print_format": "Standard"},
		"print?",
	),
	("GET", "frappe.www.printview.get_html_and_style", {"doc": "{doctype}", "name": "{name}"}, "print?"),
	(
		"GET",
		"frappe.www.printview.get_rendered_raw_commands",
		{"doc": "{doctype}", "name": "{name}"},
		"print?",
	),
	("GET", "/printview", {"doctype": "{doctype}", "name": "{name}", "key": "x"}, "print"),
	# more of frappe.client
	("POST", "frappe.client.save", {"doc": {**ONE, "*": "{values}"}}, "write?"),
	("POST", "frappe.client.insert_many", {"docs": [{"doctype": "{doctype}", "*": "{new}"}]}, "create"),
	(
		"GET",
		"frappe.client.get_password",
		{"doctype": "{doctype}", "name": "{name}", "fieldname": "{shown}"},
		"nobody",
	),
	("GET", "frappe.client.get_doc_permissions", {"doctype": "{doctype}", "docname": "{name}"}, "read?"),
	# lists, searches and figures
	("GET", "/api/v1/resource/{doctype}/{name}", {}, "read"),
	("GET", "/api/v2/doctype/{doctype}/count", {"filters": {"name": "{name}"}}, "read"),
	(
		"GET",
		"frappe.desk.reportview.get_list",
		{"doctype": "{doctype}", "fields": ["`tab{doctype}`.`{shown}`"]},
		"read",
	),
	(
		"GET",
		"frappe.desk.reportview.get_sidebar_stats",
		{"doctype": "{doctype}", "stats": ["{shown}"]},
		"read?",
	),
	(
		"GET",
		"frappe.desk.reportview.get_filter_dashboard_data",
		{"doctype": "{doctype}", "stats": [{"name": "{shown}", "type": "Data"}]},
		"read?",
	),
	("GET", "frappe.desk.search.search_widget", {"doctype": "{doctype}", "txt": ""}, "search?"),
	("GET", "frappe.desk.search.get_link_title", {"doctype": "{doctype}", "docname": "{name}"}, "read?"),
	(
		"GET",
		"frappe.desk.link_preview.get_preview_data",
		{"doctype": "{doctype}", "docname": "{name}"},
		"read?",
	),
	(
		"GET",
		"frappe.desk.form.utils.get_next",
		{"doctype": "{doctype}", "value": "x", "prev": 0, "sort_field": "name", "sort_order": "asc"},
		"read?",
	),
	(
		"GET",
		"frappe.desk.form.linked_with.get_submitted_linked_docs",
		{"doctype": "{doctype}", "name": "{name}"},
		"read?",
	),
	(
		"GET",
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
		{
			"chart": {
				"chart_type": "Group By",
				"document_type": "{doctype}",
				"group_by_based_on": "{shown}",
				"group_by_type": "Count",
				"filters_json": "[]",
			},
			"no_cache": 1,
		},
		"read?",
	),
	(
		"GET",
		"frappe.desk.calendar.get_events",
		{
			"doctype": "{doctype}",
			"start": "2020-01-01",
			"end": "2030-01-01",
			"field_map": {"start": "creation", "end": "modified", "id": "name", "title": "{shown}"},
		},
		"read?",
	),
	(
		"GET",
		"frappe.core.doctype.data_export.exporter.export_data",
		{"doctype": "{doctype}", "with_data": 1, "file_type": "CSV"},
		"export?",
	),
	# around a document
	("GET", "frappe.share.get_users", {"doctype": "{doctype}", "name": "{name}"}, "nobody"),
	(
		"GET",
		"frappe.desk.doctype.tag.tag.get_tagged_docs",
		{"doctype": "{doctype}", "tag": "%hemlig%"},
		"read?",
	),
	(
		"GET",
		"frappe.desk.form.document_follow.get_follow_users",
		{"doctype": "{doctype}", "doc_name": "{name}"},
		"nobody",
	),
	(
		"GET",
		"frappe.social.doctype.energy_point_log.energy_point_log.get_reviews",
		{"doctype": "{doctype}", "docname": "{name}"},
		"read?",
	),
	(
		"POST",
		"frappe.social.doctype.energy_point_log.energy_point_log.review",
		{"doc": ONE, "points": 1, "to_user": "{manager}", "reason": "x"},
		"read?",
	),
	(
		"POST",
		"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
		{"doctype": "{doctype}", "docnames": ["{name}"], "action": "update", "data": "{values}"},
		"write",
	),
	(
		"POST",
		"frappe.model.rename_doc.update_document_title",
		{"doctype": "{doctype}", "docname": "{name}", "title": "x", "enqueue": 0},
		"write?",
	),
	(
		"POST",
		"frappe.desk.calendar.update_event",
		{
			"args": {**ONE, "value": "2026-11-01"},
			"field_map": {"value": "{shown}"},
		},
		"write?",
	),
	(
		"POST",
		"frappe.desk.form.assign_to.add_multiple",
		{
			"doctype": "{doctype}",
			"name": ["{name}"],
			"assign_to": ["{manager}"],
			"description": "x",
			"ignore_permissions": 1,
		},
		"read?",
	),
	("POST", "/api/method/run_doc_method", {"dt": "{doctype}", "dn": "{name}", "method": "submit"}, "nobody"),
	("POST", "/api/method/runserverobj", {"dt": "{doctype}", "dn": "{name}", "method": "submit"}, "nobody"),
	("POST", "/api/v2/document/{doctype}/{name}/method/submit", {}, "nobody"),
	("POST", "/api/resource/{doctype}/{name}", {"run_method": "submit"}, "nobody"),
]

# The app's whitelisted methods: how, with which values, and who may.
T = {"ticket_type": "Issue", "ticket": "{ticket}"}
N = {"ticket_type": "Issue", "ticket_name": "{ticket}"}
SPAN = {"from_time": "2026-11-13 09:00:00", "to_time": "2026-11-13 10:00:00"}
METHODS = {
	"support_retainer.billing.api.adjust": (
		"POST",
		{"retainer": "{retainer}", "hours": 1, "reason": "x"},
		"R",
	),
	"support_retainer.billing.api.approve_overage": ("POST", {"entries": ["{held}"], "reason": "x"}, "R"),
	"support_retainer.billing.api.charge_after_all": (
		"POST",
		{"rows": ["{given_row}"], "reason": "x"},
		"R",
	),
	"support_retainer.billing.api.charge_now": ("POST", {"rows": ["{charged_row}"]}, "R?"),
	"support_retainer.billing.api.close_periods": ("POST", {"retainer": "{retainer}"}, "R?"),
	"support_retainer.billing.api.decline_overage": ("POST", {"entries": ["{held}"], "reason": "x"}, "R"),
	"support_retainer.billing.api.not_charge": (
		"POST",
		{"rows": ["{charged_row}"], "because": "Goodwill"},
		"R",
	),
	"support_retainer.billing.api.reopen_period": ("POST", {"period": "{period}", "reason": "x"}, "R?"),
	"support_retainer.billing.api.reprice": (
		"POST",
		{**N, "urgency": "Normal", "from_time": "2026-11-03 00:00:00", "reason": "x"},
		"R",
	),
	"support_retainer.billing.api.top_up": (
		"POST",
		{"retainer": "{retainer}", "hours": 1, "reason": "x"},
		"R",
	),
	"support_retainer.consent.api.answer": (
		"POST",
		{
			"kind": "Estimate",
			"name": "{estimate}",
			"approve": 1,
			"fingerprint": "{fingerprint}",
			"reason": "x",
		},
		"AMR",
	),
	"support_retainer.consent.api.close_sprint": ("POST", {"sprint": "{sprint}"}, "SR?"),
	"support_retainer.consent.api.go_on": ("POST", {**T, "ticket": "{second}", "reason": "x"}, "R?"),
	"support_retainer.consent.api.make_estimate": ("POST", {**T, "ticket": "{second}", "hours": 2}, "SR"),
	"support_retainer.consent.api.make_order": ("POST", {"sprint": "{sprint}", "doctype": "Quotation"}, "R?"),
	"support_retainer.consent.api.note_request": ("POST", {**T, "message": "x"}, "SR"),
	"support_retainer.consent.api.reopen_sprint": ("POST", {"sprint": "{sprint}"}, "SR?"),
	"support_retainer.consent.api.send": (
		"POST",
		{"doctype": "Ticket Estimate", "name": "{draft_estimate}"},
		"SR",
	),
	"support_retainer.consent.api.sprint_progress": ("GET", {"sprint": "{sprint}"}, "SRCPQ"),
	"support_retainer.consent.api.state": ("GET", T, "SR"),
	"support_retainer.consent.api.tickets_without_sprint": (
		"GET",
		{"customer": "{customer}", "company": "{company}"},
		"SR",
	),
	"support_retainer.consent.api.waiting_for": ("GET", {"customer": "{customer}"}, "AMSR"),
	"support_retainer.consent.api.withdraw": (
		"POST",
		{"doctype": "Ticket Estimate", "name": "{estimate}"},
		"SR",
	),
	"support_retainer.contracts.api.change_terms": (
		"POST",
		{"retainer": "{retainer}", "from_date": "2026-12-01", "terms": {"hourly_rate": 1}},
		"R",
	),
	"support_retainer.contracts.api.end_retainer": (
		"POST",
		{"retainer": "{retainer}", "on": "2026-12-31", "reason": "x"},
		"R",
	),
	"support_retainer.contracts.holidays.fill_swedish_holidays": (
		"POST",
		{"holiday_list": "x", "from_year": 2026, "to_year": 2026},
		"R?",
	),
	"support_retainer.contracts.holidays.warning": ("GET", {}, "SRCO?"),
	"support_retainer.desk.api.booking_form": ("GET", N, "SR?"),
	"support_retainer.desk.api.derivation": ("GET", {"entry": "{entry}"}, "SRCQ?"),
	"support_retainer.desk.api.discard_timer": ("POST", {}, "S?"),  # everybody their own; S alone has one
	"support_retainer.desk.api.held_time": ("GET", {"name": "{retainer}"}, "SRCQ?"),
	"support_retainer.desk.api.log_time": ("POST", {**N, "ticket_name": "{free}", **SPAN, "note": "x"}, "SR"),
	"support_retainer.desk.api.period_export": ("GET", {"period": "{period}"}, "SRCQ"),
	"support_retainer.desk.api.preview_time": ("POST", {**N, **SPAN}, "SR?"),
	"support_retainer.desk.api.retainer_links": (
		"GET",
		{"doctype": "Retainer", "name": "{retainer}", "items": ["Issue"]},
		"SRCQ?",
	),
	"support_retainer.desk.api.retainer_picture": ("GET", {"name": "{retainer}"}, "SRCQ"),
	"support_retainer.desk.api.running_timer": ("GET", {}, "S"),  # everybody their own
	"support_retainer.desk.api.start_timer": ("POST", {**N, "ticket_name": "{free}"}, "SR?"),
	"support_retainer.desk.api.terms_in_words": ("GET", {"doc": {"hourly_rate": 1}}, "SRCQO?"),
	"support_retainer.desk.api.ticket_head": ("GET", N, "SR?"),
	"support_retainer.desk.charts.drawn_against_allotted": ("GET", {}, "SRCQ"),
	"support_retainer.desk.charts.promises_by_week": ("GET", {}, "SRO?"),
	"support_retainer.desk.charts.time_by_category": ("GET", {}, "SRCQO?"),
	"support_retainer.desk.figures.at_risk": ("GET", {}, "SR?"),
	"support_retainer.desk.figures.breached_today": ("GET", {}, "SR?"),
	"support_retainer.desk.figures.held": ("GET", {}, "SRCQ?"),
	"support_retainer.desk.figures.nearly_empty": ("GET", {}, "SRCQ"),
	"support_retainer.desk.figures.to_invoice": ("GET", {}, "SRCQ?"),
	"support_retainer.desk.figures.urgent_open": ("GET", {}, "SR?"),
	"support_retainer.paper.sending.download_pdf": (
		"GET",
		{"doctype": "Timebank Period", "name": "{period}", "format": "Period Statement"},
		"SRCQ?",
	),
	"support_retainer.permissions.attachments.download_file": ("GET", {"file_url": "{own_file_url}"}, "ASR"),
	"support_retainer.permissions.attachments.make_communication": (
		"POST",
		{"doctype": "Issue", "name": "{ticket}", "content": "x", "attachments": ["{file}"]},
		"SR",
	),
	"support_retainer.permissions.attachments.unzip_file": ("POST", {"name": "{file}"}, "nobody"),
	"support_retainer.permissions.attachments.zip_files": ("GET", {"files": ["{own_file}"]}, "GABMXSRCPQO?"),
	"support_retainer.permissions.guards.add_comment": (
		"POST",
		{
			"comment": "xxxxxx",
			"comment_email": "x@example.com",
			"comment_by": "x",
			"reference_doctype": "Issue",
			"reference_name": "{ticket}",
		},
		"AMSR",
	),
	"support_retainer.permissions.guards.add_tag": (
		"POST",
		{"tag": "x", "dt": "Retainer", "dn": "{retainer}"},
		"R",
	),
	"support_retainer.permissions.guards.add_tags": (
		"POST",
		{"tags": ["x"], "dt": "Retainer", "docs": ["{retainer}"]},
		"R",
	),
	"support_retainer.permissions.guards.get_count": (
		"GET",
		{"doctype": "Retainer", "filters": {"name": "{retainer}"}},
		"SRCQ",
	),
	"support_retainer.permissions.guards.get_tagged_docs": (
		"GET",
		{"doctype": "Retainer", "tag": "%hemlig%"},
		"SRCQ",
	),
	"support_retainer.permissions.guards.make_issue_from_communication": (
		"POST",
		{"communication": "{communication}"},
		"SR",
	),
	"support_retainer.permissions.guards.remove_tag": (
		"POST",
		{"tag": "x", "dt": "Retainer", "dn": "{retainer}"},
		"R?",
	),
	"support_retainer.permissions.guards.toggle_like": (
		"POST",
		{"doctype": "Retainer", "name": "{retainer}", "add": "Yes"},
		"SRCQ",
	),
	"support_retainer.portal.api.attachment": ("GET", {"name": "{own_file}"}, "AMSR"),
	"support_retainer.portal.api.keep_order": (
		"POST",
		{"customer": "{customer}", "names": ["{second}", "{ticket}"]},
		"AM",
	),
	"support_retainer.portal.api.ledger_csv": ("GET", {"customer": "{customer}"}, "AMSR"),
	"support_retainer.portal.api.offer": ("POST", {"customer": "{customer}"}, "AMSR?"),
	"support_retainer.portal.api.statement": ("GET", {"period": "{period}"}, "AMSR?"),
	"support_retainer.portal.api.statement_data": ("GET", {"period": "{period}"}, "AMSR"),
	"support_retainer.tickets.form.clock_info": ("GET", T, "SR?"),
	"support_retainer.tickets.promises.preview_promise": ("GET", {"customer": "{customer}"}, "AMSR"),
	"support_retainer.tickets.recalculate.preview": ("GET", {}, "R?"),
	"support_retainer.tickets.recalculate.start": ("POST", {}, "R?"),
	"support_retainer.tickets.status.set_multiple_status": (
		"POST",
		{"names": ["{ticket}"], "status": "Closed"},
		"SR",
	),
	"support_retainer.tickets.status.set_status": ("POST", {"name": "{ticket}", "status": "Closed"}, "SR"),
	"support_retainer.tickets.work.start_work": ("POST", {**T, "ticket": "{second}"}, "SR"),
}

# What everybody may ask, and gets nothing but their own.
EVERYBODYS = [
	"support_retainer.permissions.attachments.zip_files",
	"support_retainer.permissions.guards.get_count",
	"support_retainer.permissions.guards.get_tagged_docs",
	"support_retainer.desk.api.discard_timer",
	"support_retainer.desk.api.running_timer",
	*(
		name
		for name in METHODS
		if name.startswith(("support_retainer.desk.figures", "support_retainer.desk.charts"))
	),
]

# Pages of the portal: path, values, and who sees something of A's there. {customer} is chosen in the address.
CHOSEN = {"customer": "{customer}"}
PAGES = {
	"/support": (CHOSEN, "AMSR"),
	"/support/approvals": (CHOSEN, "AMSR"),
	"/support/leave": ({}, ""),
	"/support/new": (CHOSEN, "AMSR"),
	"/support/order": (CHOSEN, "AMSR"),
	"/support/ticket": ({**CHOSEN, "name": "{ticket}"}, "AMSR"),
	"/support/tickets": (CHOSEN, "AMSR"),
	"/support/time": (CHOSEN, "AMSR"),
}

# Ways to a report that are not its run; who may is who may run it.
REPORT_WAYS = [
	("GET", "frappe.desk.query_report.export_query", {"file_format_type": "CSV", "include_indentation": 0}),
	("POST", "frappe.desk.query_report.export_query", {"file_format_type": "CSV", "visible_idx": [0, 1, 2]}),
	("GET", "frappe.desk.query_report.get_script", {}),
	("GET", "frappe.core.doctype.prepared_report.prepared_report.get_reports_in_queued_state", {}),
	("POST", "frappe.core.doctype.prepared_report.prepared_report.make_prepared_report", {}),
]

# Reports: values, and who may.
REPORTS = {
	"Period Statement": ({"retainer": "{retainer}", "period": "{period}"}, "SRC"),
	"Retainer Balance": ({}, "SRCQ"),
	"Retainer Profitability": ({"from_date": "2026-11-01", "to_date": "2026-11-30"}, "R"),
	"SLA Performance": ({}, "SR"),
	"Time by Category": ({"from_date": "2026-11-01", "to_date": "2026-11-30"}, "SRQ"),
	"Unbilled and Held": ({}, "RC"),
	"Utilisation by Employee": ({"from_date": "2026-11-01", "to_date": "2026-11-30"}, "RQ?"),
	"Work Queue": ({}, "SR"),
}

# Everything around the ticket and the ledger that Frappe keeps elsewhere, and the side doors: method, path, values, who.
ABOUT = {"reference_doctype": "Issue", "reference_name": "{ticket}"}
TODO = {
	"reference_type": "Issue",
	"reference_name": "{ticket}",
	"description": "x",
	"allocated_to": "{visitor}",
}
OTHERS = [
	# a document that is not in the database, or says that it is new: papers read the rest by its name
	*(
		(
			"GET",
			"frappe.www.printview.get_html_and_style",
			{"doc": {"doctype": doctype, "name": name, **said}, "print_format": paper},
			may,
		)
		for doctype, name, paper, may in (
			("Timebank Period", "{period}", "Period Statement", "SRCQ?"),
			("Timebank Period", "{period}", "Standard", "SRCQ?"),
			("Issue", "{ticket}", "Standard", "SR?"),
			("Sales Invoice", "x", "Invoice Specification", "C?"),
		)
		for said in (
			{"customer": "{other}"},
			{"customer": "{other}", "__islocal": 1},
			{"__islocal": 1, "retainer": "", "raised_by": "{visitor}"},
		)
	),
	# what is followed is mailed; what is shared is read
	(
		"POST",
		"/api/resource/Document Follow",
		{"ref_doctype": "Issue", "ref_docname": "{ticket}", "user": "{visitor}"},
		"SR?",
	),
	(
		"POST",
		"/api/resource/Document Follow",
		{"ref_doctype": "Retainer", "ref_docname": "{retainer}", "user": "{visitor}"},
		"SRCQ?",
	),
	("GET", "/api/resource/Document Follow", {"fields": ["*"]}, ""),
	# the bell, reports by mail, e-mail tracking, realtime rooms
	("GET", "/api/resource/Notification Log", {"fields": ["*"]}, "SRCPQO?"),
	("GET", "/api/resource/Notification Log/{bell}", {}, "S"),
	("GET", "frappe.client.get", {"doctype": "Notification Log", "name": "{bell}"}, "S"),
	("GET", "frappe.desk.doctype.notification_log.notification_log.get_notification_logs", {}, "SRCPQO?"),
	(
		"POST",
		"/api/resource/Auto Email Report",
		{"report": "Retainer Balance", "user": "{visitor}", "email_to": "x@example.com", "format": "HTML"},
		"",
	),
	(
		"GET",
		"frappe.core.doctype.communication.email.mark_email_as_seen",
		{"name": "{communication}"},
		"",
	),
	("GET", "frappe.realtime.has_permission", {"doctype": "Issue", "name": "{ticket}"}, ""),
	# SQL in what sorts and groups, fields of what is linked
	("GET", "/api/resource/Timebank Entry", {"order_by": "(select name from `tabIssue` limit 1)"}, ""),
	("GET", "/api/resource/Timebank Entry", {"group_by": "name having 1=1 or subject"}, ""),
	("GET", "/api/resource/Issue", {"fields": ["name", "retainer.customer_name as c"]}, "SR?"),
	(
		"POST",
		"run_doc_method",
		{
			"method": "get_onload",
			"docs": {"doctype": "Retainer", "name": "{retainer}", "customer": "{other}"},
		},
		"SRCQ?",
	),
	# letters, comments, files, assignments
	("GET", "frappe.client.get_list", {"doctype": "Communication", "fields": ["*"]}, ""),
	("GET", "/api/resource/Communication/{communication}", {}, "SR?"),
	("GET", "frappe.client.get_list", {"doctype": "Comment", "fields": ["*"]}, ""),
	("GET", "/api/resource/Comment/{comment}", {}, ""),
	(
		"GET",
		"frappe.client.get_list",
		{"doctype": "File", "fields": ["*"], "filters": {"attached_to_doctype": "Issue"}},
		"ASRCPQO?",
	),
	# (Frappe lists files' names to everybody at the desk; a file itself only to who may see what it is attached to)
	("GET", "/api/resource/File/{file}", {}, "SR"),
	("GET", "{file_url}", {}, "SR"),
	("GET", "{own_file_url}", {}, "ASR"),
	("GET", "/api/method/download_file", {"file_url": "{file_url}"}, "SR"),
	(
		"GET",
		"support_retainer.portal.api.attachment",
		{"name": "{file}"},
		"",
	),  # what staff attach is among themselves
	("GET", "/api/resource/ToDo/{todo}", {}, "S"),
	("GET", "frappe.client.get_list", {"doctype": "Version", "fields": ["*"]}, ""),
	# rows of a table, by their parent; other tables, by a join
	*(
		(
			"GET",
			"frappe.client.get_list",
			{"doctype": child, "parent": parent, "fields": ["*"]},
			DOCTYPES.get(parent, SINGLES.get(parent))["read"] + "?",
		)
		for child, parent in CHILDREN.items()
	),
	*(("GET", "frappe.client.get_list", {"doctype": child, "fields": ["*"]}, "") for child in CHILDREN),
	(
		"GET",
		"frappe.client.get_list",
		{"doctype": "Support Sprint Ticket", "parent": "ToDo", "fields": ["*"]},
		"",
	),
	(
		"GET",
		"frappe.client.get_list",
		{"doctype": "ToDo", "fields": ["name", "`tabTimebank Entry`.`customer`"]},
		"",
	),
	("GET", "frappe.desk.reportview.get", {"doctype": "User", "fields": ["`tabRetainer`.`customer`"]}, ""),
	("GET", "frappe.client.get_list", {"doctype": "ToDo", "fields": ["reference_name.customer"]}, ""),
	("GET", "frappe.utils.global_search.search", {"text": "Alfahemlig"}, "SR?"),
	("GET", "frappe.utils.global_search.web_search", {"text": "Alfahemlig"}, ""),
	("GET", "frappe.www.search.get_search_results", {"text": "Alfahemlig"}, ""),
	("GET", "frappe.desk.doctype.tag.tag.get_documents_for_tag", {"tag": "#{tag}"}, "SRQC?"),
	("GET", "frappe.client.get_list", {"doctype": "Tag Link", "fields": ["*"]}, "SRQC?"),
	("GET", "/api/resource/Tag Link/{tag_link}", {}, "SR"),
	("GET", "frappe.core.api.file.get_files_by_search_text", {"text": "alfahemlig"}, "ASRCPQO?"),
	("GET", "frappe.core.api.file.get_files_in_folder", {"folder": "Home/Attachments"}, "ASRCPQO?"),
	("GET", "/api/method/frappe.core.doctype.file.file.download_file", {"file_url": "{file_url}"}, "SR"),
	("GET", "/files/../{file_url}", {}, "SR?"),
	("PUT", "/api/resource/File/{file}", {"attached_to_name": "{other_ticket}"}, "SR"),
	(
		"PUT",
		"/api/resource/File/{strangers_file}",
		{"attached_to_doctype": "Issue", "attached_to_name": "{ticket}"},
		"SR?",
	),
	# what staff say, and who works on it
	("POST", "frappe.desk.form.utils.update_comment", {"name": "{comment}", "content": "x"}, ""),
	("POST", "frappe.client.delete", {"doctype": "Comment", "name": "{comment}"}, ""),
	("PUT", "/api/resource/Comment/{comment}", {"content": "x"}, ""),
	(
		"POST",
		"frappe.desk.form.assign_to.remove",
		{"doctype": "Issue", "name": "{ticket}", "assign_to": "{agent}", "ignore_permissions": 1},
		"SR",
	),
	(
		"POST",
		"frappe.desk.form.assign_to.remove_multiple",
		{"doctype": "Issue", "names": ["{ticket}"], "ignore_permissions": 1},
		"SR",
	),
	(
		"POST",
		"frappe.desk.form.assign_to.close",
		{"doctype": "Issue", "name": "{ticket}", "assign_to": "{agent}", "ignore_permissions": 1},
		"S",
	),
	("POST", "frappe.client.delete", {"doctype": "ToDo", "name": "{todo}"}, "S?"),
	("PUT", "/api/resource/ToDo/{todo}", {"status": "Cancelled"}, "S"),
	# letters
	(
		"POST",
		"frappe.email.inbox.mark_as_closed_open",
		{"communication": "{communication}", "status": "Closed"},
		"SR?",
	),
	(
		"POST",
		"frappe.email.inbox.move_email",
		{"communication": "{communication}", "email_account": ""},
		"SR?",
	),
	("POST", "frappe.email.inbox.mark_as_trash", {"communication": "{communication}"}, "SR?"),
	(
		"POST",
		"frappe.email.inbox.mark_as_spam",
		{"communication": "{communication}", "sender": "x@example.com"},
		"SR?",
	),
	(
		"POST",
		"erpnext.support.doctype.issue.issue.make_issue_from_communication",
		{"communication": "{communication}"},
		"SR?",
	),
	("GET", "erpnext.support.doctype.issue.issue.make_task", {"source_name": "{ticket}"}, "SR?"),
	(
		"GET",
		"frappe.model.mapper.make_mapped_doc",
		{"method": "erpnext.support.doctype.issue.issue.make_task", "source_name": "{ticket}"},
		"SR?",
	),
	# boards
	(
		"POST",
		"frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card",
		{
			"board_name": "{board}",
			"docname": "{ticket}",
			"from_colname": "Open",
			"to_colname": "Closed",
			"old_index": 0,
			"new_index": 0,
		},
		"SR?",
	),
	(
		"GET",
		"frappe.client.get_list",
		{"doctype": "Kanban Board Column", "parent": "Kanban Board", "fields": ["*"]},
		"SRCPQO?",
	),
	# the portal's web form
	(
		"POST",
		"frappe.website.doctype.web_form.web_form.delete",
		{"web_form_name": "issues", "docname": "{ticket}"},
		"",
	),
	(
		"POST",
		"frappe.website.doctype.web_form.web_form.delete_multiple",
		{"web_form_name": "issues", "docnames": ["{ticket}"]},
		"",
	),
	("GET", "/api/v2/document/Issue/{ticket}/method/split_issue", {}, "nobody"),
	# figures of others, by a link to them
	(
		"GET",
		"frappe.client.get_count",
		{"doctype": "Contact", "filters": {"name": "{contact}"}},
		"SRCQPO?",
	),
	# ERPNext's own portal
	("GET", "/issues", {}, "AMSRPQCO?"),
	("GET", "/issues/{ticket}", {}, "AMSR?"),
	(
		"GET",
		"frappe.website.doctype.web_form.web_form.get_form_data",
		{"doctype": "Issue", "docname": "{ticket}", "web_form_name": "issues"},
		"AMSR?",
	),
	(
		"POST",
		"frappe.website.doctype.web_form.web_form.accept",
		{"web_form": "issues", "data": {"doctype": "Issue", "name": "{ticket}", "subject": "x"}},
		"AMSR?",
	),
	# side doors in
	(
		"POST",
		"frappe.templates.includes.comments.comments.add_comment",
		{**ABOUT, "comment": "xxxxxx", "comment_email": "x@example.com", "comment_by": "x", "route": "x"},
		"AMSR?",
	),
	("POST", "frappe.templates.includes.likes.likes.like", {**ABOUT, "like": "true", "route": "x"}, ""),
	("GET", "frappe.www.list.get", {"doctype": "Timebank Entry"}, "SRCQ?"),
	("GET", "frappe.www.list.get_list_data", {"doctype": "Retainer"}, "SRCQ?"),
	("PUT", "/api/resource/Issue/{free_of_ledger}", {"customer": "{other}"}, "SR"),
	("PUT", "/api/resource/Support Sprint/{sprint}", {"customer": "{other}", "tickets": []}, "SR"),
	("POST", "/api/resource/Comment", {**ABOUT, "comment_type": "Comment", "content": "x"}, ""),
	("POST", "/api/resource/Communication", {**ABOUT, "subject": "x", "content": "x"}, "SR?"),
	("POST", "/api/resource/ToDo", TODO, "SR"),
	(
		"POST",
		"frappe.client.insert",
		{
			"doc": {
				"doctype": "DocShare",
				"user": "{visitor}",
				"share_doctype": "Retainer",
				"share_name": "{retainer}",
				"read": 1,
			}
		},
		"R?",
	),
	(
		"POST",
		"frappe.share.set_permission",
		{"doctype": "Retainer", "name": "{retainer}", "user": "{visitor}", "permission_to": "read"},
		"R?",
	),
	(
		"POST",
		"frappe.client.insert",
		{
			"doc": {
				"doctype": "Portal User",
				"parent": "{customer}",
				"parenttype": "Customer",
				"parentfield": "portal_users",
				"user": "{visitor}",
			}
		},
		"R",
	),
	(
		"POST",
		"frappe.client.insert",
		{
			"doc": {
				"doctype": "Dynamic Link",
				"parent": "{contact}",
				"parenttype": "Contact",
				"parentfield": "links",
				"link_doctype": "Customer",
				"link_name": "{customer}",
			}
		},
		"RC",
	),
	(
		"POST",
		"frappe.client.insert",
		{
			"doc": {
				"doctype": "Has Role",
				"parent": "{visitor}",
				"parenttype": "User",
				"parentfield": "roles",
				"role": "Retainer Manager",
			}
		},
		"",
	),
	(
		"POST",
		"frappe.client.insert",
		{
			"doc": {
				"doctype": "Support Sprint Ticket",
				"parent": "{sprint}",
				"parenttype": "Support Sprint",
				"parentfield": "tickets",
				"ticket_type": "Issue",
				"ticket": "{second}",
				"work": 1,
			}
		},
		"SR",
	),
	(
		"POST",
		"frappe.client.insert",
		{
			"doc": {
				"doctype": "Ticket Pause",
				"parent": "{ticket}",
				"parenttype": "Issue",
				"parentfield": "ticket_pauses",
				"from_time": "2026-11-02 10:00:00",
			}
		},
		"SR?",
	),
	("PUT", "/api/resource/User/{visitor}", {"roles": [{"role": "Retainer Manager"}]}, ""),
	("PUT", "/api/resource/Customer/{customer}", {"portal_users": [{"user": "{visitor}"}]}, "R"),
	(
		"POST",
		"/api/method/run_doc_method",
		{
			"dt": "Issue",
			"dn": "{ticket}",
			"method": "split_issue",
			"args": {"subject": "x", "communication_id": "{communication}"},
		},
		"SR?",
	),
	# last: what is removed from the disk is not taken back
	(
		"POST",
		"frappe.desk.form.utils.remove_attach",
		{"fid": "{file}", "dt": "Issue", "dn": "{ticket}"},
		"SR",
	),
	("POST", "frappe.client.delete", {"doctype": "File", "name": "{own_file}"}, "ASR"),
]
