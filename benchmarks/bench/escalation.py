"""Escalation over many open tickets, on a bench site that has the app. Everything is rolled back.

Usage, in the bench's sites folder: ../env/bin/python PATH/benchmarks/bench/escalation.py SITE [TICKETS]
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta

import frappe
from frappe.utils import now_datetime

DUE = 100


def main(site: str, count: int) -> None:
	frappe.init(site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.in_test = True  # nothing is committed
	frappe.flags.mute_emails = True
	from support_retainer import tickets
	from support_retainer.tickets import escalation

	try:
		_fill(count)
		_measure(f"{count} open tickets, none due", tickets.escalate)
		_make_due(DUE)
		_measure(f"{count} open tickets, {DUE} due", tickets.escalate)
		_measure("the query for what is due", lambda: escalation.due("Issue"))
	finally:
		frappe.db.rollback()
		frappe.destroy()


def _fill(count: int) -> None:
	rule = frappe.db.get_value("SLA Rule", {"urgency": "Normal", "budget": "Within"})
	retainer = frappe.db.get_value("Retainer", {}) or "RET-BENCHMARK"
	soon = now_datetime() + timedelta(days=2)
	fields = [
		"name",
		"creation",
		"modified",
		"owner",
		"subject",
		"status",
		"clock_status",
		"retainer",
		"sla_rule",
	]
	fields += ["clock_due", "assign_status", "start_status", "opening_date", "opening_time"]
	now = now_datetime()
	stamps = (now, now, "Administrator", "Ärende", "Open", "Open", retainer, rule)
	clocks = (soon, "Pending", "Pending", now.date(), "10:00:00")
	rows = [(f"BENCH-{n:06}", *stamps, *clocks) for n in range(count)]
	frappe.db.bulk_insert("Issue", fields, rows)


def _make_due(count: int) -> None:
	past = str(now_datetime() - timedelta(hours=1))[:19]
	later = str(now_datetime() + timedelta(days=2))[:19]
	moments = frappe.as_json(
		{
			"at": past,
			"by": "Office Hours",
			"limits": "Office Hours",
			"promised": True,
			"assign": {"at_risk": past, "breached": past},
			"start": {"at_risk": later, "breached": later},
		}
	)
	names = frappe.get_all("Issue", {"name": ("like", "BENCH-%")}, pluck="name", limit=count, order_by="name")
	table = frappe.qb.DocType("Issue")
	frappe.qb.update(table).set(table.clock_due, past).set(table.assign_by, past).set(
		table.clock_moments, moments
	).where(table.name.isin(names)).run()


def _measure(what: str, call) -> None:
	start = time.perf_counter()
	found = call()
	took = (time.perf_counter() - start) * 1000
	print(f"{what}: {took:.1f} ms {found if isinstance(found, dict) else len(found)}")


if __name__ == "__main__":
	main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
