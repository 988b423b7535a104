"""SQLite; see `embedded/sqlite.py` (locks, values) and `embedded/sqlite_schema.py` (tables). MariaDB by PyMySQL alone."""

from embedded.mend import Swap, Take

DATABASE = "database/sqlite/database.py"

MENDS = [
	Take(
		DATABASE,
		"embedded.sqlite",
		("get_db_path", "create_connection", "begin", "execute_query", "escape"),
		within="SQLiteDatabase",
	),
	# Tables are made by the thousand while a site is built; nobody reads a warning for each.
	Swap("database/database.py", 'self.logger.setLevel("WARNING")', 'self.logger.setLevel("ERROR")'),
	Swap(DATABASE, '\t\t\t"busy_timeout": 5000,  # in milliseconds\n', ""),
	Swap(DATABASE, '"synchronous": "NORMAL"', '"synchronous": "OFF" if frappe.conf.throw_away else "NORMAL"'),
	Take(
		DATABASE,
		"embedded.sqlite_schema",
		("add_index", "add_unique", "get_table_columns_description"),
		within="SQLiteDatabase",
	),
	Take("database/sqlite/schema.py", "embedded.sqlite_schema", ("create", "alter"), within="SQLiteTable"),
	# The released PyPika gives its SQLite builder a wrapper of its own, so ours came twice; and it knows no nowait.
	Take("query_builder/builder.py", "embedded.sqlite_builder", ("_builder",), within="SQLite"),
	# A lock asked for when a document is loaded is not left out: the connection turns it into a write lock.
	Swap(
		"model/document.py",
		'if self.flags.for_update and frappe.db.db_type != "sqlite":',
		"if self.flags.for_update:",
		2,
	),
	# SQLite may name another unique column than the name that is taken; the name comes first, as in MariaDB.
	Swap(
		"model/base_document.py",
		"\t\t\tif frappe.db.is_primary_key_violation(e):\n",
		"\t\t\tif frappe.db.is_primary_key_violation(e) or (\n"
		'\t\t\t\tfrappe.db.db_type == "sqlite"\n'
		"\t\t\t\tand frappe.db.is_unique_key_violation(e)\n"
		"\t\t\t\tand frappe.db.exists(self.doctype, self.name)\n"
		"\t\t\t):\n",
	),
	# mysqlclient needs a compiler; PyMySQL does the same.
	Swap("app.py", "import frappe.database.mariadb.mysqlclient  # Load database related utils\n", ""),
]
