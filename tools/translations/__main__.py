"""`python -m tools.translations`: bring the files in line with the code; `check` only looks."""

import argparse
import sys

from tools.translations import check, update


def main() -> int:
	"""Print what there is to do, a line each; 1 when there is anything."""
	parser = argparse.ArgumentParser(prog="python -m tools.translations", description=__doc__)
	parser.add_argument("command", nargs="?", choices=("update", "check"), default="update")
	report = check() if parser.parse_args().command == "check" else update()
	for line in report.lines():
		print(line)
	print("Every text is translated." if not report else f"{len(report.lines())} things to do.")
	return int(bool(report))


if __name__ == "__main__":
	sys.exit(main())
