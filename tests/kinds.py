"""The kinds of site the suite runs on: embedded on SQLite, embedded on MariaDB, and a bench.

`SUPPORT_RETAINER_SITE` says which: `sqlite` (the default), `mariadb`, or `bench` with `BENCH` (its folder) and `SITE` (the site's name).
The tests themselves know only Frappe's API.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

KIND = os.environ.get("SUPPORT_RETAINER_SITE", "sqlite")
ZONE = ZoneInfo("Europe/Stockholm")


def activate() -> None:
	"""Make `import frappe` work: test modules import it when they are collected, before any site is open."""
	if KIND != "bench":
		from embedded import runtime

		runtime.activate()


@contextmanager
def site() -> Iterator[object]:
	"""Open the site this run is for, with a company and calendar to work on."""
	if KIND == "bench":
		with _bench() as opened:
			yield opened
		return
	import embedded

	handle = embedded.open_site(db=KIND, in_test=True)
	try:
		_prepare()
		keep_cache_as_it_is()
		yield handle
	finally:
		handle.close()


@contextmanager
def _bench() -> Iterator[object]:
	import frappe

	sites, name = Path(os.environ["BENCH"]) / "sites", os.environ["SITE"]
	os.chdir(sites)
	frappe.init(name, sites_path=str(sites))
	frappe.connect()
	frappe.flags.in_test = True
	if hasattr(frappe, "in_test"):  # Frappe 16
		frappe.in_test = True
	try:
		_prepare()
		keep_cache_as_it_is()
		yield name
	finally:
		frappe.destroy()


def _prepare() -> None:
	"""What every test may count on. Committed: on a bench it stays, by names that say what it is."""
	import frappe

	from tests import world

	frappe.set_user("Administrator")
	frappe.flags.in_test = True
	frappe.flags.mute_emails = True
	world.prepare()
	frappe.db.commit()


@contextmanager
def rolled_back() -> Iterator[None]:
	"""Run one test as Administrator and take back all it wrote."""
	import frappe

	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.local.message_log = []
	frappe.local.flags.in_test = True
	try:
		yield
	finally:
		frappe.db.rollback()
		frappe.set_user("Administrator")
		_forget()


def _forget() -> None:
	"""Drop every cache that may hold what was rolled back, and the language a test spoke."""
	import frappe

	_cache().restore()
	frappe.local.document_cache = {}
	frappe.db.value_cache.clear()
	frappe.local.lang = "en"
	for name in ("system_settings", "outgoing_email_account", "incoming_email_account"):
		if hasattr(frappe.local, name):
			delattr(frappe.local, name)


@contextmanager
def cache_as_it_is() -> Iterator[Callable[[], None]]:
	"""Give a way to bring caches back while a test's own records stand; at the end they are as before the test."""
	import frappe

	try:
		yield _cache().restore
	finally:
		frappe.db.rollback()
		frappe.clear_cache()
		keep_cache_as_it_is()


def keep_cache_as_it_is() -> None:
	"""Let `cache_as_it_is`, and the end of each test, bring the caches back to now."""
	_cache().keep()


def definitions_kept() -> AbstractContextManager:
	"""What is done within leaves the cached definitions of DocTypes as they are, where the host empties its whole cache for it."""
	return _cache().definitions_kept() if KIND == "bench" else nullcontext()


def _cache() -> ModuleType:
	if KIND == "bench":
		from tests import bench_cache

		return bench_cache
	from embedded import cache

	return cache


@contextmanager
def at(moment: str) -> Iterator[None]:
	"""Set the clock to a wall time in Stockholm, which is the test sites' time zone, and hold it there."""
	import frappe
	import time_machine

	# Frappe compares `modified` as text, and text loses microseconds that are zero
	when = datetime.fromisoformat(moment).replace(tzinfo=ZONE, microsecond=1)
	with time_machine.travel(when, tick=False):
		frappe.local.new_doc_templates = {}  # they hold defaults such as today's date
		yield
