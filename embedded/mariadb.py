"""The same site on a private MariaDB: locks mean something there, and several processes can work on one site.

The server is Debian's `mariadbd`, run by whoever asks (root or not) on a folder of its own, reachable through a socket
alone. Its data is built once, in the same layers as the SQLite site, and copied for each run.

`python -m embedded mariadb run -- COMMAND …` starts it, sets EMBEDDED_MARIADB_SOCKET, runs the command, stops it and
removes everything. Inside, `embedded.open_site(db="mariadb")` opens a copy of the ready site.
"""

import contextlib
import ctypes
import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymysql

from embedded import config

SOCKET = "EMBEDDED_MARIADB_SOCKET"
USER = PASSWORD = "embedded"
READY = "ready"
START_SECONDS = 60
SETTINGS = (
	"--skip-networking",
	"--character-set-server=utf8mb4",
	"--collation-server=utf8mb4_unicode_ci",
	"--skip-log-bin",
	"--skip-name-resolve",
	"--performance-schema=off",
	"--innodb-log-file-size=32M",
	"--innodb-buffer-pool-size=256M",
	# The data is thrown away: nothing has to survive a power cut.
	"--innodb-flush-log-at-trx-commit=0",
	"--innodb-doublewrite=0",
	"--innodb-flush-method=nosync",
	"--sync-frm=0",
	"--innodb-stats-persistent=0",
	"--innodb-buffer-pool-dump-at-shutdown=0",
	"--innodb-buffer-pool-load-at-startup=0",
)


class NoMariaDB(Exception):
	"""No server to start or to talk to; the message says what to do."""


def program(*names: str) -> str:
	"""Path of one of MariaDB's programs; those who are not root have no /usr/sbin in their path."""
	for name in names:
		if found := shutil.which(
			name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/usr/local/sbin"
		):
			return found
	raise NoMariaDB(f"{names[0]} is not installed: apt-get install mariadb-server")


@contextlib.contextmanager
def server(data: Path) -> Iterator[str]:
	"""Run a server on the folder `data` (made when empty); gives its socket."""
	mariadbd = program("mariadbd", "mysqld")
	short = tempfile.gettempdir() if len(tempfile.gettempdir()) < 60 else "/tmp"
	with tempfile.TemporaryDirectory(prefix="mdb-", dir=short, ignore_cleanup_errors=True) as folder:
		if not (data / "mysql").is_dir():
			_create(data, Path(folder))
		socket = f"{folder}/s"
		command = [
			mariadbd,
			"--no-defaults",
			f"--datadir={data}",
			f"--socket={socket}",
			f"--pid-file={folder}/pid",
		]
		command += [f"--tmpdir={folder}", f"--log-error={folder}/log", *_as_me(), *SETTINGS]
		process = subprocess.Popen(
			command,
			start_new_session=True,
			preexec_fn=_end_with_parent,
			stdout=subprocess.DEVNULL,
			stderr=subprocess.DEVNULL,
		)
		try:
			_wait(process, socket, Path(folder, "log"))
			yield socket
		finally:
			process.send_signal(signal.SIGTERM)
			try:
				process.wait(timeout=60)
			except subprocess.TimeoutExpired:
				process.kill()
				process.wait()


def run(command: list[str], erpnext: bool = True) -> int:
	"""Run a command beside a private server that has the ready site; returns the command's exit code."""
	from embedded import build

	ready = build.ensure_site(progress=_say, erpnext=erpnext, db="mariadb")
	signal.signal(signal.SIGTERM, _stop)
	with tempfile.TemporaryDirectory(prefix="embedded-mariadb-", ignore_cleanup_errors=True) as folder:
		data = Path(folder) / "data"
		shutil.copytree(ready / "data", data)
		with server(data) as socket:
			return subprocess.run(command, env={**os.environ, SOCKET: socket}).returncode


def connect(socket: str, database: str | None = None) -> pymysql.Connection:
	"""A connection with all rights."""
	return pymysql.connect(
		unix_socket=socket,
		user=USER,
		password=PASSWORD,
		database=database,
		charset="utf8mb4",
		autocommit=True,
	)


def socket() -> str:
	"""Socket of the private server this process was started beside."""
	if path := os.environ.get(SOCKET):
		return path
	raise NoMariaDB("There is no private MariaDB: run this as `python -m embedded mariadb run -- COMMAND …`.")


def move(site: Path) -> None:
	"""Give the copied site folder `site` a database of its own: a clone of the ready one."""
	name = f"site_{site.parent.name}_{site.name}".replace("-", "_")[:60]
	with connect(socket()) as connection:
		clone(connection, READY, name)
	settings(site, socket(), name)


def settings(site: Path, path: str, name: str) -> None:
	"""Write into a site's configuration where its database is."""
	config.write(
		site, db_type="mariadb", db_socket=path, db_host="", db_name=name, db_user=USER, db_password=PASSWORD
	)


def clone(connection: pymysql.Connection, source: str, target: str) -> None:
	"""Copy a database inside the server, tables and sequences."""
	cursor = connection.cursor()
	create(cursor, target)
	cursor.execute(
		"SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = %s", (source,)
	)
	for table, kind in cursor.fetchall():
		if kind == "SEQUENCE":
			cursor.execute(f"SHOW CREATE SEQUENCE `{source}`.`{table}`")
			statement = cursor.fetchone()[1]
			cursor.execute(f"USE `{target}`")
			cursor.execute(statement)
			continue
		cursor.execute(f"CREATE TABLE `{target}`.`{table}` LIKE `{source}`.`{table}`")
		cursor.execute(f"INSERT INTO `{target}`.`{table}` SELECT * FROM `{source}`.`{table}`")


def create(cursor: Any, name: str) -> None:
	"""Make an empty database, in the place of one that is there."""
	cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
	cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")


def drop(name: str) -> None:
	"""Remove a database."""
	with connect(socket()) as connection:
		connection.cursor().execute(f"DROP DATABASE IF EXISTS `{name}`")


def load_template(connection: pymysql.Connection) -> None:
	"""Create the tables of the package's own template, which come before any doctype."""
	import frappe.database.mariadb

	text = (Path(frappe.database.mariadb.__file__).parent / "framework_mariadb.sql").read_text()
	lines = [line for line in text.splitlines() if not line.startswith(("--", "/*"))]
	for statement in "\n".join(lines).split(";\n"):
		if statement.strip():
			connection.cursor().execute(statement)


def _create(data: Path, folder: Path) -> None:
	"""Make the system tables; in `folder` first, because the script that does it stumbles over a space in a path."""
	fresh = folder / "data"
	command = [
		program("mariadb-install-db", "mysql_install_db"),
		"--no-defaults",
		f"--datadir={fresh}",
		*_as_me(),
	]
	command += ["--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=32M"]
	done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
	if done.returncode:
		raise NoMariaDB(f"MariaDB could not make its folder: {(done.stderr or done.stdout)[-600:]}")
	shutil.rmtree(data, ignore_errors=True)
	shutil.move(fresh, data)


def _wait(process: subprocess.Popen, path: str, log: Path) -> None:
	"""Wait until the server answers; make our user on a new one."""
	last = time.monotonic() + START_SECONDS
	while time.monotonic() < last and process.poll() is None:
		for user, password in ((USER, PASSWORD), ("root", "")):
			with (
				contextlib.suppress(pymysql.Error),
				pymysql.connect(
					unix_socket=path, user=user, password=password, autocommit=True
				) as connection,
			):
				if user == "root":
					cursor = connection.cursor()
					cursor.execute(f"CREATE USER {USER}@localhost IDENTIFIED BY %s", (PASSWORD,))
					cursor.execute(f"GRANT ALL ON *.* TO {USER}@localhost WITH GRANT OPTION")
				return
		time.sleep(0.05)
	text = log.read_text()[-1500:] if log.is_file() else "it said nothing"
	raise NoMariaDB(f"MariaDB did not start: {text}")


def _as_me() -> list[str]:
	return [f"--user={getpass.getuser()}"]


def _end_with_parent() -> None:
	"""Let the kernel end the server when we are killed without a chance to do it."""
	ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _stop(*_: object) -> None:
	"""Turn being terminated into an exit that cleans up."""
	raise SystemExit(143)


def _say(line: str) -> None:
	print(f"· {line}", flush=True)
