"""Many workers on one retainer, and workers that are killed half way. Only MariaDB can tell."""

import json
import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import frappe
import pytest

from support_retainer import billing, timebank
from tests.factories import CustomerFactory, EmployeeFactory, IssueFactory, RetainerFactory

pytestmark = pytest.mark.concurrency

WORKERS, OPERATIONS = 8, 25
WORKER = Path(__file__).with_name("worker.py")


def _retainer(months: int, **terms):
	first = (date.today().replace(day=1) - timedelta(days=31 * months)).replace(day=1)
	return RetainerFactory(
		customer=CustomerFactory(customer_name=f"Samtidig {frappe.generate_hash(length=6)}").name,
		start_date=first,
		takeover_completed_on=first,
		**terms,
	)


def _start(site, job: str, **given) -> subprocess.Popen:
	return subprocess.Popen(
		[sys.executable, str(WORKER), str(site.path), job, json.dumps(given)],
		stdout=subprocess.PIPE,
		stderr=subprocess.PIPE,
		text=True,
		env={**os.environ, "PYTHONPATH": str(WORKER.parents[2])},
	)


def _said(process: subprocess.Popen) -> dict:
	out, err = process.communicate(timeout=500)
	assert process.returncode == 0, err[-3000:]
	return json.loads(out.strip().splitlines()[-1])


def test_eight_workers_on_one_retainer(site):
	frappe.db.rollback()
	retainer = _retainer(2, carry_over="Unlimited", rounding_scope="Ticket and Day")
	tickets = [IssueFactory(customer=retainer.customer).name for _ in range(3)]
	people = [EmployeeFactory().name for _ in range(WORKERS)]
	frappe.db.commit()
	workers = [
		_start(
			site,
			"work",
			retainer=retainer.name,
			tickets=tickets,
			employee=who,
			number=number,
			operations=OPERATIONS,
		)
		for number, who in enumerate(people)
	]
	results = [_said(worker) for worker in workers]
	frappe.db.rollback()
	assert sum(result["done"] for result in results) == WORKERS * OPERATIONS
	assert [str(finding) for finding in billing.audit(retainer.name)] == []
	standing = {entry.timesheet for entry in timebank.entries_of(retainer=retainer.name) if entry.timesheet}
	assert standing == {name for result in results for name in result["submitted"]}
	print({"retried": sum(result["retried"] for result in results), "standing": len(standing)})


def test_a_worker_killed_at_ten_points_of_a_close(site):
	frappe.db.rollback()
	terms = {
		"carry_over": "Periods",
		"carry_over_periods": 1,
		"fee_billing": "In Arrears",
		"retainer_fee": 9000,
	}
	probe = _retainer(3, **terms)
	frappe.db.commit()
	whole = _said(_start(site, "close", retainer=probe.name))
	assert len(whole["closed"]) >= 3
	for point in range(10):
		retainer = _retainer(3, **terms)
		frappe.db.commit()
		killed = _start(site, "close", retainer=retainer.name, kill_at=1 + whole["statements"] * point // 10)
		killed.communicate(timeout=120)
		assert killed.returncode == -signal.SIGKILL
		assert len(_said(_start(site, "close", retainer=retainer.name))["closed"]) == len(whole["closed"])
		frappe.db.rollback()
		assert [str(finding) for finding in billing.audit(retainer.name)] == []
		entries = {
			name: frappe.db.count("Timebank Entry", {"retainer": name})
			for name in (probe.name, retainer.name)
		}
		assert len(set(entries.values())) == 1
