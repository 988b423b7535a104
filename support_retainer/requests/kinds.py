"""The kinds of arguments: each reads what a request sent, or says what it must be.

A kind stands in an annotation: `hours: Annotated[float, Number(0, 1000)]`, or by one of the names at the end. What is read has the type
of the annotation: numbers are finite, dates lie within a span, texts have no characters that cannot be kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import frappe
from frappe import _
from frappe.utils import format_date, format_datetime

from support_retainer import clock

NAME_LENGTH = 140
NOTE_LENGTH = 2000
LONGEST_TEXT = 100_000
YEAR = timedelta(days=366)
MANY = 1000
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?", re.ASCII)
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


class Kind:
	"""What an argument must be. `read` returns the value, or raises Unreadable; `wanted` says what to send instead."""

	def read(self, value: Any) -> Any:
		raise NotImplementedError

	def wanted(self, argument: str) -> str:
		raise NotImplementedError


class Unreadable(ValueError):
	"""The value is none of its kind."""


@dataclass(frozen=True)
class Text(Kind):
	"""A text that is not empty, of at most so many characters, in which line breaks and tabs are the only control characters."""

	most: int = NOTE_LENGTH

	def read(self, value: Any) -> str:
		text = _text(value, self.most)
		if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in text):
			raise Unreadable
		return text

	def wanted(self, argument: str) -> str:
		return _("{0} must be a text of 1 to {1} characters.").format(argument, self.most)


@dataclass(frozen=True)
class Name(Kind):
	"""The name of one document: a text on one line. Whether it exists is for who asks about rights (`check_right`) to say,
	in the same words as for a forbidden one; with `exists` it is no secret, and said here. `numbers`: some of these
	DocTypes count their names, and send them as numbers.
	"""

	doctype: str = ""
	exists: bool = False
	numbers: bool = False

	def read(self, value: Any) -> str:
		if self.numbers and type(value) is int and value > 0:
			value = str(value)
		name = _text(value, NAME_LENGTH)
		if any(ord(letter) < 32 for letter in name):
			raise Unreadable
		if self.exists and frappe.db.get_value(self.doctype, name, "name") != name:
			raise Unreadable
		return name

	def wanted(self, argument: str) -> str:
		if self.exists:
			return _("{0} must be the name of a {1} that exists.").format(argument, _(self.doctype))
		return _("{0} must be the name of one document, as a text of 1 to {1} characters.").format(
			argument, NAME_LENGTH
		)


@dataclass(frozen=True)
class Choice(Kind):
	"""One of some texts."""

	choices: tuple[str, ...]

	def read(self, value: Any) -> str:
		if not isinstance(value, str) or value not in self.choices:
			raise Unreadable
		return value

	def wanted(self, argument: str) -> str:
		return _("{0} must be one of these: {1}.").format(argument, ", ".join(self.choices))


@dataclass(frozen=True)
class Option(Kind):
	"""One of the options of a Select field, as the site has them."""

	doctype: str
	fieldname: str

	def read(self, value: Any) -> str:
		if not isinstance(value, str) or value not in self._options():
			raise Unreadable
		return value

	def wanted(self, argument: str) -> str:
		return Choice(self._options()).wanted(argument)

	def _options(self) -> tuple[str, ...]:
		options = frappe.get_meta(self.doctype).get_field(self.fieldname).options or ""
		return tuple(filter(None, options.split("\n")))


@dataclass(frozen=True)
class Number(Kind):
	"""A finite number within bounds, as a number or as a text with a decimal point; `whole`: without decimals."""

	least: float
	most: float
	whole: bool = False

	def read(self, value: Any) -> float | int:
		if isinstance(value, str) and (_WHOLE if self.whole else _NUMBER).fullmatch(value.strip()):
			value = int(value) if self.whole else float(value)
		if type(value) not in (int, float) or not self.least <= value <= self.most:
			raise Unreadable  # a bool is an int to Python; NaN is within no bounds
		if self.whole and value != int(value):
			raise Unreadable
		return int(value) if self.whole else float(value)

	def wanted(self, argument: str) -> str:
		sentence = _("{0} must be a number from {1} to {2}.")
		if self.whole:
			sentence = _("{0} must be a whole number from {1} to {2}.")
		return sentence.format(argument, f"{self.least:g}", f"{self.most:.0f}")


@dataclass(frozen=True)
class Flag(Kind):
	"""Yes or no: true or false, 1 or 0, also as texts."""

	def read(self, value: Any) -> bool:
		if isinstance(value, str):
			value = _FLAGS.get(value.strip().lower())
		if type(value) not in (bool, int) or value not in (0, 1):
			raise Unreadable
		return bool(value)

	def wanted(self, argument: str) -> str:
		return _("{0} must be 1 for yes or 0 for no.").format(argument)


@dataclass(frozen=True)
class Day(Kind):
	"""A date within a span around today, like 2026-11-30."""

	back: timedelta = 10 * YEAR
	ahead: timedelta = 30 * YEAR

	def read(self, value: Any) -> date:
		if isinstance(value, str) and _DAY.fullmatch(value.strip()):
			value = date.fromisoformat(value.strip())  # ValueError: 2026-02-30
		if isinstance(value, datetime):
			value = value.date()
		if not isinstance(value, date) or not self._first() <= value <= self._last():
			raise Unreadable
		return value

	def wanted(self, argument: str) -> str:
		return _("{0} must be a date from {1} to {2}, written like 2026-11-30.").format(
			argument, format_date(self._first()), format_date(self._last())
		)

	def _first(self) -> date:
		return clock.today() - self.back

	def _last(self) -> date:
		return clock.today() + self.ahead


@dataclass(frozen=True)
class Moment(Kind):
	"""A naive site time within a span around now, in whole seconds, like 2026-11-30 14:00:00; no offset, no date alone."""

	back: timedelta = 2 * YEAR
	ahead: timedelta = 2 * YEAR

	def read(self, value: Any) -> datetime:
		if isinstance(value, str) and _MOMENT.fullmatch(value.strip()):
			value = _moment(value.strip())
		if not isinstance(value, datetime) or value.tzinfo:
			raise Unreadable
		if not clock.now() - self.back <= value <= clock.now() + self.ahead:
			raise Unreadable
		return value.replace(microsecond=0)

	def wanted(self, argument: str) -> str:
		now = clock.now()
		return _("{0} must be a date and time from {1} to {2}, written like 2026-11-30 14:00:00.").format(
			argument, format_datetime(now - self.back), format_datetime(now + self.ahead)
		)


@dataclass(frozen=True)
class Names(Kind):
	"""A list of names, each once and none empty, as a list or as JSON."""

	most: int = MANY
	numbers: bool = False

	def read(self, value: Any) -> list[str]:
		found = _parsed(value, self.most * (NAME_LENGTH + 8)) if isinstance(value, str) else value
		if not isinstance(found, list | tuple) or not 1 <= len(found) <= self.most:
			raise Unreadable
		names = [Name(numbers=self.numbers).read(each) for each in found]
		if len(set(names)) != len(names):
			raise Unreadable
		return names

	def wanted(self, argument: str) -> str:
		return _("{0} must be a list of 1 to {1} names, each once.").format(argument, self.most)


@dataclass(frozen=True)
class Data(Kind):
	"""A dict (or one of the given types) of plain values, as it is or as JSON: bounded in size and depth, all of it finite."""

	types: tuple[type, ...] = (dict,)
	most: int = 5000
	depth: int = 6

	def read(self, value: Any) -> dict | list:
		found = _parsed(value, 40 * self.most) if isinstance(value, str) else value
		if not isinstance(found, self.types) or (isinstance(found, dict) and dict not in self.types):
			raise Unreadable
		_check_values(found, self.depth, _Budget(self.most))
		return found

	def wanted(self, argument: str) -> str:
		return _(
			"{0} must be values in JSON: at most {1} of them, with plain texts and finite numbers."
		).format(argument, self.most)


@dataclass(frozen=True)
class Filter(Kind):
	"""Frappe's filters: a dict of fields, or a list of lists that each begin with a text; as they are or as JSON."""

	most: int = 100

	def read(self, value: Any) -> dict | list:
		found = Data((dict, list)).read(value)
		if len(found) > self.most:
			raise Unreadable
		if isinstance(found, list) and not all(_is_filter(each) for each in found):
			raise Unreadable
		return found

	def wanted(self, argument: str) -> str:
		return _("{0} must be filters in JSON, at most {1} of them.").format(argument, self.most)


def _is_filter(value: Any) -> bool:
	return isinstance(value, list | tuple) and 2 <= len(value) <= 5 and isinstance(value[0], str)


@dataclass
class _Budget:
	left: int

	def take(self) -> None:
		self.left -= 1
		if self.left < 0:
			raise Unreadable


def _check_values(value: Any, depth: int, budget: _Budget) -> None:
	budget.take()
	if isinstance(value, dict | list | tuple):
		if not depth:
			raise Unreadable
		inner: Iterable = value
		if isinstance(value, dict):
			inner = [*value.keys(), *value.values()]
		for each in inner:
			_check_values(each, depth - 1, budget)
	elif isinstance(value, str):
		_check_letters(value)
	elif not _is_plain(value):
		raise Unreadable


def _is_plain(value: Any) -> bool:
	if isinstance(value, int | float):
		return abs(value) <= 10**15  # NaN is not
	return value is None or isinstance(value, date)


def _text(value: Any, most: int) -> str:
	if not isinstance(value, str) or not value.strip() or len(value) > most:
		raise Unreadable
	_check_letters(value)
	return value


def _check_letters(text: str) -> None:
	"""Refuse halves of characters and NUL, which no database keeps."""
	if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
		raise Unreadable


def _moment(text: str) -> datetime:
	whole, _point, _fraction = text.replace("T", " ").partition(".")
	return datetime.fromisoformat(whole)


def _parsed(text: str, most: int) -> Any:
	if len(text) > most:
		raise Unreadable
	try:
		return json.loads(text, parse_constant=_refuse_constant)
	except RecursionError:
		raise Unreadable from None


def _refuse_constant(_text: str) -> None:
	raise Unreadable  # NaN and Infinity are no JSON


def of(annotation: Any) -> tuple[Kind | None, bool]:
	"""Return the kind in an annotation (None: it names none), and whether None is among what it takes."""
	parts: list[Any] = list(getattr(annotation, "__args__", ())) if _is_union(annotation) else [annotation]
	found = (mark for part in parts for mark in getattr(part, "__metadata__", ()) if isinstance(mark, Kind))
	return next(found, None), type(None) in parts


def _is_union(annotation: Any) -> bool:
	return not hasattr(annotation, "__metadata__") and type(None) in getattr(annotation, "__args__", ())


# the kinds that methods of several rooms take
ShortText = Annotated[str, Text(NAME_LENGTH)]
Note = Annotated[str, Text(NOTE_LENGTH)]
LongText = Annotated[str, Text(LONGEST_TEXT)]
AnyName = Annotated[str, Name()]
AnyDocument = Annotated[str, Name(numbers=True)]
AnyDocType = Annotated[str, Name("DocType", exists=True)]
Ticket = Annotated[str, Name(numbers=True)]
Yes = Annotated[bool, Flag()]
Hours = Annotated[float, Number(0, 10_000)]
SignedHours = Annotated[float, Number(-10_000, 10_000)]
Rate = Annotated[float, Number(0, 1_000_000_000)]
ContractDay = Annotated[date, Day()]
NearMoment = Annotated[datetime, Moment()]
ListOfNames = Annotated[list[str], Names()]
ListOfDocuments = Annotated[list[str], Names(numbers=True)]
Values = Annotated[dict, Data()]
Filters = Annotated[dict | list, Filter()]
