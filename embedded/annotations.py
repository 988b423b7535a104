"""Types of whitelisted arguments, resolved.

The package's files begin with `from __future__ import annotations`, which Frappe's own do not. Types become texts that
way, and Frappe neither checks nor converts what a request sends: "0" for a bool stays a text, and true.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def resolved(function: Callable) -> dict[str, Any]:
	"""Annotations of a function of the framework as types; those that cannot be resolved stay texts.

	Functions of other apps keep theirs as they are, as on a bench.
	"""
	annotations = function.__annotations__
	if not function.__module__.startswith("frappe."):
		return annotations
	return {name: _resolve(hint, function) for name, hint in annotations.items()}


def _resolve(hint: Any, function: Callable) -> Any:
	if not isinstance(hint, str):
		return hint
	try:
		found = eval(
			hint, function.__globals__
		)  # the framework's own source, as Python itself would have done
	except Exception:
		return hint
	return type(None) if found is None else found
