"""The catalogue of texts (`main.pot`) and the translations (`sv.po`): written, read, compared.

Both are sorted and name files without line numbers, so that they change only when a text does. No text is thrown together with a
similar one by guessing: what is new is empty until somebody translates it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tools.translations.messages import Message, Problem, messages
from tools.translations.places import LOCALE, POT

LANGUAGES = ("sv",)
PLACEHOLDER = re.compile(r"\{\w*\}")
HEADER = """# {title}
# This file is distributed under the licence of the Support Retainer project.
#
msgid ""
msgstr ""
"Project-Id-Version: Support Retainer\\n"
{language}"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
Key = tuple[str, str]


@dataclass(slots=True)
class Report:
	"""What stands in the way of a complete translation. Empty is good."""

	problems: list[Problem] = field(default_factory=list)
	not_in_pot: list[str] = field(default_factory=list)
	only_in_pot: list[str] = field(default_factory=list)
	missing: dict[str, list[Key]] = field(default_factory=dict)
	placeholders: dict[str, list[Key]] = field(default_factory=dict)
	hints: dict[Key, str] = field(default_factory=dict)

	def __bool__(self) -> bool:
		"""Whether there is anything to do."""
		return bool(self.lines())

	def lines(self) -> list[str]:
		"""Everything there is to do, a line each."""
		said = [f"not translatable: {problem}" for problem in self.problems]
		for text in self.not_in_pot:
			said.append(f"main.pot lacks (run make translations): {text!r}")
		for text in self.only_in_pot:
			said.append(f"main.pot has, the app has not (run make translations): {text!r}")
		for language, keys in self.missing.items():
			for key in keys:
				hint = self.hints.get(key)
				said.append(f"{language}.po lacks: {_shown(key)}" + (f"   (was: {hint})" if hint else ""))
		for language, keys in self.placeholders.items():
			said += [f"{language}.po has other placeholders than: {_shown(key)}" for key in keys]
		return said


def check() -> Report:
	"""Compare code, catalogue and translations; nothing is written."""
	found, problems = messages()
	wanted, there = _keys(found), {_key(message) for message in read(POT)}
	report = Report(
		problems=problems,
		not_in_pot=[text for text, _ in sorted(wanted - there)],
		only_in_pot=[text for text, _ in sorted(there - wanted)],
	)
	for language in LANGUAGES:
		_compare(report, language, wanted, translations(language))
	return report


def update() -> Report:
	"""Write the catalogue anew from the code, take it over into every language, and tell what is left to do."""
	found, problems = messages()
	wanted, report = _keys(found), Report(problems=problems)
	LOCALE.mkdir(exist_ok=True)
	_write(POT, found, {}, None)
	for language in LANGUAGES:
		before = translations(language)
		_borrow(before, wanted)
		_write(_po(language), found, before, language)
		_compare(report, language, wanted, before)
		gone = {key: text for key, text in before.items() if key not in wanted and text}
		for key in report.missing.get(language, ()):
			if near := difflib.get_close_matches(key[0], [text for text, _ in gone], 1, 0.6):
				report.hints[key] = next(text for (source, _), text in gone.items() if source == near[0])
	return report


def translations(language: str) -> dict[Key, str]:
	"""Return a language's translations by text and context ("" for none)."""
	return {_key(message): message.string for message in read(_po(language))}


def read(path: Path) -> list:
	"""Return the messages of a catalogue file, without its header; none when there is no file."""
	if not path.exists():
		return []
	with path.open("rb") as source:
		return [message for message in read_po(source) if message.id]


def _compare(report: Report, language: str, wanted: set[Key], there: dict[Key, str]) -> None:
	missing = sorted(key for key in wanted if not (there.get(key) or "").strip())
	wrong = sorted(
		key
		for key in wanted
		if there.get(key) and sorted(_placeholders(there[key])) != sorted(_placeholders(key[0]))
	)
	if missing:
		report.missing[language] = missing
	if wrong:
		report.placeholders[language] = wrong


def _borrow(there: dict[Key, str], wanted: set[Key]) -> None:
	"""A word on one more form is called what it is called on the others."""
	by_text = {text: string for (text, context), string in there.items() if context and string}
	for text, context in wanted:
		if context and not there.get((text, context)) and text in by_text:
			there[text, context] = by_text[text]


def _placeholders(text: str) -> set[str]:
	return set(PLACEHOLDER.findall(text))


def _keys(found: Iterable[Message]) -> set[Key]:
	return {(message.text, message.context or "") for message in found}


def _key(message) -> Key:
	return message.id, message.context or ""


def _po(language: str) -> Path:
	return LOCALE / f"{language}.po"


def _write(path: Path, found: Iterable[Message], strings: dict[Key, str], language: str | None) -> None:
	catalog = Catalog(fuzzy=False)
	for message in sorted(found, key=lambda each: (each.text, each.place, each.note)):
		catalog.add(
			message.text,
			strings.get((message.text, message.context or "")) or "",
			locations=[(message.place, 0)],
			auto_comments=[message.note] if message.note else [],
			context=message.context,
		)
	for entry in catalog:
		entry.flags.discard("python-format")
		entry.flags.discard("python-brace-format")
	body = BytesIO()
	write_po(body, catalog, omit_header=True, include_lineno=False, sort_output=True, width=100)
	title = f"{'Swedish' if language == 'sv' else language} translation" if language else "Texts"
	head = HEADER.format(
		title=f"{title} of Support Retainer.", language=f'"Language: {language}\\n"\n' if language else ""
	)
	path.write_bytes(head.encode() + body.getvalue())


def _shown(key: Key) -> str:
	return repr(key[0]) + (f" (context {key[1]})" if key[1] else "")
