"""Texts in Python: what `_()` marks, what the core's errors say, and the titles in the hooks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.translations.messages import Message, Problem, worth_translating
from tools.translations.places import APP, files, shown

MARKS = {"_", "_lt"}
SAID = {"throw", "msgprint"}
TITLES = {"title", "label", "item_label"}


def read() -> Iterator[Message | Problem]:
	"""Yield the texts of every Python file."""
	for path in files(".py"):
		tree = ast.parse(path.read_text(encoding="utf-8"))
		yield from _marked(tree, shown(path))
		if path.is_relative_to(APP / "core"):
			yield from _raised(tree, shown(path))
		if path == APP / "hooks.py":
			yield from _titles(tree, path)


def _marked(tree: ast.AST, place: str) -> Iterator[Message | Problem]:
	for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
		name = _name(call.func)
		if name in MARKS and call.args:
			yield from _text_of(call, place)
		elif name in SAID and call.args and _literal(call.args[0]):
			yield Problem(f"{place}:{call.lineno}", f"{_literal(call.args[0])!r} is not marked with _().")


def _text_of(call: ast.Call, place: str) -> Iterator[Message | Problem]:
	text, given = _literal(call.args[0]), call.args[0]
	if text:
		yield Message(text, _context(call), place)
	elif isinstance(given, ast.JoinedStr | ast.BinOp) or (
		isinstance(given, ast.Call) and _name(given.func) == "format"
	):
		yield Problem(
			f"{place}:{call.lineno}", "the text of _() is put together; translate first, then .format() it."
		)


def _context(call: ast.Call) -> str | None:
	given = [keyword.value for keyword in call.keywords if keyword.arg == "context"] + call.args[2:3]
	return _literal(given[0]) if given else None


def _raised(tree: ast.AST, place: str) -> Iterator[Message]:
	"""A core error's first argument is a template that a room translates."""
	calls = (node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise))
	for call in calls:
		if isinstance(call, ast.Call) and call.args and (text := _literal(call.args[0])):
			yield Message(text, None, place)


def _titles(tree: ast.AST, path: Path) -> Iterator[Message]:
	for node in ast.walk(tree):
		if isinstance(node, ast.Dict):
			for key, value in zip(node.keys, node.values, strict=True):
				if key is not None and _literal(key) in TITLES and worth_translating(_literal(value)):
					yield Message(_literal(value), None, shown(path))


def _literal(node: ast.AST) -> str | None:
	return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _name(node: ast.AST) -> str | None:
	return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
