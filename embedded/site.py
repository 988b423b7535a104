"""Opening a site in this process: a throw-away copy, a kept copy, or one that other processes have open too."""

import atexit
import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from embedded import build, config, paths, runtime, state


@dataclass
class Site:
	"""A site that is open in this process. Close it, or use it as a context."""

	name: str
	path: Path
	db: str
	temporary: bool

	def close(self) -> None:
		"""Leave the site; a throw-away copy is deleted."""
		import frappe

		from embedded import cache, queue

		queue.discard()
		if getattr(frappe.local, "db", None):
			frappe.db.rollback()
		frappe.destroy()
		cache.empty()
		state.use(None)
		if self.temporary:
			if self.db == "mariadb":
				from embedded import mariadb

				mariadb.drop(config.read(self.path)["db_name"])
			shutil.rmtree(self.path.parent, ignore_errors=True)

	def __enter__(self) -> "Site":
		return self

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self.close()


def open_site(
	copy: bool = True,
	db: str = "sqlite",
	name: str | None = None,
	attach: str | Path | None = None,
	erpnext: bool = True,
	in_test: bool = False,
) -> Site:
	"""Open a site as Administrator; `frappe` is importable and connected afterwards.

	- Default: a throw-away copy of the ready site, gone after `close()`.
	- `name`: the kept copy of that name in `.embedded/sites`; made from the ready site when missing (or with
	  `copy=True` made anew each time; `copy=False` goes on with what is there).
	- `db="mariadb"`: the same site on the private MariaDB (see `embedded.mariadb`).
	- `attach`: the folder (`Site.path`) of a site that another process has open; nothing is copied or deleted.
	- `in_test`: sets `frappe.in_test` and `frappe.flags.in_test`, as a bench's test runner does.
	"""
	runtime.activate()
	if attach:
		path = Path(attach)
		site = Site(path.name, path, config.read(path).get("db_type", "sqlite"), temporary=False)
	else:
		ready = build.ensure_site(erpnext=erpnext, db=db)
		site = _copy(ready, name, fresh=copy, db=db)
	_enter(site, in_test)
	if not attach:
		_follow(site, ready)
	return site


def _copy(ready: Path, name: str | None, fresh: bool, db: str) -> Site:
	if name:
		path = paths.home() / "sites" / name
		# A private MariaDB keeps nothing from one run to the next.
		if fresh or db == "mariadb" or not (path / "site_config.json").is_file():
			shutil.rmtree(path, ignore_errors=True)
			_copy_folder(ready, path)
	else:
		folder = tempfile.mkdtemp(prefix="embedded-")
		atexit.register(_remove, folder, os.getpid())
		path = Path(folder) / "site"
		_copy_folder(ready, path)
		config.write(path, throw_away=1)
	if db == "mariadb":
		from embedded import mariadb

		mariadb.move(path)
	else:
		config.write(path, db_name="site")
	return Site(path.name, path, db, temporary=not name)


def _follow(site: Site, ready: Path) -> None:
	"""Migrate a kept copy that was made from an older build."""
	if config.read(site.path).get("layer", ready.name) != ready.name:
		from embedded.installer import migrate

		with contextlib.redirect_stdout(io.StringIO()):
			migrate()
	config.write(site.path, layer=ready.name)


def _remove(folder: str, process: int) -> None:
	"""Delete a throw-away copy that nobody closed, when the process that made it ends."""
	if os.getpid() == process:
		shutil.rmtree(folder, ignore_errors=True)


def _copy_folder(ready: Path, path: Path) -> None:
	shutil.copytree(ready, path, ignore=lambda folder, names: ["data"] if Path(folder) == ready else [])


def _enter(site: Site, in_test: bool) -> None:
	import frappe

	from embedded import cache

	if state.is_open():
		frappe.destroy()
	state.use(site.path)
	frappe.in_test = in_test
	frappe.init(force=True)
	cache.empty()
	frappe.init(force=True)
	frappe.connect()
	frappe.flags.in_test = in_test


@contextlib.contextmanager
def connected(user: str = "Administrator") -> Iterator[None]:
	"""A connection of its own to the open site, for a thread."""
	import frappe

	frappe.init(force=True)
	frappe.connect()
	frappe.set_user(user)
	try:
		yield
		frappe.db.commit()
	finally:
		frappe.destroy()
