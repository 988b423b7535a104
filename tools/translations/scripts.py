"""Texts in scripts and templates: `__()` in JavaScript, `_()` and `__()` in HTML."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.translations.messages import Message, Problem, worth_translating
from tools.translations.places import files, shown

STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)"""
LITERAL = re.compile(STRING)
JOINED = re.compile(rf"{STRING}(?:\s*\+\s*{STRING})*")
IN_SCRIPT = re.compile(r"(?<![\w.$])__\(\s*")
IN_TEMPLATE = re.compile(r"(?<![\w.$])_{1,2}\(\s*")
CONTEXT = re.compile(rf"\s*,\s*context\s*=\s*({STRING})")
# Where the desk's own functions take a text that people read.
BARE = re.compile(
	rf"""(?:\b(?:label|title|description|placeholder|primary_action_label|secondary_action_label)\s*:\s*
	|\b(?:add_custom_button|set_intro|show_alert|msgprint|throw|confirm|set_headline\w*|set_df_property\(\s*{STRING},\s*
	"(?:label|description)",)\(\s*)({STRING})""",
	re.VERBOSE,
)


def read() -> Iterator[Message | Problem]:
	"""Yield the texts of every script and template."""
	for path in files(".js", ".ts"):
		code = path.read_text(encoding="utf-8")
		yield from marked(code, shown(path), IN_SCRIPT)
		yield from _bare(code, shown(path))
	for path in files(".html", ".vue", ".md"):
		yield from marked(path.read_text(encoding="utf-8"), shown(path), IN_TEMPLATE)


def marked(code: str, place: str, mark: re.Pattern = IN_TEMPLATE) -> Iterator[Message | Problem]:
	"""Yield the texts a piece of code marks for translation."""
	for call in mark.finditer(code):
		text = JOINED.match(code, call.end())
		if not text:
			continue  # a variable: what it holds is marked elsewhere
		follows = code[text.end() :].lstrip()[:1]
		if (text[0][0] == "`" and "${" in text[0]) or follows in ("+", "~", "%", "."):
			line = code.count("\n", 0, call.start()) + 1
			yield Problem(f"{place}:{line}", f"{text[0]} is put together; give the values as [values].")
			continue
		words = "".join(_value(each) for each in LITERAL.findall(text[0]))
		if worth_translating(words):
			yield Message(words, _context(code, text.end()), place)


def _bare(code: str, place: str) -> Iterator[Problem]:
	for found in BARE.finditer(code):
		text = _value(found[1])
		if worth_translating(text) and re.match(r"[A-ZÅÄÖ]", text):
			line = code.count("\n", 0, found.start(1)) + 1
			yield Problem(f"{place}:{line}", f"{text!r} is not marked with __().")


def _context(code: str, at: int) -> str | None:
	"""Return the third argument, or the one called `context`, of the call whose text ends at `at`."""
	if named := CONTEXT.match(code, at):
		return _value(named[1])
	commas, depth, position = 0, 0, at
	while position < len(code):
		if commas == 2 and (text := LITERAL.match(code, position)):
			return _value(text[0])
		if text := LITERAL.match(code, position):
			position = text.end()
			continue
		letter = code[position]
		if letter in ")]}" and not depth:
			return None
		depth += (letter in "([{") - (letter in ")]}")
		commas += letter == "," and not depth
		if commas == 2 and not letter.isspace() and letter != ",":
			return None
		position += 1
	return None


def _value(literal: str) -> str:
	body = literal[1:-1]
	if "\\" not in body:
		return body
	body = body.replace("\\`", "`").replace("\\/", "/").replace("\\\n", "")
	quoted = body if literal[0] == '"' else body.replace("\\'", "'").replace('"', '\\"')
	return ast.literal_eval('"' + quoted.replace("\n", "\\n") + '"')
