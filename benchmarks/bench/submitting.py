"""What submitting a timesheet costs with the app, beside bare ERPNext. Each case in a process of its own, turn by turn.

Usage, in the bench's sites folder: ../env/bin/python PATH/benchmarks/bench/submitting.py BARE_SITE APP_SITE [ROUNDS] [CASE ...]
A turn begins as a request does, with empty caches in the process and warm ones in Redis. Everything is rolled back. The figures are
medians: wall and processor time, and the queries one submit sends. ROWS and TICKETS (environment) say how long the sheet is.

covered: the bank covers all. new: the same, and the tickets are worked on for the first time. pooled: covered, Ticket and Day.
overage: all beyond the bank, invoiced at the close. invoice: beyond the bank, on a new draft at once. again: on a draft that is there.
drafted: as invoice, but beside bare ERPNext that makes its own draft of the billable sheet, as its button "Create Sales Invoice" does.
"""

from __future__ import annotations

import cProfile
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

ROWS, TICKETS = int(os.environ.get("ROWS", 50)), int(os.environ.get("TICKETS", 5))
PROFILE = os.environ.get("PROFILE")
CASES = {
	"bare": {},
	"covered": {"hours_per_period": 1000},
	"new": {"hours_per_period": 1000},
	"pooled": {"hours_per_period": 1000, "rounding_scope": "Ticket and Day"},
	"overage": {"hours_per_period": 0.01, "invoice_cadence": "Per Period"},
	"invoice": {"hours_per_period": 0.01},
	"again": {"hours_per_period": 0.01},
	"own": {},
	"drafted": {"hours_per_period": 0.01},
}
BARE = ("bare", "own")
BESIDE = {"drafted": "own"}


def measure(site: str, case: str, rounds: int) -> None:
	"""Submit a sheet each time a line comes in, take it back, and print the figures at the end."""
	import frappe

	frappe.init(site, sites_path=".", force=True)
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.mute_emails = True
	ground = Ground(frappe, case)
	taken = []
	print("ready", flush=True)
	for number in range(rounds + 1):
		sys.stdin.readline()
		taken.append(ground.turn(profiled=bool(PROFILE) and number == rounds))
		print("done", flush=True)
	print(*(f"{median(column):.1f}" for column in zip(*taken[1:], strict=True)), flush=True)
	frappe.db.rollback()
	frappe.destroy()


class Ground:
	"""An employee, and but for the bare case a retainer with tickets."""

	def __init__(self, frappe, case: str) -> None:
		self.frappe, self.case = frappe, case
		self.company = frappe.db.get_value("Company", {})
		values = {
			"first_name": "Mätare",
			"gender": frappe.db.get_value("Gender", {}),
			"company": self.company,
		}
		dates = {"date_of_birth": "1990-01-01", "date_of_joining": "2020-01-01", "status": "Active"}
		self.employee = frappe.get_doc({"doctype": "Employee", **values, **dates}).insert().name
		self.tickets = [] if case in BARE else self._tickets()
		self.buyer = (self._customer(), self._item()) if case == "own" else None
		if case not in (*BARE, "new", "invoice", "drafted"):
			self._sheet(TICKETS, days_ago=18).submit()

	def turn(self, profiled: bool) -> tuple[float, float, int]:
		"""Submit one sheet and take it back: milliseconds of wall and of processor time, and queries."""
		frappe = self.frappe
		frappe.db.savepoint("turn")
		sheet = self._sheet(ROWS, days_ago=16)
		frappe.local.message_log = []
		frappe.local.cache, frappe.local.document_cache = {}, {}
		frappe.db.value_cache.clear()
		frappe.local.new_doc_templates, frappe.local.meta_cache, frappe.local.role_permissions = {}, {}, {}
		queries = _counting(frappe, spoken=profiled)
		profile = cProfile.Profile() if profiled else None
		if profile:
			profile.enable()
		wall, processor = time.perf_counter(), time.process_time()
		sheet.submit()
		if self.buyer:
			self._draft_of(sheet)
		wall, processor = time.perf_counter() - wall, time.process_time() - processor
		if profile:
			profile.disable()
			profile.dump_stats(PROFILE)
		count = queries()
		frappe.db.rollback(save_point="turn")
		return wall * 1000, processor * 1000, count

	def _draft_of(self, sheet) -> None:
		"""What ERPNext's own button makes of a submitted, billable sheet, saved."""
		from erpnext.projects.doctype.timesheet.timesheet import make_sales_invoice

		customer, item = self.buyer
		draft = make_sales_invoice(sheet.name, item_code=item, customer=customer, currency="SEK")
		draft.insert()
		assert draft.net_total > 0, "the draft asks for nothing"

	def _customer(self) -> str:
		frappe = self.frappe
		return self._make(
			"Customer",
			customer_name=f"Mätkund {frappe.generate_hash(length=6)}",
			customer_group=frappe.db.get_value("Customer Group", {"is_group": 0}),
			territory=frappe.db.get_value("Territory", {"is_group": 0}),
		)

	def _item(self) -> str:
		frappe = self.frappe
		group = frappe.db.get_value("Item Group", {"is_group": 0})
		return self._make(
			"Item",
			item_code=f"Mättid {frappe.generate_hash(length=6)}",
			item_group=group,
			stock_uom="Hour",
			is_stock_item=0,
		)

	def _tickets(self) -> list[str]:
		frappe = self.frappe
		customer = self._customer()
		self._settings()
		first = frappe.utils.add_days(frappe.utils.getdate(), -40).replace(day=1)
		self._make(
			"Retainer",
			customer=customer,
			company=self.company,
			status="Active",
			start_date=first,
			takeover_completed_on=first,
			maintenance_waived_because="Mätning",
			currency="SEK",
			hourly_rate=1000,
			fee_billing="Not Billed",
			**CASES[self.case],
		)
		issue = {"customer": customer, "raised_by": "kund@example.com"}
		return [self._make("Issue", subject=f"Ärende {number}", **issue) for number in range(TICKETS)]

	def _make(self, doctype: str, **values: object) -> str:
		return self.frappe.get_doc({"doctype": doctype, **values}).insert().name

	def _settings(self) -> None:
		settings = self.frappe.get_single("Retainer Settings")
		if not settings.holiday_list:
			dates = {"from_date": "2025-01-01", "to_date": "2029-12-31"}
			settings.holiday_list = self._make(
				"Holiday List", holiday_list_name="Mätning utan helger", **dates
			)
			settings.save()

	def _sheet(self, rows: int, days_ago: int):
		today = datetime.combine(self.frappe.utils.getdate(), datetime.min.time())
		doc = self.frappe.new_doc("Timesheet")
		doc.update({"company": self.company, "employee": self.employee})
		for number in range(rows):
			begin = today - timedelta(days=days_ago) + timedelta(minutes=20 * number)
			row = {"activity_type": "Execution", "from_time": begin, "hours": 17 / 60}
			row["to_time"] = begin + timedelta(minutes=17)
			if self.buyer:
				row |= {"is_billable": 1, "billing_hours": 17 / 60, "billing_rate": 1000}
			if self.tickets:
				row |= {"ticket_type": "Issue", "ticket": self.tickets[number % TICKETS]}
			doc.append("time_logs", row)
		return doc.insert()


def _counting(frappe, *, spoken: bool):
	whole, said = frappe.db.sql, []

	def counted(query, *args, **values):
		said.append(str(query)[:150].replace("\n", " "))
		return whole(query, *args, **values)

	def stop() -> int:
		frappe.db.sql = whole
		if spoken:
			print(*said, sep="\n", file=sys.stderr)
		return len(said)

	frappe.db.sql = counted
	return stop


def compare(bare: str, app: str, rounds: int, case: str) -> None:
	"""Run a case and bare ERPNext turn by turn, so that what slows the machine slows both alike."""
	command = [sys.executable, "-W", "ignore", __file__, "--one"]
	pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
	kinds = [(bare, BESIDE.get(case, "bare")), (app, case)]
	running = [subprocess.Popen([*command, *kind, str(rounds)], **pipes) for kind in kinds]
	for process in running:
		_await(process, "ready")
	for _ in range(rounds + 1):
		for process in running:
			process.stdin.write("\n")
			process.stdin.flush()
			_await(process, "done")
	base, found = ([float(number) for number in process.stdout.readline().split()] for process in running)
	units = ("ms", "ms of processor", "queries")
	cells = [
		f"{one:.0f} → {other:.0f} {unit} ({other / one:.2f})"
		for one, other, unit in zip(base, found, units, strict=True)
	]
	print(f"{case:10}" + "   ".join(cells), flush=True)
	for process in running:
		process.wait()


def _await(process, word: str) -> None:
	for line in process.stdout:
		if line.strip() == word:
			return
	raise SystemExit("a case ended early")


if __name__ == "__main__":
	sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
	if sys.argv[1] == "--one":
		measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))
	else:
		rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 15
		for case in sys.argv[4:] or [name for name in CASES if name not in BARE]:
			compare(sys.argv[1], sys.argv[2], rounds, case)
