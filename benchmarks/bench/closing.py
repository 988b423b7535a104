"""Closing a month of many retainers with many entries, by one worker and by two.

Usage, in the bench's sites folder: ../env/bin/python PATH/benchmarks/bench/closing.py SITE [RETAINERS] [ENTRIES_EACH] [TURNS]
It writes its retainers into the site and leaves them there: take a site of its own. Each retainer is one job and one transaction, as
in the queue. The figures are wall time, and the processor time of the workers (without the database's).
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

TERMS = {
	"status": "Active",
	"mode": "With Timebank",
	"currency": "SEK",
	"hourly_rate": 1000,
	"hours_per_period": 10,
	"period": "Monthly",
	"prorate": 1,
	"fee_billing": "Not Billed",
	"carry_over": "Periods",
	"carry_over_periods": 1,
	"overage_policy": "Bill",
	"surcharge_settlement": "Invoice",
	"project_management_percent": 25,
	"increment_minutes": 15,
	"rounding_scope": "Time Entry",
	"invoice_cadence": "On Submit",
	"invoice_delivery": "Email",
}


def connect(site: str):
	"""Open the site as Administrator."""
	import frappe

	frappe.init(site, sites_path=".", force=True)
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.mute_emails = True
	return frappe


def generate(frappe, count: int, each: int) -> list[str]:
	"""Write retainers with last month open, an allotment and draws; past the documents, in bulk."""
	from frappe.utils import add_months, get_first_day, get_last_day, getdate

	from support_retainer.writing import insert_rows

	tag = frappe.generate_hash(length=5)
	first = getdate(get_first_day(add_months(getdate(), -1)))
	company, customer = frappe.db.get_value("Company", {}), _customer(frappe, tag)
	names = [f"BENCH-{tag}-{number:05}" for number in range(count)]
	own = {"customer": customer, "company": company, "start_date": first, "takeover_completed_on": first}
	insert_rows("Retainer", [{"name": name, **own, **TERMS} for name in names])
	periods = {name: f"{name}-{first}" for name in names}
	allotted, drawn = 36000, 600 * (each - 1)
	sums = {"allotted": allotted, "drawn": drawn, "balance": allotted - drawn, "entries": each}
	dates = {"from_date": first, "to_date": get_last_day(first), "status": "Open"}
	insert_rows(
		"Timebank Period",
		[{"name": periods[name], "retainer": name, "customer": customer, **dates, **sums} for name in names],
	)
	for chunk in range(0, count, 100):
		rows = []
		for name in names[chunk : chunk + 100]:
			rows += _entries(name, customer, periods[name], first, allotted, each)
		insert_rows("Timebank Entry", rows)
		frappe.db.commit()
	return names


def _customer(frappe, tag: str) -> str:
	values = {
		"customer_name": f"Mätkund {tag}",
		"customer_group": frappe.db.get_value("Customer Group", {"is_group": 0}),
	}
	territory = frappe.db.get_value("Territory", {"is_group": 0})
	return frappe.get_doc({"doctype": "Customer", "territory": territory, **values}).insert().name


def _entries(retainer: str, customer: str, period: str, first, allotted: int, each: int) -> list[dict]:
	lot, start = f"{retainer}-L", datetime.combine(first, clock_time.min)
	shared = {"retainer": retainer, "customer": customer, "period": period, "lot": lot}
	shared |= {"valid_from": first, "valid_until": None, "lot_no": 1}
	rows = [
		{
			"name": lot,
			**shared,
			"entry_type": "Allotment",
			"key": f"ALLOT:{period}",
			"occurred_on": start,
			"seconds": allotted,
			"drawn": 0,
		}
	]
	for number in range(1, each):
		rows.append(
			{
				"name": f"{retainer}-{number}",
				**shared,
				"entry_type": "Draw",
				"key": f"BENCH:{retainer}:{number}",
				"occurred_on": start + timedelta(hours=number),
				"seconds": -600,
				"drawn": 600,
			}
		)
	return rows


def work(site: str) -> None:
	"""Close the retainers whose names come in, each in a transaction of its own; say what processor time it took."""
	frappe = connect(site)
	from support_retainer import billing

	print("ready", flush=True)
	names = sys.stdin.readline().split()
	processor = time.process_time()
	for name in names:
		frappe.local.cache, frappe.local.document_cache = {}, {}  # a job begins with nothing
		assert billing.close_retainer(name, after_days=0), name
		frappe.db.commit()
	print(f"{time.process_time() - processor:.2f}", flush=True)
	frappe.destroy()


def run(site: str, names: list[str], workers: int) -> tuple[float, float]:
	"""Close the retainers with so many workers: seconds of wall and of processor time."""
	command = [sys.executable, "-W", "ignore", __file__, "--work", site]
	pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
	running = [subprocess.Popen(command, **pipes) for _ in range(workers)]
	for process in running:
		while process.stdout.readline().strip() != "ready":
			pass
	began, used = time.perf_counter(), 0.0
	for number, process in enumerate(running):
		process.stdin.write(" ".join(names[number::workers]) + "\n")
		process.stdin.flush()
	for process in running:
		used += float(process.communicate()[0])
	return time.perf_counter() - began, used


def main(site: str, count: int = 2000, each: int = 50, turns: int = 8) -> None:
	"""Generate and close, turn by turn with one worker and with two, so that what slows the machine slows both."""
	frappe = connect(site)
	names = {workers: generate(frappe, count, each) for workers in (1, 2)}
	print(
		f"twice {count} retainers with {each} entries each, {frappe.db.count('Timebank Entry')} on the site"
	)
	frappe.destroy()
	taken = {1: [], 2: []}
	for turn in range(turns):
		for workers in (1, 2) if turn % 2 else (2, 1):
			taken[workers].append(run(site, names[workers][turn::turns], workers))
		one, two = (taken[workers][-1] for workers in (1, 2))
		print(
			f"turn {turn + 1}: one worker {one[0]:.1f} s, two {two[0]:.1f} s ({two[0] / one[0]:.2f})",
			flush=True,
		)
	(one, one_used), (two, two_used) = (
		[sum(part) for part in zip(*taken[key], strict=True)] for key in (1, 2)
	)
	print(
		f"one worker {one:.1f} s (processor {one_used:.1f} s), two {two:.1f} s ({two_used:.1f} s): {two / one:.2f}"
	)
	frappe = connect(site)
	from support_retainer import billing

	wrong = sum(len(billing.audit(name)) for name in names[1][-50:] + names[2][-50:])
	print(f"audit of a hundred of them: {wrong} errors")
	frappe.destroy()


if __name__ == "__main__":
	sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
	if sys.argv[1] == "--work":
		work(sys.argv[2])
	else:
		main(sys.argv[1], *(int(number) for number in sys.argv[2:]))
