"""Command line: `python -m embedded …`."""

import argparse
import contextlib
import sys
import threading


def main() -> int:
	"""Run one command."""
	parser = argparse.ArgumentParser(
		prog="python -m embedded", description="A whole Frappe site without a bench."
	)
	commands = parser.add_subparsers(dest="command", required=True)
	command = commands.add_parser(
		"build", help="build the ready site (done by the other commands when needed)"
	)
	command.add_argument("--without-erpnext", action="store_true", help="leave the ERPNext stand-in out")
	command.add_argument("--db", choices=("sqlite", "mariadb"), default="sqlite")
	command = commands.add_parser("run", help="run a Python file inside a throw-away copy, as Administrator")
	command.add_argument("file")
	command.add_argument("arguments", nargs=argparse.REMAINDER)
	command = commands.add_parser("serve", help="serve desk and website on loopback")
	command.add_argument("--site", default="desk", help="name of the kept site (made when missing)")
	command.add_argument("--port", type=int, help="port (else the first free one from 8000)")
	command.add_argument("--fresh", action="store_true", help="begin with a new copy of the ready site")
	command = commands.add_parser("audit", help="check the ledgers of a kept site; exit status 1 if wrong")
	command.add_argument("--site", default="desk", help="name of the kept site")
	command.add_argument("--retainer", help="audit one retainer only")
	command = commands.add_parser(
		"mariadb", help="run a command beside a private MariaDB that has the ready site"
	)
	command.add_argument("action", choices=("run",))
	command.add_argument("arguments", nargs=argparse.REMAINDER)
	wanted = parser.parse_args()
	return globals()[f"_{wanted.command}"](wanted) or 0


def _build(wanted: argparse.Namespace) -> None:
	from embedded import build

	build.build(not wanted.without_erpnext, wanted.db, progress=lambda line: print(f"· {line}", flush=True))


def _run(wanted: argparse.Namespace) -> None:
	from embedded import run

	run.run_file(wanted.file, wanted.arguments)


def _serve(wanted: argparse.Namespace) -> None:
	import embedded
	from embedded import serve

	def say(line: str) -> None:
		print(f"· {line}", flush=True)

	embedded.ensure_site(progress=say, assets=True)
	with embedded.open_site(name=wanted.site, copy=wanted.fresh):
		server = serve.server(wanted.port)
		print(f"{server.url}/desk   Administrator / admin   (Ctrl+C ends it)", flush=True)
		with server, contextlib.suppress(KeyboardInterrupt):
			threading.Event().wait()


def _audit(wanted: argparse.Namespace) -> int:
	import embedded
	from embedded import paths

	kept = paths.home() / "sites"
	if not (kept / wanted.site / "site_config.json").is_file():
		names = ", ".join(sorted(path.name for path in kept.glob("*"))) or "none yet: make demo makes one"
		print(f"There is no kept site {wanted.site}. Kept sites: {names}.", file=sys.stderr)
		return 2
	with embedded.open_site(name=wanted.site, copy=False):
		import frappe

		from support_retainer import billing

		try:
			return 1 if billing.report_audit(wanted.retainer) else 0
		except frappe.DoesNotExistError as error:
			print(error, file=sys.stderr)
			return 2


def _mariadb(wanted: argparse.Namespace) -> int:
	from embedded import mariadb

	command = wanted.arguments[1:] if wanted.arguments[:1] == ["--"] else wanted.arguments
	if not command:
		raise SystemExit("Say which command to run: python -m embedded mariadb run -- COMMAND …")
	try:
		mariadb.program("mariadbd", "mysqld")
		return mariadb.run(command)
	except mariadb.NoMariaDB as missing:
		print(missing, file=sys.stderr)
		return 2


if __name__ == "__main__":
	sys.exit(main())
