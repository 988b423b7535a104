"""Every text of the app that people read, from the three kinds of places it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tools.translations import host

TAG = re.compile(r"</?[a-zA-Z][^>]*>")
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Message:
	"""One text, the `context` that tells it from the same words elsewhere (mostly none), and where it stands.

	`doctype` is the form it is on, for labels and options: the desk looks these up with the form as context, then without.
	"""

	text: str
	context: str | None
	place: str
	note: str = ""
	doctype: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
	"""A text that no translation would ever reach, and what to do about it."""

	place: str
	what: str

	def __str__(self) -> str:
		return f"{self.place}: {self.what}"


def messages() -> tuple[list[Message], list[Problem]]:
	"""Return all texts, and the problems that keep texts from being translated."""
	from tools.translations import python, records, scripts

	found: list[Message] = []
	problems: list[Problem] = []
	for source in (python.read(), scripts.read(), records.read()):
		for each in source:
			(problems if isinstance(each, Problem) else found).append(each)
	return list(_ours(found)), [*problems, *_unreachable(found)]


def worth_translating(text: object) -> bool:
	"""Whether there are words in it."""
	return isinstance(text, str) and bool(LETTER.search(text))


def _ours(found: Iterable[Message]) -> Iterator[Message]:
	"""Leave the host's own words to the host, but for those on our forms."""
	for message in found:
		if message.text not in host.WORDS or message.context:
			yield message
		elif message.doctype:
			yield replace(message, context=message.doctype)


def _unreachable(found: Iterable[Message]) -> Iterator[Problem]:
	"""On the server Frappe strips a text, and takes HTML out of it, before it looks the translation up."""
	for message in found:
		if not message.place.endswith((".py", ".html")):
			continue
		if message.text != message.text.strip():
			yield Problem(
				message.place, f"{message.text!r} begins or ends with a space; put it outside the text."
			)
		if TAG.search(message.text):
			yield Problem(message.place, f"{message.text!r} has HTML in it; give the tags as values.")
