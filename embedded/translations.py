"""Translations straight from an app's `locale/<language>.po`; a bench compiles them when it builds."""

from pathlib import Path

import frappe


def get_translations_from_mo(lang: str, app: str) -> dict[str, str]:
	"""Source strings (with `:context` where they have one) and their translation."""
	from babel.messages.pofile import read_po

	file = Path(frappe.get_app_path(app)) / "locale" / f"{(lang or '').replace('-', '_')}.po"
	if not file.is_file():
		return {}
	with file.open("rb") as source:
		messages = [
			message for message in read_po(source) if message.id and message.string and not message.fuzzy
		]
	return {_key(message.id, message.context): message.string for message in messages}


def _key(source: str, context: str | None) -> str:
	return f"{source}:{context}" if context else source
