"""JavaScript and CSS of desk and website, built with npm's packages from `embedded/assets`.

```
.embedded/assets/modules-<fingerprint>/   npm's packages
.embedded/assets/<app>-<fingerprint>/     bundles of one app
.embedded/assets/site-<fingerprint>/      assets/ as a bench has it: links to public folders and bundles, assets.json
```
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from embedded import paths, runtime
from embedded.locks import built_once

Progress = Callable[[str], None]
SOURCE = paths.EMBEDDED / "assets"
NODE = 20


class NoNode(Exception):
	"""Node or npm is missing; the message says what to do."""


def folder() -> Path:
	"""Folder whose `assets/` serves the site as it is now; it may not have been built."""
	parts = [f"{_app_folder(app)} {package}" for app, package in _packages().items()]
	return paths.home() / "assets" / f"site-{paths.fingerprint(*parts)}"


def ensure(progress: Progress | None = None) -> bool:
	"""Build what is missing of the bundles. Without npm: says so to `progress` and returns False."""
	say = progress or (lambda line: None)
	target = folder()
	if (target / "assets" / "assets.json").is_file():
		return True
	try:
		modules = _modules(say)
		runtime.ensure()
		for app in _packages():
			started = time.monotonic()
			if not (built := _app_folder(app)).is_dir():
				say(f"Building the bundles of {app} …")
				built_once(built, lambda out, app=app: _build(app, modules, out))
				say(f"Built the bundles of {app} ({time.monotonic() - started:.0f} s)")
	except NoNode as missing:
		say(f"{missing} The site works without its desk.")
		return False
	built_once(target, lambda out: _compose(out, modules))
	return True


def get_assets_json() -> dict[str, str]:
	"""Names of bundles and where they are served; empty when none are built."""
	import frappe

	root = Path(frappe.local.app_path) / "assets"
	found: dict[str, str] = {}
	for file in (root / "assets.json", root / "assets-rtl.json"):
		if file.is_file():
			found |= json.loads(file.read_text())
	return found


def modules() -> Path:
	"""Folder of npm's packages, fetched when missing; tests find axe-core there.

	Raises:
	        NoNode: Node or npm is missing.
	"""
	return _modules(lambda line: None)


def _packages() -> dict[str, Path]:
	tree = paths.home() / "runtime" / runtime.fingerprint()
	return {"frappe": tree / "frappe"} | {app.name: app.package for app in paths.apps()}


def _app_folder(app: str) -> Path:
	public = _packages()[app] / "public"
	own = paths.fingerprint(public) if app != "frappe" and public.is_dir() else ""
	name = paths.fingerprint(runtime.fingerprint(), SOURCE, own)
	return paths.home() / "assets" / f"{app}-{name}"


def _modules(say: Progress) -> Path:
	"""npm's packages; installed when missing."""
	node, npm = shutil.which("node"), shutil.which("npm")
	if not node or not npm:
		raise NoNode(f"The desk needs Node {NODE} or newer with npm, and none is installed.")
	version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip(
		"v\n"
	)
	if int(version.partition(".")[0]) < NODE:
		raise NoNode(f"The desk needs Node {NODE} or newer; this is Node {version}.")
	target = paths.home() / "assets" / f"modules-{paths.fingerprint(SOURCE / 'package-lock.json')}"
	if not target.is_dir():
		say("Fetching npm's packages (half a minute the first time) …")
		built_once(target, lambda out: _install(npm, out))
	return target / "node_modules"


def _install(npm: str, out: Path) -> None:
	for name in ("package.json", "package-lock.json", ".npmrc"):
		shutil.copy(SOURCE / name, out)
	done = subprocess.run(
		[npm, "ci", "--no-progress", "--loglevel=error"], cwd=out, capture_output=True, text=True
	)
	if done.returncode:
		raise NoNode(f"npm could not fetch its packages: {(done.stderr or done.stdout).strip()[-600:]}")


def _build(app: str, modules: Path, out: Path) -> None:
	packages = {name: str(path) for name, path in _packages().items()}
	job = {"app": app, "packages": packages, "modules": str(modules), "out": str(out)}
	command = ["node", str(SOURCE / "build.mjs"), json.dumps(job)]
	done = subprocess.run(command, capture_output=True, text=True)
	if done.returncode:
		raise RuntimeError(f"The bundles of {app} could not be built:\n{done.stderr[-4000:]}")


def _compose(out: Path, modules: Path) -> None:
	"""Lay out `assets/`: every app's public files, its bundles, and one list of all bundles."""
	root = out / "assets"
	lists: dict[str, dict[str, str]] = {"assets.json": {}, "assets-rtl.json": {}}
	for app, package in _packages().items():
		(root / app).mkdir(parents=True)
		public = package / "public"
		for entry in public.iterdir() if public.is_dir() else ():
			os.symlink(entry, root / app / entry.name)
		os.symlink(_app_folder(app) / "dist", root / app / "dist")
		for name, names in lists.items():
			names |= json.loads((_app_folder(app) / name).read_text())
	os.symlink(modules, root / "frappe" / "node_modules")
	for name, names in lists.items():
		(root / name).write_text(json.dumps(names, indent=1))
