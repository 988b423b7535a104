"""`python -m embedded.demo`: build the site, play the month, show it, and, in a terminal, serve desk and portal."""

from __future__ import annotations

import sys
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
	finally:
		site.close()
	screen.step(f"Done in {time.monotonic() - began:.0f} s")
	if sys.stdin.isatty() and sys.stdout.isatty():
		embedded.serve(name="demo")
	return 0


if __name__ == "__main__":
	sys.exit(main())
