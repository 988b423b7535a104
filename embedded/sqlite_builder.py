"""The query builder on SQLite, for the PyPika that is released."""

from typing import Any

from pypika.dialects import SQLLiteQueryBuilder
from pypika.utils import builder


class Builder(SQLLiteQueryBuilder):
	"""Writes values as parameters, and FOR UPDATE (which `embedded.sqlite` turns into a write lock)."""

	def __init__(self, **kwargs: Any) -> None:
		from frappe.query_builder.terms import SQLiteParameterizedValueWrapper

		super().__init__(**kwargs)
		self._wrapper_cls = SQLiteParameterizedValueWrapper

	@builder
	def for_update(
		self, nowait: bool = False, skip_locked: bool = False, of: tuple[str, ...] = ()
	) -> "Builder":
		"""Lock; on SQLite that is the whole database, and one always waits."""
		self._for_update = True


@classmethod
def _builder(cls: type, **kwargs: Any) -> Builder:
	return Builder(**kwargs)
