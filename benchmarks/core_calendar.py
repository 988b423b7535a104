"""How long a deadline of 48 office hours takes, in microseconds. No site is needed.

	python -m benchmarks.core_calendar [--count N] [--rounds N]

ERPNext's own get_expected_time_for takes about 88 µs for such a deadline on a 2-core machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support_retainer.core import Calendar, Interval, Window

HOUR = 3600
ZONE = ZoneInfo("Europe/Stockholm")


def office(split: bool) -> Calendar:
	"""Monday to Friday 08:00-17:00 (or with an hour's lunch) with a dozen holidays a year."""
	hours = [(8, 12), (13, 17)] if split else [(8, 17)]
	windows = [Window(day, start * HOUR, end * HOUR) for day in range(5) for start, end in hours]
	holidays = [date(year, month, 6) for year in (2026, 2027) for month in range(1, 13)]
	return Calendar(windows, ZONE, holidays)


def moments(count: int) -> list[datetime]:
	"""Registrations over the year 2026, the same in every run."""
	chance = random.Random(48)
	first = datetime(2026, 1, 1, tzinfo=ZONE)
	return [first + timedelta(minutes=chance.randrange(365 * 24 * 60)) for _ in range(count)]


def best(task: Callable[[], object], rounds: int) -> float:
	"""Seconds of the fastest of the rounds."""
	found = []
	for _ in range(rounds):
		started = perf_counter()
		task()
		found.append(perf_counter() - started)
	return min(found)


def main(argv: list[str] | None = None) -> None:
	"""Print a line for each case."""
	options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
	options.add_argument("--count", type=int, default=10_000, help="deadlines per round")
	options.add_argument("--rounds", type=int, default=5, help="rounds, of which the fastest counts")
	given = options.parse_args(argv)
	starts = moments(given.count)
	print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
	print(f"{given.count} deadlines of 48 office hours, best of {given.rounds} rounds\n")

	cold = best(lambda: office(False).deadline(starts[0], 48 * HOUR), given.rounds)
	report("a new calendar and its first deadline", cold, 1)
	pauses = [[(start, start + timedelta(hours=30))] for start in starts]
	spans = [(start, start + timedelta(hours=210)) for start in starts]
	for name, split in (("one window a day", False), ("two windows a day", True)):
		calendar = office(split)
		plain = best(partial(deadlines, calendar, starts), given.rounds)
		report(name, plain, given.count)
		report(
			f"{name}, with a pause",
			best(partial(paused, calendar, starts, pauses), given.rounds),
			given.count,
		)
		report(f"{name}, counted time", best(partial(counted, calendar, spans), given.rounds), given.count)


def deadlines(calendar: Calendar, starts: list[datetime]) -> None:
	"""Of 48 office hours."""
	for start in starts:
		calendar.deadline(start, 48 * HOUR)


def paused(calendar: Calendar, starts: list[datetime], pauses: list[list[Interval]]) -> None:
	"""Of 48 office hours with a pause of 30 hours from the start."""
	for start, breaks in zip(starts, pauses, strict=True):
		calendar.deadline(start, 48 * HOUR, breaks)


def counted(calendar: Calendar, spans: list[Interval]) -> None:
	"""In 210 hours of the clock."""
	for start, end in spans:
		calendar.counted(start, end)


def report(name: str, seconds: float, count: int) -> None:
	"""One line: the case and µs per operation."""
	print(f"{name:<44}{seconds / count * 1e6:>10.2f} µs")


if __name__ == "__main__":
	main()
