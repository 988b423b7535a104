"""The two ways in which a mend changes the framework's source while it is copied."""

import ast
from dataclasses import dataclass
from pathlib import Path


class MendError(Exception):
	"""A mend no longer fits the source it was written for."""


@dataclass(frozen=True, slots=True)
class Swap:
	"""Puts `new` where `old` stands in a file. `old` must stand there exactly `count` times."""

	path: str
	old: str
	new: str
	count: int = 1

	def apply(self, tree: Path) -> None:
		"""Change the file below `tree`."""
		file = tree / self.path
		text = file.read_text(encoding="utf-8")
		if text.count(self.old) != self.count:
			raise MendError(
				f"{self.path}: {self.old!r} stands there {text.count(self.old)} times, not {self.count}"
			)
		file.write_text(text.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Take:
	"""Takes functions (or methods of `within`) of a file from one of our modules instead."""

	path: str
	module: str
	names: tuple[str, ...]
	within: str = ""

	def apply(self, tree: Path) -> None:
		"""Replace each definition below `tree` by an import from `module`."""
		file = tree / self.path
		for name in self.names:
			text = file.read_text(encoding="utf-8")
			node = self._find(ast.parse(text), name)
			lines = text.splitlines(keepends=True)
			first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
			indent = "\t" if self.within else ""
			lines[first - 1 : node.end_lineno] = [f"{indent}from {self.module} import {name}\n"]
			file.write_text("".join(lines), encoding="utf-8")

	def _find(self, module: ast.Module, name: str) -> ast.FunctionDef:
		body = module.body
		if self.within:
			owners = [node for node in body if isinstance(node, ast.ClassDef) and node.name == self.within]
			body = owners[0].body if owners else []
		found = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name]
		if len(found) != 1:
			where = f"{self.within}.{name}" if self.within else name
			raise MendError(f"{self.path}: {where} is defined {len(found)} times, not once")
		return found[0]


@dataclass(frozen=True, slots=True)
class Write:
	"""Adds a file that the package left out."""

	path: str
	text: str

	def apply(self, tree: Path) -> None:
		"""Write the file below `tree`; one that is there is not overwritten."""
		file = tree / self.path
		if file.exists():
			raise MendError(f"{self.path} is there already")
		file.parent.mkdir(parents=True, exist_ok=True)
		file.write_text(self.text, encoding="utf-8")


Mend = Swap | Take | Write
