"""What Frappe calls when the app is installed and when the site is migrated. All of it may run again at any time."""

from __future__ import annotations

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from support_retainer import paper
from support_retainer.setup import standard, versions
from support_retainer.setup.custom_fields import CUSTOM_FIELDS, MODULE, PROPERTIES


def before_install() -> None:
	"""Refuse hosts the app does not work on, and note which roles are there already."""
	versions.check()
	standard.note_existing_roles()


def after_install() -> None:
	"""Add the custom fields and the standard records."""
	set_up()


def after_migrate() -> None:
	"""Add what a newer version brings. Records the user changed or deleted stay as they are."""
	set_up()


def after_setup_wizard(args: dict | None = None) -> None:
	"""Add the records that had to wait for ERPNext's setup wizard (items need their units and group)."""
	standard.make()


def add_fields() -> None:
	"""Add the fields that ERPNext's forms lack. Every patch begins with it: Frappe runs patches before `after_migrate`."""
	create_custom_fields(CUSTOM_FIELDS)


def set_up() -> None:
	add_fields()
	_set_properties()
	standard.make()
	paper.begin()
	paper.show_templates()


def _set_properties() -> None:
	"""Set each property once; a value the user has given it stays."""
	for doctype, fieldname, name, value, kind in PROPERTIES:
		filters = {"doc_type": doctype, "field_name": fieldname, "property": name}
		if not frappe.db.exists("Property Setter", filters):
			make_property_setter(doctype, fieldname, name, value, kind)
			frappe.db.set_value("Property Setter", filters, "module", MODULE)
