"""SQLite that keeps its promises under parallel requests.

What goes wrong without: a transaction that has read and then wants to write fails with "database is locked" when another
wrote meanwhile, and `FOR UPDATE`, which SQLite does not know, silently locks nothing. Here every transaction takes the
write lock when it begins (`BEGIN IMMEDIATE`), and it begins with the first write, the first savepoint or the first
read that asks for a lock. Others wait for it. Reads outside a transaction see what is committed.

The second part makes placeholders and values mean what they mean in MariaDB's driver.
"""

import datetime
import decimal
import enum
import re
import sqlite3
from pathlib import Path
from typing import Any

BUSY_SECONDS = 30
FOR_UPDATE = re.compile(r"\bfor\s+update\b(\s+(nowait|skip\s+locked))?\s*$", re.IGNORECASE)
INSERT_IGNORE = re.compile(r"^\s*insert\s+ignore\b", re.IGNORECASE)
SAVEPOINT = re.compile(r"^\s*savepoint\b", re.IGNORECASE)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.0+")
PLACEHOLDER = re.compile(r"%%|%s|%\((\w+)\)s")


def get_db_path(self: Any) -> Path:
	"""Database file of the open site."""
	import frappe

	return Path(frappe.get_site_path("db", f"{self.cur_db_name}.db"))


def create_connection(self: Any, read_only: bool = False) -> sqlite3.Connection:
	"""A connection whose transactions take the write lock at once."""
	for kind in ("timestamp", "datetime"):
		sqlite3.register_converter(kind, lambda x: datetime.datetime.fromisoformat(x.decode()) if x else None)
	sqlite3.register_converter("date", lambda x: datetime.date.fromisoformat(x.decode()[:10]) if x else None)
	sqlite3.register_converter("time", lambda x: _time(x) if x else None)
	connection = sqlite3.connect(
		self.get_db_path(),
		detect_types=sqlite3.PARSE_DECLTYPES,
		timeout=BUSY_SECONDS,
		isolation_level=None if read_only else "IMMEDIATE",
		check_same_thread=False,
	)
	connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
	if read_only:
		connection.execute("PRAGMA query_only=ON")
	return connection


def begin(self: Any, *, read_only: bool = False) -> None:
	"""Nothing: a transaction begins when the first statement needs one."""


def take_write_lock(connection: sqlite3.Connection) -> None:
	"""Begin a transaction now and wait for its turn to write, unless one is open."""
	if not connection.in_transaction:
		connection.execute("BEGIN IMMEDIATE")


def execute_query(self: Any, query: str, values: Any = None) -> sqlite3.Cursor:
	"""Run one statement written for MariaDB's driver."""
	locking, query = FOR_UPDATE.search(query), FOR_UPDATE.sub("", query)
	if locking or SAVEPOINT.match(query):
		take_write_lock(self._conn)
	query = INSERT_IGNORE.sub("INSERT OR IGNORE", query)
	query, arguments = bind(query, values)
	return self._cursor.execute(query, arguments)


def bind(query: str, values: Any) -> tuple[str, list[Any]]:
	"""Turn `%s` and `%(name)s` into `?`; a list or tuple as value becomes `(?, ?)`, as it does in MariaDB."""
	if not values:
		return query, []
	arguments: list[Any] = []
	position = iter(values if isinstance(values, list | tuple) else ())

	def place(found: re.Match) -> str:
		if found[0] == "%%":
			return "%"
		value = values[found[1]] if found[1] else next(position)
		if isinstance(value, list | tuple | set):
			items = [plain(item) for item in value] or [None]
			arguments.extend(items)
			return f"({', '.join('?' * len(items))})"
		arguments.append(plain(value))
		return "?"

	return PLACEHOLDER.sub(place, query), arguments


def plain(value: Any) -> Any:
	"""A Python value as SQLite stores it."""
	if isinstance(value, datetime.datetime):
		return value.isoformat(sep=" ")
	if isinstance(value, datetime.date | datetime.time):
		return value.isoformat()
	if isinstance(value, datetime.timedelta):
		return _clock(value)
	if isinstance(value, decimal.Decimal):
		return float(value)
	if isinstance(value, bool):
		return int(value)
	if isinstance(value, enum.Enum):
		return value.value
	if isinstance(value, int | float | bytes | None):
		return value
	text = str(value)
	# Moments are compared as texts, so that a whole second must be written in one way only.
	return text.partition(".")[0] if MOMENT.fullmatch(text) else text


def escape(self: Any, s: Any, percent: bool = True) -> str:
	"""Quote a text for use inside a statement. (Frappe's is static; taken into its class, this one is a method.)"""
	text = str(s).replace("'", "''")
	return "'" + (text.replace("%", "%%") if percent else text) + "'"


def _clock(value: datetime.timedelta) -> str:
	seconds = int(value.total_seconds())
	sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
	text = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
	return text + (f".{value.microseconds:06}" if value.microseconds else "")


def _time(stored: bytes) -> datetime.timedelta:
	"""A time of day, as MariaDB's driver gives it."""
	hours, minutes, seconds = (*stored.decode().split(":"), "0", "0")[:3]
	sign = -1 if hours.startswith("-") else 1
	return sign * datetime.timedelta(hours=abs(int(hours)), minutes=int(minutes), seconds=float(seconds))
