"""Arguments that are what they say: read by their kinds before a whitelisted method sees them.

Frappe checks annotations itself, and skips those that are texts; `from __future__ import annotations` makes texts of all.
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _

from support_retainer.requests import kinds, pages
from support_retainer.words import filled, html


class WrongArgument(frappe.ValidationError):
	"""A request sent something that an argument is not. HTTP 417, with a sentence that names the argument."""


def checked(function: Callable) -> Callable:
	"""Let a whitelisted method read its arguments by the kinds in their annotations (see `kinds`); it stands below `frappe.whitelist`.

	What is left out takes its default; so do null and an empty text, which is how forms leave out. Without a default they are refused.

	Raises:
	        TypeError: when the module is loaded: an argument names no kind.
	"""
	parameters = inspect.signature(function).parameters
	readers = _readers(function, parameters)

	@functools.wraps(function)
	def asked(*args, **kwargs):
		given = dict(zip(parameters, args, strict=False)) | kwargs
		try:
			return function(
				**{name: _read(name, readers[name], parameters[name], given) for name in parameters}
			)
		except (WrongArgument, frappe.RateLimitExceededError) as error:  # nothing was done yet
			if not pages.wants_page():
				raise
			return pages.page(str(error), error.http_status_code)

	asked.argument_kinds = readers
	return asked


def _readers(function: Callable, parameters: typing.Mapping[str, inspect.Parameter]) -> dict[str, kinds.Kind]:
	hints = typing.get_type_hints(function, include_extras=True)
	found = {}
	for name, parameter in parameters.items():
		kind, _takes_none = kinds.of(hints.get(name))
		if kind is None or parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
			raise TypeError(
				f"{function.__module__}.{function.__qualname__}: {name} names no kind of argument"
			)
		found[name] = kind
	return found


def _read(name: str, kind: kinds.Kind, parameter: inspect.Parameter, given: dict[str, Any]) -> Any:
	value = given.get(name)
	if value is None or (isinstance(value, str) and not value.strip()):
		if parameter.default is not parameter.empty:
			return parameter.default
		frappe.throw(filled("{0} {1}", filled(_("{0} is missing."), name), kind.wanted(name)), WrongArgument)
	try:
		return kind.read(value)
	except (ValueError, OverflowError):
		frappe.throw(html(kind.wanted(name)), WrongArgument)
