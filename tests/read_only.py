"""Requests whose method or page runs in a transaction that the database itself holds read-only.

What Frappe writes around it (the session, who was active when) stays possible: only what answers is held. SQLite refuses every write of
the connection meanwhile (`query_only`). On MariaDB a second connection, in a READ ONLY transaction, answers; it reads what the test has
written and not committed (READ UNCOMMITTED), and waits for no lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import frappe

REFUSED = ("readonly database", "read only transaction", "read only mode", "read-only", "lock wait timeout")


class Hold:
	"""Holds what answers requests read-only; `refused` names the statements that the database refused, also where code went on."""

	def __init__(self) -> None:
		self.refused: list[str] = []
		self._reader = None if frappe.db.db_type == "sqlite" else _second_connection()

	def close(self) -> None:
		if self._reader:
			self._reader.close()

	@contextmanager
	def requests(self) -> Iterator[None]:
		"""Within, every whitelisted method that is called and every page that is rendered is held."""
		import frappe.app

		call, page = frappe.call, frappe.app.get_response

		def held_call(function: Any, *args: Any, **kwargs: Any) -> Any:
			if function not in frappe.whitelisted:
				return call(function, *args, **kwargs)
			return self.held(lambda: call(function, *args, **kwargs))

		frappe.call, frappe.app.get_response = held_call, lambda *args: self.held(lambda: page(*args))
		try:
			yield
		finally:
			frappe.call, frappe.app.get_response = call, page

	def held(self, answer: Callable[[], Any]) -> Any:
		"""Return the answer, worked out while nothing can be written."""
		with self._on_sqlite() if not self._reader else self._on_mariadb():
			return answer()

	@contextmanager
	def _on_sqlite(self) -> Iterator[None]:
		frappe.db.sql("PRAGMA query_only=ON")
		try:
			with self._noted(frappe.local.db):
				yield
		finally:
			frappe.db.sql("PRAGMA query_only=OFF")

	@contextmanager
	def _on_mariadb(self) -> Iterator[None]:
		writer, reader = frappe.local.db, self._reader
		reader.value_cache.clear()
		reader.sql("START TRANSACTION READ ONLY")
		frappe.local.db = reader
		# as on a bench that reads from a replica: what Frappe logs of itself (`frappe.write_only`: its Access Log) goes to the other one
		frappe.local.primary_db, frappe.local.replica_db = writer, reader
		try:
			with self._noted(reader):
				yield
		finally:
			frappe.local.db = writer
			del frappe.local.primary_db, frappe.local.replica_db
			reader.rollback()

	@contextmanager
	def _noted(self, db: Any) -> Iterator[None]:
		run, commit = db.sql, db.commit

		def sql(query: Any, *args: Any, **kwargs: Any) -> Any:
			try:
				return run(query, *args, **kwargs)
			except Exception as error:
				if any(text in str(error).lower() for text in REFUSED):
					self.refused.append(str(query)[:300])
				raise

		own = {name: vars(db).get(name) for name in ("sql", "commit")}
		db.sql, db.commit = sql, lambda *args, **kwargs: self.refused.append("commit")
		try:
			yield
		finally:
			for name, former in own.items():
				delattr(db, name) if former is None else setattr(db, name, former)
			assert (db.sql, db.commit) == (run, commit)


def _second_connection() -> Any:
	first = frappe.local.db
	frappe.connect(set_admin_as_user=False)
	reader, frappe.local.db = frappe.local.db, first
	reader.sql("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED")
	reader.sql("SET SESSION innodb_lock_wait_timeout=1")
	reader.rollback()
	return reader
