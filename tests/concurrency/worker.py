"""One process that works on a site others work on too: `worker.py SITE work|close …`."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

RETRIES = 8


def main() -> None:
	import embedded

	site, job, given = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
	with embedded.open_site(attach=site):
		import frappe

		frappe.flags.mute_emails = True
		{"work": work, "close": close}[job](**given)


def work(retainer: str, tickets: list[str], employee: str, number: int, operations: int) -> None:
	"""Submit, cancel, top up and close, so many times; each in a transaction of its own."""
	chance, mine = random.Random(number), []
	done = retried = 0
	for turn in range(operations):
		deed = chance.choices((_submit, _cancel, _close, _top_up), (6, 2, 2, 1))[0]
		retried += _in_transaction(
			lambda deed=deed, turn=turn: deed(retainer, tickets, employee, mine, chance, turn)
		)
		done += 1
	print(json.dumps({"done": done, "retried": retried, "submitted": mine}))


def _in_transaction(deed) -> int:
	"""Run a deed and commit, again after a deadlock; return how often it had to be run again."""
	import frappe

	for attempt in range(RETRIES):
		try:
			deed()
			frappe.db.commit()
			return attempt
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError, frappe.TimestampMismatchError):
			frappe.db.rollback()
		except frappe.ValidationError as refusal:
			frappe.db.rollback()
			print(f"refused: {refusal}", file=sys.stderr)
			return attempt
	raise SystemExit("deadlocked beyond all retries")


def _submit(retainer, tickets, employee, mine, chance, turn) -> None:
	import frappe

	from tests.factories import timesheet

	day = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1 + turn)
	start = day + timedelta(minutes=chance.randrange(0, 1200))
	span = (f"{start:%Y-%m-%d %H:%M}", f"{start + timedelta(minutes=chance.randrange(5, 90)):%Y-%m-%d %H:%M}")
	ticket = frappe.get_doc("Issue", chance.choice(tickets))
	name = timesheet([(ticket, *span)], employee=employee).name
	mine.append(name)


def _cancel(retainer, tickets, employee, mine, chance, turn) -> None:
	import frappe

	if mine:
		name = chance.choice(mine)
		frappe.get_doc("Timesheet", name).cancel()
		mine.remove(name)


def _close(retainer, *_rest) -> None:
	from support_retainer import billing

	billing.close_retainer(retainer, after_days=0)


def _top_up(retainer, *_rest) -> None:
	from support_retainer import billing

	billing.top_up(retainer, 0.5, reason="Present")


def close(retainer: str, kill_at: int = 0) -> None:
	"""Close what is due; with `kill_at` the process kills itself at that statement, as if the power went."""
	import frappe

	from support_retainer import billing

	count, whole = 0, frappe.db.sql

	def counted(*args, **values):
		nonlocal count
		count += 1
		if count == kill_at:
			os.kill(os.getpid(), signal.SIGKILL)
		return whole(*args, **values)

	frappe.db.sql = counted
	closed = billing.close_retainer(retainer, after_days=0)
	frappe.db.commit()
	print(json.dumps({"closed": closed, "statements": count}))


if __name__ == "__main__":
	main()
