"""Texts in records: DocTypes, workspaces, reports and whatever else is kept as JSON, fixtures, and our fields on ERPNext's forms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.translations import scripts
from tools.translations.messages import TAG, Message, Problem, worth_translating
from tools.translations.places import APP, FIXTURES, files, shown

# Which properties of a record people read. `rows[].label` is a property of each row of a table.
READ: dict[str, tuple[str, ...]] = {
	"Activity Type": ("activity_type",),
	"Dashboard": ("dashboard_name",),
	"Dashboard Chart Source": (),
	"Dashboard Chart": ("chart_name", "x_field_label", "y_axis[].label"),
	"Desktop Icon": ("label",),
	"Email Template": (),
	"Form Tour": ("title", "steps[].title", "steps[].description"),
	"Issue Priority": ("name", "description"),
	"Item": ("item_name", "description"),
	"Module Onboarding": ("title", "subtitle", "success_message"),
	"Not Charged Reason": ("reason",),
	"Notification": (),
	"Number Card": ("label",),
	"Onboarding Step": ("title", "action_label", "description", "callback_title", "callback_message"),
	"Page": ("title",),
	"Print Format": ("name",),
	"Report": ("report_name", "columns[].label", "filters[].label"),
	"Retainer Settings": (),
	"Role": ("role_name",),
	"Role Profile": ("role_profile",),
	"SLA Rule": ("rule_name",),
	"UOM": ("uom_name",),
	"Web Form": (
		"title",
		"introduction_text",
		"success_title",
		"success_message",
		"button_label",
		"web_form_fields[].label",
		"web_form_fields[].description",
	),
	"Workspace Sidebar": ("title", "items[].label"),
}
# Properties that are templates, in which `_()` marks the texts.
TEMPLATES = {
	"Email Template": ("subject", "response", "response_html"),
	"Notification": ("subject", "message"),
	"Print Format": ("html",),
	"Web Page": ("main_section_html",),
}


def read() -> Iterator[Message | Problem]:
	"""Yield the texts of every record, and of the custom fields."""
	for path in [*files(".json"), *sorted(FIXTURES.rglob("*.json"))]:
		for record in _records(path):
			yield from _texts(record, shown(path))
	yield from _custom_fields()


def _records(path: Path) -> Iterator[dict]:
	content = json.loads(path.read_text(encoding="utf-8"))
	kind = path.stem.replace("_", " ")
	for record in content if isinstance(content, list) else [content]:
		if isinstance(record, dict) and (path.is_relative_to(FIXTURES) or "doctype" in record):
			yield {"doctype": _named(kind)} | record


@cache
def _named(kind: str) -> str:
	"""The DocType a file of standard records is called after: "sla rule" is SLA Rule."""
	known = {name.lower(): name for name in READ}
	return known.get(kind, kind)


def _texts(record: dict, place: str) -> Iterator[Message | Problem]:
	doctype = record["doctype"]
	if doctype == "DocType":
		yield from _doctype(record, place)
	elif doctype == "Workspace":
		yield from _workspace(record, place)
	elif doctype == "Item":
		# Written into the site in its own language, since nobody translates an item's name later.
		for field in READ[doctype]:
			yield Message(record[field], doctype, place, f"{field} of {doctype} {record['name']}")
	elif doctype in READ:
		for path in READ[doctype]:
			note = f"{path.rpartition('.')[2]} of {doctype} {record.get('name') or ''}".rstrip()
			yield from _messages(_pick(record, path), place, note)
	else:
		yield Problem(
			place, f"say in tools/translations/records.py which properties of a {doctype} people read."
		)
	for field in TEMPLATES.get(doctype, ()):
		yield from scripts.marked(record.get(field) or "", place)


def _doctype(record: dict, place: str) -> Iterator[Message]:
	name = record["name"]
	yield from _messages([name], place, "Name of a DocType")
	yield from _messages([record.get("description")], place, f"Description of {name}")
	for field in record.get("fields", ()):
		yield from _field(field, name, place)
	groups = [link.get("group") for link in record.get("links", ())]
	yield from _messages(groups, place, f"Group of connections of {name}")
	yield from _messages([row.get("title") for row in record.get("states", ())], place, f"State of {name}")
	yield from _messages([row.get("label") for row in record.get("actions", ())], place, f"Action of {name}")


def _field(field: dict, doctype: str, place: str) -> Iterator[Message]:
	title = field.get("label") or field["fieldname"]
	yield from _messages([field.get("label")], place, f"Label in {doctype}", doctype)
	yield from _messages([field.get("description")], place, f"Description of {title} in {doctype}")
	yield from _messages([field.get("placeholder")], place, f"Placeholder of {title} in {doctype}")
	options = field.get("options") or ""
	if field["fieldtype"] == "Select" and field["fieldname"] != "naming_series":
		yield from _messages(options.split("\n"), place, f"Option of {title} in {doctype}", doctype)
	elif field["fieldtype"] in ("HTML", "Heading"):
		yield from _messages([options], place, f"Content of {title} in {doctype}")


def _workspace(record: dict, place: str) -> Iterator[Message]:
	note = f"Workspace {record['name']}"
	yield from _messages([record.get("title"), record.get("label")], place, note)
	for table in ("charts", "number_cards", "shortcuts", "quick_lists"):
		yield from _messages(_pick(record, f"{table}[].label"), place, f"{note}, {table}")
	yield from _messages(_pick(record, "shortcuts[].format"), place, f"{note}, count of a shortcut")
	for link in record.get("links", ()):
		# What links to somebody else's DocType by its own name is theirs to translate.
		if link.get("label") != link.get("link_to") or link["label"] in _own_names():
			yield from _messages([link.get("label")], place, f"{note}, {link.get('type')}")
		yield from _messages([link.get("description")], place, note)
	for block in json.loads(record.get("content") or "[]"):
		text = block.get("data", {}).get("text") or ""
		if block.get("type") == "header":
			# The desk translates a header without its tags, a paragraph as it is.
			yield from _messages([TAG.sub("", text).strip()], place, f"{note}, header")
		elif block.get("type") == "paragraph":
			yield from _messages([text], place, f"{note}, paragraph")


@cache
def _own_names() -> frozenset[str]:
	records = (record for path in files(".json") for record in _records(path))
	return frozenset(record["name"] for record in records if record.get("doctype") in ("DocType", "Report"))


def _custom_fields() -> Iterator[Message]:
	from support_retainer.setup.custom_fields import CUSTOM_FIELDS

	place = shown(APP / "setup/custom_fields.py")
	for doctype, fields in CUSTOM_FIELDS.items():
		for field in fields:
			yield from _field(field, doctype, place)


def _pick(record: dict, path: str) -> list:
	"""Values at a path: `label`, or `rows[].label`."""
	table, many, field = path.partition("[].")
	if not many:
		return [record.get(path)]
	rows = record.get(table) or []
	return [row.get(field) for row in (json.loads(rows) if isinstance(rows, str) else rows)]


def _messages(texts: list, place: str, note: str, doctype: str | None = None) -> Iterator[Message]:
	for text in texts:
		if worth_translating(text):
			yield Message(text, None, place, note, doctype)
