"""What Frappe calls when the app is uninstalled: ERPNext is left as it was, and what had to stay is named.

Frappe itself drops our DocTypes with their tables, and everything that belongs to our module (custom fields among it).
"""

from __future__ import annotations

import frappe
from frappe import _

from support_retainer.setup import permissions, standard
from support_retainer.setup.custom_fields import CUSTOM_FIELDS, MODULE

LAYOUT = ("Section Break", "Column Break", "Tab Break")


def before_uninstall() -> None:
	"""Remember what was installed; the settings that say so are dropped before the rest can be taken away."""
	if frappe.db.exists("DocType", standard.SETTINGS):
		settings = frappe.get_doc(standard.SETTINGS)
		frappe.flags.support_retainer_installed = standard.installed_records(settings)
	# the steps of an onboarding belong to no module, so Frappe leaves them
	filters = {"parenttype": "Module Onboarding", "parent": MODULE}
	frappe.flags.support_retainer_steps = frappe.get_all("Onboarding Step Map", filters, pluck="step")
	frappe.flags.support_retainer_doctypes = frappe.get_all("DocType", {"module": MODULE}, pluck="name")


def after_uninstall() -> None:
	"""Take away what Frappe leaves behind, and print what was kept and why."""
	if "support_retainer" in frappe.get_installed_apps():
		return  # a dry run
	_forget_customizations(frappe.flags.support_retainer_doctypes or [])
	_forget_jobs_and_settings(frappe.flags.support_retainer_doctypes or [])
	permissions.take_back(frappe.flags.support_retainer_installed or {})
	kept = delete_unused(frappe.flags.support_retainer_installed or {})
	_drop_columns()
	frappe.clear_cache()
	frappe.db.commit()  # nobody commits after this hook
	for line in kept:
		print(line)


def _forget_customizations(doctypes: list[str]) -> None:
	"""Delete our fields and properties on ERPNext's forms, and whatever the user changed on forms that are gone."""
	frappe.db.delete("Custom Field", {"module": MODULE})
	frappe.db.delete("Property Setter", {"module": MODULE})
	frappe.db.delete("Portal Menu Item", {"parenttype": "Portal Settings", "route": "/support"})
	frappe.db.delete("Onboarding Step", {"name": ("in", frappe.flags.support_retainer_steps or [""])})
	if doctypes:
		frappe.db.delete("Custom Field", {"dt": ("in", doctypes)})
		frappe.db.delete("Property Setter", {"doc_type": ("in", doctypes)})
		frappe.db.delete("Custom DocPerm", {"parent": ("in", doctypes)})


def _forget_jobs_and_settings(doctypes: list[str]) -> None:
	"""Frappe keeps a single's values, and forgets jobs with the next migrate only: until then each would fail."""
	frappe.db.delete("Scheduled Job Type", {"method": ("like", "support_retainer.%")})
	if doctypes:
		frappe.db.delete("Singles", {"doctype": ("in", doctypes)})


def delete_unused(installed: dict[str, str]) -> list[str]:
	"""Delete the records the app made that nothing uses; return a sentence for each that is kept."""
	kept = []
	for key in (key for key, how in reversed(installed.items()) if how == standard.MADE):  # users before used
		doctype, name = key.split("/", 1)
		if frappe.db.exists("DocType", doctype) and frappe.db.exists(doctype, name):
			kept.append(_delete_role(name) if doctype == "Role" else _delete_record(doctype, name))
	return [line for line in kept if line]


def _delete_role(name: str) -> str | None:
	if others := frappe.get_all("Custom DocPerm", {"role": name}, pluck="parent", distinct=True):
		return _("Kept the role {0}: permissions on {1} name it.").format(name, ", ".join(sorted(others)))
	frappe.db.delete("Has Role", {"role": name})
	frappe.delete_doc("Role", name, force=True, ignore_permissions=True)


def _delete_record(doctype: str, name: str) -> str | None:
	try:
		frappe.delete_doc(doctype, name, ignore_permissions=True)
	except frappe.LinkExistsError:
		frappe.clear_last_message()
		return _("Kept the {0} {1}: it is in use.").format(_(doctype), name)


def _drop_columns() -> None:
	for doctype, fields in CUSTOM_FIELDS.items():
		for field in fields:
			if field["fieldtype"] not in LAYOUT and not _is_in_use(doctype, field["fieldname"]):
				_drop_column(doctype, field["fieldname"])


def _is_in_use(doctype: str, fieldname: str) -> bool:
	"""Whether there is no such column, or somebody else's field of that name needs it."""
	return not frappe.db.has_column(doctype, fieldname) or frappe.get_meta(doctype, cached=False).has_field(
		fieldname
	)


def _drop_column(doctype: str, fieldname: str) -> None:
	if frappe.db.db_type == "sqlite":  # which does not drop a column that is indexed
		for index in frappe.db.sql(f"PRAGMA index_list(`tab{doctype}`)", as_dict=True):
			columns = frappe.db.sql(f"PRAGMA index_info(`{index.name}`)", as_dict=True)
			if [column.name for column in columns] == [fieldname]:
				frappe.db.sql_ddl(f"DROP INDEX `{index.name}`")
	frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` DROP COLUMN `{fieldname}`")
