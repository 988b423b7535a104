"""Frappe's cache without Redis: `RedisWrapper` on a store in this process.

Caches of several processes on one MariaDB site know nothing of each other: what must be seen at once has to be read from
the database.
"""

import copy
from typing import Any

import redis

from embedded.memory import Memory, Store

STORE = Store()
META = "doctype_meta::"
_kept: dict[bytes, Any] | None = None


def setup_cache() -> Any:
	"""The cache that `frappe.cache` is."""
	from frappe.utils.redis_wrapper import RedisWrapper

	class EmbeddedCache(RedisWrapper, Memory):
		def client_id(self, **kwargs: Any) -> int:
			# There is nobody to track keys for; refusing makes ClientCache use this cache directly.
			raise redis.exceptions.ConnectionError("in-process cache")

	return EmbeddedCache(STORE)


def erase_persistent_caches(self: Any, *, doctype: str | None = None) -> None:
	"""Clear what this process keeps between requests (a bench is told through Redis)."""
	import frappe.utils.caching
	from frappe.cache_manager import clear_controller_cache

	clear_controller_cache(doctype)
	if not doctype:
		frappe.utils.caching._SITE_CACHE.clear()


def empty() -> None:
	"""Forget everything cached in this process."""
	import frappe
	from frappe.model import module_utils

	global _kept
	_kept = None
	STORE.call("FLUSHALL")
	erase_persistent_caches(None)
	module_utils.doctype_python_modules.clear()
	frappe.controllers.clear()
	frappe.lazy_controllers.clear()


def keep() -> None:
	"""Note what is cached now, when the database is in the state that `restore` will be called in again."""
	global _kept
	with STORE.lock:
		_kept = {key: copy.copy(value) for key, value in STORE.values.items()}


def restore() -> None:
	"""Bring the cache back to what `keep` noted. Right after a rollback to that state this is exact, and, unlike clearing,
	it leaves the definitions of doctypes in place, which take most of a test's time to read. Those read since are noted too.
	"""
	import frappe
	import frappe.utils.caching

	if _kept is None:
		frappe.clear_cache()
		return
	with STORE.lock:
		read_since = [key for key in STORE.values if key not in _kept and META.encode() in key]
		STORE.ends.clear()
		STORE.values = {key: copy.copy(value) for key, value in _kept.items()}
	frappe.utils.caching._SITE_CACHE.clear()
	frappe.db.value_cache.clear()
	for name in ("cache", "request_cache", "role_permissions", "new_doc_templates", "valid_columns"):
		getattr(frappe.local, name).clear()
	frappe.local.doc_events_hooks = frappe.local.user_perms = frappe.local.system_settings = None
	if read_since:
		for key in read_since:
			doctype = key.decode().partition(META)[2]
			if frappe.db.exists("DocType", doctype):
				frappe.get_meta(doctype)
		keep()
