"""Standard records: made once in the life of a site, then the user's own.

Only the words of a mail that nobody has saved since it was made follow the app when it is upgraded. Retainer Settings keep a list of what was made, or found to be there already. What is on it is never made again, whether
the user has changed, disabled or deleted it since; and uninstalling takes away only what was made.
"""

from __future__ import annotations

import json
from pathlib import Path

import frappe
from frappe import _, translate
from frappe.model.document import Document

from support_retainer.setup import permissions
from support_retainer.setup.custom_fields import CUSTOM_FIELDS

SETTINGS = "Retainer Settings"
ROLES = ("Support Agent", "Retainer Manager")
DOCTYPES = (
	"Issue Priority",
	"Activity Type",
	"Item",
	"SLA Rule",
	"Not Charged Reason",
	"Notification",
	"Role Profile",
)
MADE, FOUND = "made", "found"
WORDS = ("subject", "message")


def make() -> None:
	"""Make the standard records this site has not had yet, and fill in the settings it has not had."""
	settings = frappe.get_doc(SETTINGS)
	installed = installed_records(settings)
	before = dict(installed)
	for role in ROLES:
		was_there = role in (frappe.flags.support_retainer_roles or ())
		installed.setdefault(f"Role/{role}", FOUND if was_there else MADE)
	for doctype in DOCTYPES:
		for record in _read(doctype):
			_make_once(doctype, record, installed)
	_describe_steps()
	permissions.grant(installed)
	_fill_in(settings, installed)
	if installed != before:
		settings.installed_records = json.dumps(installed, indent=1)
		settings.flags.ignore_links = True  # a record the user deleted must not stop a migration
		settings.save(ignore_permissions=True)


def installed_records(settings: Document) -> dict[str, str]:
	"""Return what was installed, as "DocType/name" (or "Retainer Settings/field"): "made" or "found"."""
	return json.loads(settings.installed_records or "{}")


def note_existing_roles() -> None:
	"""Remember, before the app's DocTypes bring them along, which of its roles the site has already."""
	frappe.flags.support_retainer_roles = [role for role in ROLES if frappe.db.exists("Role", role)]


def _make_once(doctype: str, record: dict, installed: dict[str, str]) -> None:
	key = f"{doctype}/{record['name']}"
	if key in installed:
		if doctype == "Notification" and installed[key] == MADE:
			_renew_words(record)
		return
	if frappe.db.exists(doctype, record["name"]):
		_adopt(doctype, record)
		installed[key] = FOUND
	elif doctype != "Item" or _find_home(record, installed):
		if doctype == "Item":
			_name_in_site_language(record)
		frappe.get_doc({"doctype": doctype, **record}).insert(ignore_permissions=True)
		installed[key] = MADE


def _renew_words(record: dict) -> None:
	"""Give a mail the app's present words, unless somebody has saved it since it was made: edited or switched off."""
	fields = ["creation", "modified", *WORDS]
	kept = frappe.db.get_value("Notification", record["name"], fields, as_dict=True)
	if not kept or kept.creation != kept.modified:
		return
	new = {field: record[field] for field in WORDS if kept[field] != record[field]}
	if new:
		frappe.db.set_value("Notification", record["name"], new, update_modified=False)


def _adopt(doctype: str, record: dict) -> None:
	"""Fill in our own fields of a record that was there before us, where they are empty."""
	ours = [field["fieldname"] for field in CUSTOM_FIELDS.get(doctype, ()) if field["fieldname"] in record]
	for fieldname in ours:
		if not frappe.db.get_value(doctype, record["name"], fieldname):
			frappe.db.set_value(doctype, record["name"], fieldname, record[fieldname])


def _find_home(item: dict, installed: dict[str, str]) -> bool:
	"""Give an item its group and unit; False before ERPNext's setup wizard, when there are none yet."""
	root = frappe.db.get_value("Item Group", {"is_group": 1}, "name", order_by="lft asc")
	if not root:
		return False
	item["item_group"] = _by_english_name("Item Group", "Services") or root
	unit = item["stock_uom"]
	item["stock_uom"] = _by_english_name("UOM", unit)
	if not item["stock_uom"]:
		item["stock_uom"] = frappe.get_doc({"doctype": "UOM", "uom_name": unit}).insert().name
		installed[f"UOM/{unit}"] = MADE
	return True


def _name_in_site_language(item: dict) -> None:
	"""Customers read an item's name on their invoices, and nobody translates it later."""
	translate.clear_cache()  # what the site knew before this app was installed
	language = _site_language()
	for field in ("item_name", "description"):
		item[field] = _(item[field], language, context="Item")


def _describe_steps() -> None:
	"""Say the onboarding steps in the site's language: Frappe 15 translates their titles and not their descriptions."""
	if (_site_language() or "en") != "en":
		translate.clear_cache()  # what the site knew before this app was installed
	for path in sorted(Path(frappe.get_app_path("support_retainer", "onboarding_step")).glob("*/*.json")):
		step = json.loads(path.read_text(encoding="utf-8"))
		text = _(step["description"], _site_language())
		if frappe.db.get_value("Onboarding Step", step["name"], "description") not in (None, text):
			frappe.db.set_value("Onboarding Step", step["name"], "description", text, update_modified=False)


def _site_language() -> str | None:
	return frappe.db.get_single_value("System Settings", "language")


def _by_english_name(doctype: str, name: str) -> str | None:
	"""Return an ERPNext record by its English name, also where the setup wizard named it in the site's language."""
	translated = _(name, _site_language())
	return frappe.db.exists(doctype, name) or frappe.db.exists(doctype, translated)


def _fill_in(settings: Document, installed: dict[str, str]) -> None:
	"""Give each setting its first value, once; a setting that has one is left alone."""
	for field, value in _read(SETTINGS).items():
		key = f"{SETTINGS}/{field}"
		waits = field.endswith("_item") and not frappe.db.exists("Item", value)
		if key in installed or waits:
			continue
		installed[key] = FOUND if settings.get(field) else MADE
		if not settings.get(field):
			settings.set(field, value)


def _read(doctype: str) -> list[dict] | dict:
	path = Path(
		frappe.get_app_path("support_retainer", "fixtures", "standard", f"{frappe.scrub(doctype)}.json")
	)
	return json.loads(path.read_text(encoding="utf-8"))
