"""Where the embedded site keeps things.

Everything that is built goes below one folder, `.embedded/` in the repository (git-ignored; `EMBEDDED_HOME` moves it):

```
runtime/<fingerprint>/frappe    the framework's source under its own name
layers/<name>-<fingerprint>/    finished sites: framework, framework + ERPNext stand-in, the same + our app
assets/<fingerprint>/           bundles for the desk
sites/<name>/                   kept copies (demo, serve)
```
"""

import hashlib
import os
from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EMBEDDED = ROOT / "embedded"
APP = "support_retainer"
STAND_IN = EMBEDDED / "erpnext_standin"

GENERATED = {"__pycache__", "node_modules", ".git", ".ruff_cache", ".pytest_cache"}
# Rooms whose files are read only when a site is there, so that a change in them needs no new site.
AT_RUN_TIME = {"public", "locale", "tests"}
OURS_AT_RUN_TIME = {"core", "tickets", "timebank", "billing", "portal", "www", "templates"}


@dataclass(frozen=True, slots=True)
class App:
	"""One Frappe app: its package name and the folder its package lies in."""

	name: str
	source: Path

	@property
	def package(self) -> Path:
		"""Folder of the Python package."""
		return self.source / self.name

	def fingerprint(self) -> str:
		"""Hash of all that its installation depends on."""
		ours = OURS_AT_RUN_TIME if self.name == APP else set()
		return fingerprint(self.name, self.package, ignored=AT_RUN_TIME | ours)

	@property
	def ready(self) -> bool:
		"""Whether there is an app to install (it has hooks)."""
		return (self.package / "hooks.py").is_file()


def home() -> Path:
	"""Folder of everything built; made when missing."""
	path = Path(os.environ.get("EMBEDDED_HOME") or ROOT / ".embedded")
	path.mkdir(parents=True, exist_ok=True)
	return path


def apps(erpnext: bool = True) -> list[App]:
	"""The apps that follow the framework, in the order of their installation.

	`EMBEDDED_APP=name:folder` puts another app in the place of ours (to try the runtime on a small one).
	"""
	name, _, folder = os.environ.get("EMBEDDED_APP", "").partition(":")
	wanted = [App("erpnext", STAND_IN)] if erpnext else []
	wanted.append(App(name, Path(folder).resolve()) if name else App(APP, ROOT))
	return [app for app in wanted if app.ready]


def fingerprint(*parts: str | Path | Iterable[Path], ignored: Set[str] = frozenset()) -> str:
	"""Short hash of texts, files and folders (names and contents; generated files and `ignored` folders left out)."""
	digest = hashlib.sha256()
	for part in parts:
		if isinstance(part, str):
			digest.update(part.encode() + b"\0")
			continue
		for path in [part] if isinstance(part, Path) else part:
			for file in files_below(path, ignored):
				digest.update(str(file.relative_to(path)).encode() + b"\0" + file.read_bytes() + b"\0")
	return digest.hexdigest()[:16]


def files_below(path: Path, ignored: Set[str] = frozenset()) -> list[Path]:
	"""Every source file below a folder (or the file itself), sorted. Links to folders are followed."""
	if path.is_file():
		return [path]
	found: list[Path] = []
	for folder, folders, names in os.walk(path, followlinks=True):
		folders[:] = sorted(name for name in folders if name not in ignored | GENERATED)
		found += [Path(folder) / name for name in names if not name.endswith((".pyc", ".swp", "~"))]
	return sorted(found)
