"""Frappe's source from the package registry, under its own name again.

The package is Frappe's develop branch (v16) with every "frappe" in it renamed. It is copied once into
`.embedded/runtime/<fingerprint>/frappe` with the name put back (file names too) and the mends of `embedded/mends`
applied. After that `import frappe` is simply Frappe: names in tracebacks, hooks, templates, JavaScript and HTTP headers
are the ones a bench has.
"""

import importlib.metadata
import importlib.util
import re
import shutil
import sys
import warnings
from pathlib import Path

from embedded import paths
from embedded.locks import built_once

PACKAGE = "monoframe"
VERSION = "16.0.0-dev"
RENAMED = ((PACKAGE, "frappe"), (PACKAGE.title(), "Frappe"), (PACKAGE.upper(), "FRAPPE"))
TEXT = " py js ts vue json html css scss less txt md csv sql xml svg jinja raw toml "


class RuntimeMissing(Exception):
	"""The framework's package is not installed in this Python."""


def package() -> Path:
	"""Folder of the installed package."""
	spec = importlib.util.find_spec(PACKAGE)
	if not spec or not spec.submodule_search_locations:
		raise RuntimeMissing(
			f"The package {PACKAGE} is missing in {sys.executable}: run `make venv`, then use .venv/bin/python."
		)
	return Path(next(iter(spec.submodule_search_locations)))


def fingerprint() -> str:
	"""What the renamed source depends on: the package's version and our mends."""
	parts = [paths.EMBEDDED / "mends", paths.EMBEDDED / "mend.py", Path(__file__)]
	return paths.fingerprint(importlib.metadata.version(PACKAGE), *parts)


def ensure() -> Path:
	"""Folder to put on `sys.path` so that `import frappe` works; built on first use (about 3 s)."""
	target = paths.home() / "runtime" / fingerprint()
	built_once(target, build)
	return target


def activate() -> Path:
	"""Make `import frappe` (and our apps) importable in this process."""
	folder = ensure()
	# Google's library announces the end of Python versions; nothing here to act on.
	warnings.filterwarnings("ignore", category=FutureWarning, module=r"google\..*")
	for path in [folder, *(app.source for app in paths.apps()), paths.ROOT]:
		if str(path) not in sys.path:
			sys.path.insert(0, str(path))
	return folder


def build(target: Path) -> None:
	"""Copy the package to `target`/frappe, rename and mend it."""
	from embedded.mends import MENDS

	source, tree = package(), target / "frappe"
	for file in sorted(source.rglob("*")):
		if file.is_dir() or "__pycache__" in file.parts:
			continue
		copy = tree / rename(str(file.relative_to(source)))
		copy.parent.mkdir(parents=True, exist_ok=True)
		if f" {file.suffix.lstrip('._')} " in TEXT:
			copy.write_text(rename(file.read_text(encoding="utf-8")), encoding="utf-8")
		else:
			shutil.copyfile(file, copy)
	for mend in MENDS:
		mend.apply(tree)


def rename(text: str) -> str:
	"""Give a text Frappe's own name back."""
	return re.sub(PACKAGE, lambda found: _case(found[0]), text, flags=re.IGNORECASE)


def _case(found: str) -> str:
	return dict(RENAMED).get(found, "frappe")
