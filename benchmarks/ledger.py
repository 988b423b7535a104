"""Submitting a timesheet of 50 rows with and without tickets, reading a balance, and closing retainers.

Without tickets the app has nothing to charge, so that is ERPNext's own time. Run it beside MariaDB for figures that mean something:
`python -m embedded mariadb run -- env LEDGER_DB=mariadb python benchmarks/ledger.py`.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

ROWS, TIMES = 50, 5
RETAINERS = [int(count) for count in os.environ.get("LEDGER_RETAINERS", "25,50,100").split(",")]


def main() -> None:
	import embedded

	with embedded.open_site(db=os.environ.get("LEDGER_DB", "sqlite"), in_test=True):
		import frappe

		from tests import world

		world.prepare()
		frappe.db.commit()
		frappe.flags.mute_emails = True
		submit_timesheets(frappe)
		read_balance(frappe)
		for count in RETAINERS:
			close_retainers(frappe, count)


def submit_timesheets(frappe) -> None:
	"""Milliseconds and queries to submit a timesheet, side by side."""
	_retainer, ticket = _contract()
	figures = {}
	for name, with_ticket, rows in (("bare", False, ROWS), ("app", True, ROWS), ("app", True, 2 * ROWS)):
		taken = []
		for _ in range(TIMES):
			sheet = _sheet(ticket if with_ticket else None, rows)
			frappe.clear_messages()
			queries, began = _counting(frappe), time.perf_counter()
			sheet.submit()
			taken.append((time.perf_counter() - began, queries()))
			frappe.db.rollback()
			_retainer, ticket = _contract()
		figures[name, rows] = median(seconds for seconds, _ in taken)
		print(f"submit {rows} rows, {name}: {figures[name, rows] * 1000:.0f} ms, {taken[-1][1]} queries")
	ratio = figures["app", ROWS] / figures["bare", ROWS]
	print(f"with the app / bare: {ratio:.2f} (all covered by the bank; no invoice to make)")
	frappe.db.rollback()


def read_balance(frappe) -> None:
	"""Queries to read a balance."""
	from support_retainer import timebank

	retainer, _ticket = _contract()
	timebank.ensure_periods(retainer, date.today())
	queries, began = _counting(frappe), time.perf_counter()
	timebank.balance(retainer, date.today())
	print(f"balance: {(time.perf_counter() - began) * 1000:.1f} ms, {queries()} query")
	frappe.db.rollback()


def close_retainers(frappe, count: int) -> None:
	"""Seconds to close one month of so many retainers."""
	from support_retainer import billing, timebank

	names = [_contract()[0] for _ in range(count)]
	for name in names:
		timebank.ensure_periods(name, date.today())
	began = time.perf_counter()
	for name in names:
		billing.close_retainer(name, after_days=0)
	seconds = time.perf_counter() - began
	print(f"close {count} retainers, two periods each: {seconds:.1f} s, {seconds / count * 1000:.0f} ms each")
	frappe.db.rollback()


def _contract(hours: float = 100):
	from tests.factories import IssueFactory, RetainerFactory

	first = (date.today().replace(day=1) - timedelta(days=40)).replace(day=1)
	retainer = RetainerFactory(
		start_date=first, takeover_completed_on=first, carry_over="Unlimited", hours_per_period=hours
	)
	return retainer.name, IssueFactory(customer=retainer.customer)


def _sheet(ticket, rows: int):
	from tests.factories import timesheet

	start = datetime.combine(date.today() - timedelta(days=20), datetime.min.time())
	spans = [(start + timedelta(minutes=20 * n), start + timedelta(minutes=20 * n + 17)) for n in range(rows)]
	return timesheet(
		[(ticket, f"{begin:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}") for begin, end in spans], submit=False
	)


def _counting(frappe):
	whole, count = frappe.db.sql, [0]

	def counted(*args, **values):
		count[0] += 1
		return whole(*args, **values)

	frappe.db.sql = counted

	def stop() -> int:
		frappe.db.sql = whole
		return count[0]

	return stop


if __name__ == "__main__":
	main()
