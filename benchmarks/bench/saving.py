"""What saving a ticket costs with the app, beside bare ERPNext with its SLA on. Two sites, turn by turn, in one run.

Usage, in the bench's sites folder: ../env/bin/python PATH/benchmarks/bench/saving.py BARE_SITE APP_SITE [ROUNDS] [sla]
With "sla" at the end ERPNext's own SLA is on beside the app too. Everything is rolled back. The figures are medians.
"""

from __future__ import annotations

import os
import sys
import time
from statistics import median

import frappe
from frappe.utils import add_days, today

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
STEPS = ("insert", "save", "pause", "resume", "priority")


class Site:
	"""One site with a connection of its own; entered for each turn."""

	def __init__(self, name: str, label: str, sla: bool) -> None:
		self.label, self.times, self.queries = label, {}, {}
		frappe.init(name, sites_path=".", force=True)
		frappe.connect()
		frappe.set_user("Administrator")
		frappe.flags.in_test = frappe.flags.mute_emails = True
		self.customer = self._customer()
		if sla:
			_switch_sla_on()
		if "support_retainer" in frappe.get_installed_apps():
			_retainer(self.customer)

	def _customer(self) -> str:
		group = frappe.db.get_value("Customer Group", {"is_group": 0})
		territory = frappe.db.get_value("Territory", {"is_group": 0}) or frappe.db.get_value("Territory", {})
		return (
			frappe.get_doc(
				{
					"doctype": "Customer",
					"customer_name": f"Mätkund {frappe.generate_hash(length=6)}",
					"customer_group": group,
					"territory": territory,
				}
			)
			.insert()
			.name
		)

	def turn(self) -> None:
		"""One ticket's life: inserted, saved, paused, resumed, reprioritised."""
		doc = frappe.get_doc({"doctype": "Issue", "subject": "Ärende", "customer": self.customer})
		doc.raised_by = "kund@example.com"
		self._time("insert", doc.insert)
		for step, values in (
			("save", {"subject": "Annat ärende"}),
			("pause", {"status": "On Hold"}),
			("resume", {"status": "Open"}),
			("priority", {"priority": "High"}),
		):
			doc = frappe.get_doc("Issue", doc.name)
			doc.update(values)
			self._time(step, doc.save)

	def _time(self, step: str, call) -> None:
		counted = [0]
		original = frappe.db.sql

		def sql(*args, **kwargs):
			counted[0] += 1
			return original(*args, **kwargs)

		frappe.db.sql = sql
		start = time.perf_counter()
		call()
		took = time.perf_counter() - start
		frappe.db.sql = original
		self.times.setdefault(step, []).append(took * 1000)
		self.queries.setdefault(step, []).append(counted[0])


def _switch_sla_on() -> None:
	frappe.db.set_single_value("Support Settings", "track_service_level_agreement", 1)
	holidays = frappe.get_doc(
		{
			"doctype": "Holiday List",
			"holiday_list_name": f"Mätning {frappe.generate_hash(length=6)}",
			"from_date": add_days(today(), -400),
			"to_date": add_days(today(), 400),
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Service Level Agreement",
			"document_type": "Issue",
			"service_level": f"Mätning {frappe.generate_hash(length=6)}",
			"default_service_level_agreement": 1,
			"enabled": 1,
			"holiday_list": holidays.name,
			"priorities": [
				{
					"priority": name,
					"response_time": 14400,
					"resolution_time": 86400,
					"default_priority": name == "Medium",
				}
				for name in ("Low", "Medium", "High")
			],
			"support_and_resolution": [
				{"workday": day, "start_time": "08:00:00", "end_time": "17:00:00"} for day in WEEK
			],
			"sla_fulfilled_on": [{"status": "Resolved"}, {"status": "Closed"}],
			"pause_sla_on": [{"status": "Replied"}, {"status": "On Hold"}],
		}
	).insert()


def _retainer(customer: str) -> None:
	settings = frappe.get_doc("Retainer Settings")
	if not settings.holiday_list:
		settings.holiday_list = (
			frappe.get_doc(
				{
					"doctype": "Holiday List",
					"holiday_list_name": "Mätning",
					"from_date": add_days(today(), -400),
					"to_date": add_days(today(), 400),
				}
			)
			.insert()
			.name
		)
		settings.save()
	frappe.get_doc(
		{
			"doctype": "Retainer",
			"customer": customer,
			"company": frappe.db.get_value("Company", {}),
			"status": "Active",
			"mode": "With Timebank",
			"start_date": add_days(today(), -40),
			"takeover_completed_on": add_days(today(), -50),
			"maintenance_waived_because": "Mätning",
			"currency": "SEK",
			"hourly_rate": 1000,
			"hours_per_period": 10,
			"period": "Monthly",
			"fee_billing": "Not Billed",
			"carry_over": "None",
		}
	).insert()


def main(path: str, label: str, sla: str, rounds: str) -> None:
	"""Measure one site in a process of its own, a round each time a line comes in, and print the figures at the end."""
	site = Site(path, label, sla == "sla")
	site.turn()  # warm
	site.times.clear(), site.queries.clear()
	print("ready", flush=True)
	for _ in range(int(rounds)):
		sys.stdin.readline()
		site.turn()
		print("done", flush=True)
	for step in STEPS:
		print(f"{median(site.times[step]):.3f} {median(site.queries[step]):.0f}", flush=True)
	frappe.db.rollback()
	frappe.destroy()


def compare(bare: str, app: str, rounds: int, sla: str) -> None:
	"""Run the sites turn by turn, so that what slows the machine slows them alike."""
	import subprocess

	kinds = [
		(bare, "ERPNext, its SLA on", "sla"),
		(app, f"with the app, ERPNext's SLA {'on' if sla == 'sla' else 'off'}", sla),
	]
	running = [
		subprocess.Popen(
			[sys.executable, __file__, "--one", *kind, str(rounds)],
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			text=True,
			env=os.environ,
		)
		for kind in kinds
	]
	for process in running:
		_await(process, "ready")
	for _ in range(rounds):
		for process in running:
			process.stdin.write("\n")
			process.stdin.flush()
			_await(process, "done")
	found = [[process.stdout.readline().split() for _ in STEPS] for process in running]
	print(f"{'':10}" + "".join(f"{label:>40}" for _, label, _ in kinds))
	for number, step in enumerate(STEPS):
		base = float(found[0][number][0])
		cells = [
			f"{float(each[number][0]):.1f} ms ({float(each[number][0]) / base - 1:+.0%}), {each[number][1]} queries"
			for each in found
		]
		print(f"{step:10}" + "".join(f"{cell:>40}" for cell in cells))


def _await(process, word: str) -> None:
	for line in process.stdout:
		if line.strip() == word:
			return
	raise SystemExit("a site ended early")


if __name__ == "__main__":
	if sys.argv[1] == "--one":
		main(*sys.argv[2:])
	else:
		given = [*sys.argv[3:], *("60", "-")[len(sys.argv) - 3 :]]
		compare(sys.argv[1], sys.argv[2], int(given[0]), given[1])
