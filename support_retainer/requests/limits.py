"""How often one person may ask for what costs. Counted by user: an address behind a proxy is whatever the sender says it is."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import frappe
from frappe import _

from support_retainer.words import filled

HOUR = 3600


def limit(what: str, most: int, seconds: int = HOUR) -> None:
	"""Count one more request of the user for this, and refuse it when there were too many in this stretch of time.

	Only requests are counted, not jobs and code.

	Raises:
	        frappe.RateLimitExceededError: HTTP 429.
	"""
	if not getattr(frappe.local, "request", None):
		return
	stretch, gone = divmod(int(time.time()), seconds)
	key = frappe.cache.make_key(f"support_retainer_limit:{what}:{frappe.session.user}:{stretch}")
	count = frappe.cache.incrby(key, 1)
	if count == 1:
		frappe.cache.expire(key, seconds)
	if count > most:
		minutes = max(1, -(-(seconds - gone) // 60))
		frappe.throw(
			filled(_("That was asked for too often. Wait {0} minutes, then try again."), minutes),
			frappe.RateLimitExceededError,
		)


def limited(most: int, seconds: int = HOUR) -> Callable[[Callable], Callable]:
	"""Let each user call a whitelisted method at most so many times in so many seconds (see `limit`)."""

	def limiting(function: Callable) -> Callable:
		@functools.wraps(function)
		def counted(*args, **kwargs):
			limit(f"{function.__module__}.{function.__qualname__}", most, seconds)
			return function(*args, **kwargs)

		return counted

	return limiting
