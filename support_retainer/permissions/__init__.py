"""Who may see and touch what, beyond the roles: the answers to Frappe's permission hooks."""

from support_retainer.permissions.documents import conditions, has_permission, ticket_has_permission
from support_retainer.permissions.guards import (
	add_comment,
	add_tag,
	add_tags,
	bell_has_permission,
	file_has_permission,
	get_count,
	get_tagged_docs,
	make_issue_from_communication,
	refuse_strangers_file,
	refuse_strangers_follow,
	refuse_strangers_todo,
	remove_tag,
	tag_conditions,
	tag_has_permission,
	toggle_like,
)
from support_retainer.permissions.texts import before_print, clean, clean_kept
from support_retainer.permissions.website import has_website_permission

__all__ = [
	"add_comment",
	"add_tag",
	"add_tags",
	"before_print",
	"bell_has_permission",
	"clean",
	"clean_kept",
	"conditions",
	"file_has_permission",
	"get_count",
	"get_tagged_docs",
	"has_permission",
	"has_website_permission",
	"make_issue_from_communication",
	"refuse_strangers_file",
	"refuse_strangers_follow",
	"refuse_strangers_todo",
	"remove_tag",
	"tag_conditions",
	"tag_has_permission",
	"ticket_has_permission",
	"toggle_like",
]
