"""A bench site's cache, brought back after each test to what it was before.

Clearing it would do, but then every test reads the definitions of some hundred DocTypes again, which is most of its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

META = "doctype_meta"
_kept: dict[bytes, bytes] = {}


def keep() -> None:
	"""Note what is cached now, when the database is in the state that `restore` will be called in again."""
	_kept.clear()
	_kept.update(_dump())


def restore() -> None:
	"""Right after a rollback to that state: bring the cache back. Definitions that were read since are read again, and kept."""
	read_since = _definitions()
	frappe.clear_cache()
	if not _kept:
		return
	_write(_kept)
	frappe.local.cache = {}
	frappe.local.meta_cache = {}
	new = [name for name in read_since - _definitions() if frappe.db.exists("DocType", name)]
	for name in new:
		frappe.get_meta(name)
	if new:
		keep()


@contextmanager
def definitions_kept() -> Iterator[None]:
	"""Bring back the definitions of DocTypes that something emptied along with all else: a saved Employee does."""
	before = _dump(META)
	yield
	_write(before)


def _write(values: dict[bytes, bytes]) -> None:
	with frappe.cache.pipeline(transaction=False) as pipe:
		for key, value in values.items():
			pipe.restore(key, 0, value, replace=True)
		pipe.execute()


def _dump(prefix: str = "") -> dict[bytes, bytes]:
	keys = frappe.cache.get_keys(prefix)
	with frappe.cache.pipeline(transaction=False) as pipe:
		for key in keys:
			pipe.dump(key)
		return {key: value for key, value in zip(keys, pipe.execute(), strict=True) if value}


def _definitions() -> set[str]:
	"""The names of the DocTypes whose definitions are cached: fields of one hash on Frappe 15, a key for each on 16."""
	prefix = frappe.cache.make_key(f"{META}::")
	keys = {key[len(prefix) :].decode() for key in frappe.cache.get_keys(f"{META}::")}
	return keys | {_text(name) for name in frappe.cache.hkeys(META)}


def _text(name: bytes | str) -> str:
	return name.decode() if isinstance(name, bytes) else name
