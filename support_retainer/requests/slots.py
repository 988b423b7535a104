"""One at a time: work that would keep a server's workers busy waits for nobody, it is asked for again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def slot(what: str, seconds: int) -> Iterator[bool]:
	"""Take the site's only slot for this kind of work, or be told that it is taken (False).

	Args:
	        what: the kind of work.
	        seconds: when the slot is free again although nobody gave it back, as after a crash.
	"""
	key = frappe.cache.make_key(f"support_retainer_slot:{what}")
	token = frappe.generate_hash(length=16)
	taken = bool(frappe.cache.set(key, token, ex=seconds, nx=True))
	try:
		yield taken
	finally:
		if taken and frappe.cache.get(key) == token.encode():
			frappe.cache.delete(key)
