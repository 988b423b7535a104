"""Running a file inside a throw-away copy of the ready site, like a bench console."""

import runpy
import sys
from pathlib import Path

from embedded.site import open_site


def run_file(file: str, arguments: list[str]) -> None:
	"""Run a Python file as `__main__`, as Administrator; whatever it changes is gone afterwards."""
	path = Path(file).resolve()
	if not path.is_file():
		raise SystemExit(f"There is no file {file}.")
	sys.argv = [str(path), *arguments]
	sys.path.insert(0, str(path.parent))
	with open_site():
		import frappe

		runpy.run_path(str(path), init_globals={"frappe": frappe}, run_name="__main__")
