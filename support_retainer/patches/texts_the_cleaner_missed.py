"""Subjects and names in which a browser finds markup that Frappe's cleaner missed become text."""

from support_retainer.permissions import clean_kept
from support_retainer.setup.install import add_fields


def execute() -> None:
	add_fields()
	clean_kept("Issue", "subject", "description")
	clean_kept("Communication", "subject", "content", "sender_full_name")
	clean_kept("Contact", "first_name", "last_name")
	clean_kept("User", "first_name", "last_name", "full_name")
