"""Where things are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "support_retainer"
FIXTURES = ROOT / "fixtures"
LOCALE = APP / "locale"
POT = LOCALE / "main.pot"
LEAVE_OUT = {"locale", "dist", "node_modules", "lib", "__pycache__", "fixtures"}


def files(*suffixes: str) -> Iterator[Path]:
	"""Every file of the app with one of these suffixes, in a fixed order."""
	for suffix in suffixes:
		for path in sorted(APP.rglob(f"*{suffix}")):
			if not LEAVE_OUT.intersection(path.relative_to(APP).parts):
				yield path


def shown(path: Path) -> str:
	"""A path as people know it: from the project's folder."""
	return path.relative_to(ROOT).as_posix()
