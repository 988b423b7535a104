"""Tables on SQLite that keep their keys.

What goes wrong without: names of indexes are one space for the whole database, so that the second table with a unique
`key` got none; and a table that was rebuilt for a changed column came back without primary key, defaults and indexes.
"""

from typing import Any

STANDARD = ("creation TIMESTAMP", "modified TIMESTAMP", "modified_by TEXT", "owner TEXT")
COUNTERS = ("docstatus INTEGER NOT NULL DEFAULT 0", "idx INTEGER NOT NULL DEFAULT 0")
CHILD = ("parent TEXT", "parentfield TEXT", "parenttype TEXT")


def create(self: Any) -> None:
	"""Create the table of a doctype, with its indexes."""
	import frappe

	key = (
		"name INTEGER PRIMARY KEY AUTOINCREMENT"
		if self.meta.autoname == "autoincrement"
		else "name TEXT PRIMARY KEY"
	)
	fields = [definition.removesuffix(" UNIQUE") for definition in self.get_column_definitions() or []]
	columns = [key, *STANDARD, *COUNTERS, *fields]
	columns += [column for column in CHILD if self.meta.get("istable")]
	frappe.db.sql_ddl(f"CREATE TABLE `{self.table_name}` (\n{', '.join(columns)})")
	for field in ("parent",) if self.meta.get("istable") else ("creation", "modified"):
		_index(self.table_name, [field])
	for column in self.columns.values():
		if column.unique or column.set_index:
			_index(self.table_name, [column.fieldname], unique=bool(column.unique))


def alter(self: Any) -> None:
	"""Bring the table to its doctype: new columns, changed definitions, indexes."""
	import frappe

	for column in self.columns.values():
		column.build_for_alter_table(self.current_columns.get(column.fieldname.lower()))
	for column in self.add_column:
		definition = column.get_definition().removesuffix(" UNIQUE")
		frappe.db.sql_ddl(f"ALTER TABLE `{self.table_name}` ADD COLUMN `{column.fieldname}` {definition}")
	changed = {
		column.fieldname: column for column in self.change_type + self.set_default + self.change_nullability
	}
	if changed:
		_rebuild(self.table_name, changed)
	for column in self.add_unique:
		_index(self.table_name, [column.fieldname], unique=True)
	for column in self.add_index:
		_index(self.table_name, [column.fieldname])


def get_table_columns_description(self: Any, table_name: str) -> list[Any]:
	"""Columns of a table with what `alter` compares: type, default, nullability, unique, index."""
	unique, indexed = set(), set()
	for index in self.sql(f"PRAGMA index_list(`{table_name}`)", as_dict=True):
		columns = self.sql(f"PRAGMA index_info(`{index.name}`)", as_dict=True)
		if len(columns) == 1:
			(unique if index.unique else indexed).add(columns[0].name)
	rows = self.sql(f"PRAGMA table_info(`{table_name}`)", as_dict=True)
	for row in rows:
		row.update(default=row.dflt_value, not_nullable=row.notnull)
		row.update(unique=row.name in unique, index=row.name in indexed)
	return rows


def add_index(self: Any, doctype: str, fields: list[str], index_name: str | None = None) -> None:
	"""Index fields of a doctype."""
	self.commit()
	_index(f"tab{doctype}", [field.partition("(")[0] for field in fields])


def add_unique(self: Any, doctype: str, fields: list[str] | str, constraint_name: str | None = None) -> None:
	"""Make fields of a doctype unique together."""
	self.commit()
	_index(f"tab{doctype}", [fields] if isinstance(fields, str) else list(fields), unique=True)


def _index(table: str, fields: list[str], unique: bool = False) -> None:
	import frappe

	kind, columns = ("UNIQUE INDEX", "unique") if unique else ("INDEX", "index")
	name = f"{table}_{'_'.join(fields)}_{columns}"
	listed = ", ".join(f"`{field}`" for field in fields)
	frappe.db.sql_ddl(f"CREATE {kind} IF NOT EXISTS `{name}` ON `{table}` ({listed})")


def _rebuild(table: str, changed: dict[str, Any]) -> None:
	"""Write the table anew with changed columns; rows, keys and indexes stay."""
	import frappe

	indexes = frappe.db.sql(
		"SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
		(table,),
		pluck=True,
	)
	rows = frappe.db.sql(f"PRAGMA table_info(`{table}`)", as_dict=True)
	columns = [_column(row, changed.get(row.name)) for row in rows]
	names = ", ".join(f"`{row.name}`" for row in rows)
	frappe.db.sql_ddl(f"CREATE TABLE `{table}_new` ({', '.join(columns)})")
	frappe.db.sql_ddl(f"INSERT INTO `{table}_new` SELECT {names} FROM `{table}`")
	frappe.db.sql_ddl(f"DROP TABLE `{table}`")
	frappe.db.sql_ddl(f"ALTER TABLE `{table}_new` RENAME TO `{table}`")
	for statement in indexes:
		frappe.db.sql_ddl(statement)


def _column(row: Any, changed: Any) -> str:
	if changed:
		return f"`{row.name}` {changed.get_definition(for_modification=True)}"
	definition = f"`{row.name}` {row.type}"
	if row.pk:
		definition += " PRIMARY KEY" + (" AUTOINCREMENT" if row.type.upper() == "INTEGER" else "")
	if row.notnull:
		definition += " NOT NULL"
	if row.dflt_value is not None:
		definition += f" DEFAULT {row.dflt_value}"
	return definition
