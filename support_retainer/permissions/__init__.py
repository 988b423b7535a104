"""Who may see and touch what, beyond the roles: the answers to Frappe's permission hooks."""

from support_retainer.permissions.attachments import (
	download_file,
	file_has_permission,
	make_communication,
	refuse_strangers_attachments,
	refuse_strangers_file,
	unzip_file,
	zip_files,
)
from support_retainer.permissions.documents import conditions, has_permission, ticket_has_permission
from support_retainer.permissions.guards import (
	add_comment,
	add_tag,
	add_tags,
	bell_has_permission,
	get_count,
	get_tagged_docs,
	make_issue_from_communication,
	refuse_strangers_follow,
	remove_tag,
	tag_conditions,
	tag_has_permission,
	toggle_like,
)
from support_retainer.permissions.texts import before_print, clean, clean_kept
from support_retainer.permissions.ticket_values import check_changed_ticket, check_new_ticket, check_ticket
from support_retainer.permissions.website import has_website_permission
from support_retainer.permissions.work import (
	check_agreement,
	check_sold,
	check_timesheet,
	check_todo,
	check_whole_timesheet,
)

__all__ = [
	"add_comment",
	"add_tag",
	"add_tags",
	"before_print",
	"bell_has_permission",
	"check_agreement",
	"check_changed_ticket",
	"check_new_ticket",
	"check_sold",
	"check_ticket",
	"check_timesheet",
	"check_todo",
	"check_whole_timesheet",
	"clean",
	"clean_kept",
	"conditions",
	"download_file",
	"file_has_permission",
	"get_count",
	"get_tagged_docs",
	"has_permission",
	"has_website_permission",
	"make_communication",
	"make_issue_from_communication",
	"refuse_strangers_attachments",
	"refuse_strangers_file",
	"refuse_strangers_follow",
	"remove_tag",
	"tag_conditions",
	"tag_has_permission",
	"ticket_has_permission",
	"toggle_like",
	"unzip_file",
	"zip_files",
]
