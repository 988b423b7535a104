"""Builds ready sites in layers, so that a changed app installs only itself.

```
framework             Frappe alone, setup wizard answered              (about 10 s)
framework + erpnext   with the ERPNext stand-in
… + app               with our app, through the hooks a bench runs     (about 1 s)
```

Each layer is a folder in `.embedded/layers`, named after all that goes into it. Building happens in a process of its
own, so that whoever asks keeps a clean one.
"""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from embedded import paths, runtime
from embedded.locks import built_once

Progress = Callable[[str], None]
SECRETS = {"admin_password": "admin", "encryption_key": "ZW1iZWRkZWQtc2l0ZS1rZXktMzItYnl0ZXMtbG9uZyE="}
SETTINGS = {
	"country": "Sweden",
	"language": "en",
	"time_zone": "Europe/Stockholm",
	"currency": "SEK",
	"date_format": "yyyy-mm-dd",
	"time_format": "HH:mm",
	"number_format": "# ###.##",
	"first_day_of_the_week": "Monday",
	"enable_scheduler": 1,
	"setup_complete": 1,
}


class BuildFailed(Exception):
	"""The site could not be built; the message has the reason."""


def layers(erpnext: bool = True, db: str = "sqlite") -> list[tuple[str, str, Path]]:
	"""(app, title, folder) of every layer, the lowest first."""
	if db == "mariadb":
		return [
			(app, title, folder.with_name(f"mariadb-{folder.name}")) for app, title, folder in layers(erpnext)
		]
	builder = [
		paths.EMBEDDED / name
		for name in ("build.py", "installer.py", "apps.py", "sqlite.py", "sqlite_schema.py")
	]
	print_ = paths.fingerprint(runtime.fingerprint(), builder)
	found = [("frappe", "framework", paths.home() / "layers" / f"framework-{print_}")]
	for app in paths.apps(erpnext):
		print_ = paths.fingerprint(print_, app.fingerprint())
		name = "-".join([found[-1][2].name.rpartition("-")[0], app.name])
		found.append((app.name, app.name, paths.home() / "layers" / f"{name}-{print_}"))
	return found


def ensure_site(
	progress: Progress | None = None, assets: bool = False, erpnext: bool = True, db: str = "sqlite"
) -> Path:
	"""Folder of the ready site; what is missing of it is built.

	`progress` gets a line for each step. With `assets` the bundles of the desk are built too, where npm is there.
	"""
	target = layers(erpnext, db)[-1][2]
	with ThreadPoolExecutor(1) as beside:
		bundles = beside.submit(_ensure_bundles, progress) if assets else None
		if not target.is_dir():
			_build_elsewhere(erpnext, db, progress)
		else:
			os.utime(target)
		if bundles:
			bundles.result()
	return target


def _ensure_bundles(progress: Progress | None) -> None:
	from embedded import bundles

	bundles.ensure(progress)


def _build_elsewhere(erpnext: bool, db: str, progress: Progress | None) -> None:
	command = [
		sys.executable,
		"-m",
		"embedded",
		"build",
		"--db",
		db,
		*([] if erpnext else ["--without-erpnext"]),
	]
	environment = {**os.environ, "PYTHONPATH": str(paths.ROOT), "PYTHONUNBUFFERED": "1"}
	with subprocess.Popen(
		command, cwd=paths.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
	) as process:
		said = []
		for line in process.stdout or ():
			said.append(line)
			if progress and line.startswith("· "):
				progress(line[2:].rstrip())
	if process.returncode:
		raise BuildFailed("The embedded site could not be built:\n" + "".join(said[-40:]))


def build(erpnext: bool = True, db: str = "sqlite", progress: Progress = print) -> Path:
	"""Build every missing layer in this process."""
	fresh = not runtime_is_there()
	started = time.monotonic()
	runtime.activate()
	if fresh:
		progress(f"Frappe's source put back under its own name ({time.monotonic() - started:.0f} s)")
	below: Path | None = None
	for app, title, folder in layers(erpnext, db):
		if not folder.is_dir():
			started = time.monotonic()
			progress(f"Installing {title} …")
			base = below
			built_once(folder, lambda target, app=app, base=base: _make_layer(app, base, target, db))
			progress(f"Installed {title} ({time.monotonic() - started:.1f} s)")
		below = folder
	return folder


def runtime_is_there() -> bool:
	"""Whether the framework's source has been made."""
	return (paths.home() / "runtime" / runtime.fingerprint()).is_dir()


def _make_layer(app: str, base: Path | None, target: Path, db: str) -> None:
	"""Make the layer `target`: the layer below it, and one more app."""
	from embedded import config, mariadb

	if base:
		shutil.copytree(base, target, dirs_exist_ok=True)
	config.write(target, throw_away=1)  # while it is built, nothing has to survive a power cut
	with contextlib.ExitStack() as stack:
		if db == "mariadb":
			mariadb.settings(target, stack.enter_context(mariadb.server(target / "data")), mariadb.READY)
		_install(app, target, first=base is None)
	config.write(target, throw_away=0)


def _install(app: str, target: Path, first: bool) -> None:
	"""Install an app on the site `target`; the first lays the site down."""
	import frappe

	from embedded import cache, state

	said = io.StringIO()
	state.use(target)
	try:
		with contextlib.redirect_stdout(said):
			(_lay_down if first else _open)(target)
			from embedded.installer import install_app

			install_app(app)
			if first:
				_answer_setup_wizard()
			frappe.db.commit()
			if frappe.db.db_type == "sqlite":
				frappe.db.sql("PRAGMA wal_checkpoint(TRUNCATE)")
	except Exception:
		print(said.getvalue()[-4000:])
		raise
	finally:
		frappe.destroy()
		cache.empty()
		state.use(None)


def _lay_down(target: Path) -> None:
	"""An empty site: folders, configuration, the database template of the package."""
	import frappe
	from frappe.database.sqlite.setup_db import copy_db

	from embedded import config, mariadb

	for folder in ("db", "public/files", "private/files", "private/backups", "locks", "logs"):
		(target / folder).mkdir(parents=True)
	config.write(target, **SECRETS)
	frappe.init(force=True)
	frappe.flags.in_install_db = True
	if frappe.conf.db_type == "mariadb":
		with mariadb.connect(frappe.conf.db_socket) as connection:
			mariadb.create(connection.cursor(), mariadb.READY)
			connection.select_db(mariadb.READY)
			mariadb.load_template(connection)
	else:
		copy_db()
	frappe.connect()
	for table in ("auth", "global_search", "user_settings"):
		getattr(frappe.db, f"create_{table}_table")()
	frappe.flags.in_install_db = False
	frappe.clear_cache()


def _open(target: Path) -> None:
	import frappe

	frappe.init(force=True)
	frappe.connect()


def _answer_setup_wizard() -> None:
	"""Settings of a site whose wizard is done: Sweden, SEK, Stockholm time."""
	import frappe

	settings = frappe.get_doc("System Settings")
	settings.update(SETTINGS)
	settings.flags.ignore_mandatory = True
	settings.save()
	# The desk reads these as defaults; `save` sets only those that changed.
	for field in settings.meta.fields:
		if (value := settings.get(field.fieldname)) not in (None, ""):
			frappe.db.set_default(field.fieldname, value)
	frappe.db.set_value("Currency", "SEK", {"enabled": 1, "number_format": SETTINGS["number_format"]})
	frappe.db.set_value("Language", "sv", "enabled", 1)
	for user in frappe.STANDARD_USERS:
		frappe.db.set_value("User", user, "time_zone", SETTINGS["time_zone"])
	frappe.db.set_default("currency", "SEK")
	frappe.db.set_default("desktop:home_page", "desktop")
	_queue_mail()
	website = frappe.get_doc("Website Settings")
	website.disable_signup = 1
	website.save()


def _queue_mail() -> None:
	"""An account to send from, so that mail is queued as on a site that sends it."""
	import frappe

	account = frappe.new_doc("Email Account", email_account_name="Support", email_id="support@example.com")
	account.update(
		{"enable_outgoing": 1, "default_outgoing": 1, "smtp_server": "localhost", "no_smtp_authentication": 1}
	)
	frappe.flags.in_patch = True  # its validation would call the mail server
	account.insert()
	frappe.flags.in_patch = False
