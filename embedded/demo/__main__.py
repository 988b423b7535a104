"""`python -m embedded.demo`: build the site, play the month, show it, and, in a terminal, serve desk and portal."""

from __future__ import annotations

import contextlib
import sys
import threading
import time

import embedded
from embedded.demo.show import Screen


def main() -> int:
	"""Run the demonstration; returns the exit status."""
	screen, began = Screen(), time.monotonic()
	screen.step("Building the embedded site (the first time takes a few minutes)")
	embedded.ensure_site(progress=screen.detail, assets=True)
	screen.step("Playing November 2026 on a fresh copy")
	site = embedded.open_site(name="demo")
	try:
		from embedded.demo import month, world

		world.prepare()
		month.play(screen.detail)
		import frappe

		frappe.db.commit()
		from embedded.demo import report

		report.show(screen)
		screen.step(f"Done in {time.monotonic() - began:.0f} s")
		if sys.stdin.isatty() and sys.stdout.isatty():
			_serve(screen)
	finally:
		site.close()
	return 0


def _serve(screen: Screen) -> None:
	"""Serve desk and portal until Ctrl+C, saying where and with which logins."""
	from embedded.demo import world

	server = embedded.server()
	screen.table(
		f"Serving on {server.url} until you press Ctrl+C",
		("Log in as", "Password", "Who", "Begin at"),
		[
			("Administrator", "admin", "may do everything", f"{server.url}/desk"),
			*(
				(email, world.PASSWORD, name, f"{server.url}/desk/issue")
				for name, email in world.PEOPLE.items()
			),
		],
	)
	with server, contextlib.suppress(KeyboardInterrupt):
		threading.Event().wait()


if __name__ == "__main__":
	sys.exit(main())
