"""Frappe's cache without Redis: `RedisWrapper` on a store in this process.

Caches of several processes on one MariaDB site know nothing of each other: what must be seen at once has to be read from
the database.
"""

from typing import Any

import redis

from embedded.memory import Memory, Store

STORE = Store()


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

	STORE.call("FLUSHALL")
	erase_persistent_caches(None)
	module_utils.doctype_python_modules.clear()
	frappe.controllers.clear()
	frappe.lazy_controllers.clear()
