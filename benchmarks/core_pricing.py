"""How long it takes to price a time entry and settle it with the bank, in microseconds. No site is needed.

python -m benchmarks.core_pricing [--count N] [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support_retainer.core import Calendar, Lot, Rule, Terms, Window, Work, price, settle

HOUR = 3600
ZONE = ZoneInfo("Europe/Stockholm")
OFFICE = Calendar((Window(day, 8 * HOUR, 17 * HOUR) for day in range(5)), ZONE)
TERMS = Terms(rate=Decimal(1000))
NONE = (None, None, None, None)
NORMAL = Rule("Normal", "Normal", "Any", "Any", "Office Hours", "Immediately", *NONE, Decimal(0))
BY_DAY = Rule(
	"Urgent, day", "Urgent", "Any", "Office Hours", "Clock Hours", "Immediately", *NONE, Decimal(75)
)
BY_NIGHT = Rule(
	"Urgent, night", "Urgent", "Any", "Out of Hours", "Clock Hours", "Immediately", *NONE, Decimal(150)
)


def normal(_: datetime) -> Rule:
	"""A normal ticket's rule."""
	return NORMAL


def urgent(moment: datetime) -> Rule:
	"""An urgent ticket's rule, by when the work is done."""
	return BY_DAY if OFFICE.is_counted(moment) else BY_NIGHT


def entries(count: int) -> list[Work]:
	"""Entries of one minute to two hours over the year 2026, the same in every run."""
	chance = random.Random(48)
	first, found = datetime(2026, 1, 1, tzinfo=ZONE), []
	for number in range(count):
		start = first + timedelta(minutes=chance.randrange(365 * 24 * 60))
		found.append(Work(str(number), start, start + timedelta(minutes=chance.randint(1, 120))))
	return [work for work in found if work.start.utcoffset() == work.end.utcoffset()]


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
	options.add_argument("--count", type=int, default=10_000, help="time entries per round")
	options.add_argument("--rounds", type=int, default=5, help="rounds, of which the fastest counts")
	given = options.parse_args(argv)
	works = entries(given.count)
	bank = [Lot("old", 3 * HOUR, date(2025, 12, 1), None), Lot("new", 10 * HOUR, date(2026, 1, 1), None)]
	minutes = sum((work.end - work.start).total_seconds() for work in works) / 60 / len(works)
	print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
	print(f"{len(works)} time entries of {minutes:.0f} min on average, best of {given.rounds} rounds\n")

	for name, rule_at in (("normal", normal), ("urgent", urgent)):
		report(f"{name}: price", best(partial(price_all, works, rule_at), given.rounds), works)
		report(
			f"{name}: price and settle, no bank", best(partial(book, works, rule_at, []), given.rounds), works
		)
		report(
			f"{name}: price and settle, two lots",
			best(partial(book, works, rule_at, bank), given.rounds),
			works,
		)


def price_all(works: list[Work], rule_at: Callable[[datetime], Rule]) -> None:
	"""Price every entry on its own."""
	for work in works:
		price([work], TERMS, rule_at)


def book(works: list[Work], rule_at: Callable[[datetime], Rule], lots: list[Lot]) -> None:
	"""Price every entry and settle it with the same bank."""
	for work in works:
		settle(price([work], TERMS, rule_at), TERMS, lots, {work.key: work.start.date()})


def report(name: str, seconds: float, works: list[Work]) -> None:
	"""One line: the case and µs per entry."""
	print(f"{name:<44}{seconds / len(works) * 1e6:>10.2f} µs")


if __name__ == "__main__":
	main()
