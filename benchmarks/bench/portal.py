"""What the portal's pages cost the server, beside ERPNext's own /issues, turn by turn in one run, for a contact of one customer.

Usage, in the bench's sites folder:
PYTHONPATH=APP_FOLDER:APP_FOLDER/.bench/packages ../env/bin/python APP_FOLDER/benchmarks/bench/portal.py SITE [ENTRIES] [ROUNDS]
The customer has 200 tickets and so many ledger entries (100 000). Everything is rolled back. The figures are medians.
"""

from __future__ import annotations

import sys
import time
from statistics import median

import frappe

OWN = "/issues"
PAGES = (OWN, "/support", "/support/tickets", "/support/time")
USER = "matning.portal@example.com"
TICKETS = 200


def main(site: str, entries: str = "100000", rounds: str = "40") -> None:
	"""Make the customer, measure, print a table, take it all back."""
	frappe.init(site, sites_path=".", force=True)
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.in_test = frappe.flags.mute_emails = True
	try:
		prepare(int(entries))
		report(int(rounds))
	finally:
		frappe.db.rollback()
		frappe.clear_cache()
		frappe.destroy()


def prepare(entries: int) -> None:
	"""Make a customer with a contact, tickets and a long ledger."""
	from tests import world
	from tests.factories import IssueFactory, RetainerFactory
	from tests.site.test_portal_speed import long_history
	from tests.visiting import contact_for

	if not frappe.db.exists("Company", world.COMPANY):
		world.prepare()
	retainer = RetainerFactory(start_date=frappe.utils.get_first_day(frappe.utils.nowdate()))
	contact_for(retainer.customer, USER)
	for _number in range(TICKETS):
		IssueFactory(customer=retainer.customer, raised_by=USER)
	long_history(retainer, entries)


def report(rounds: int) -> None:
	"""Read all pages in turn, and print the median of each with its queries."""
	from tests.visiting import visit

	times: dict[str, list[float]] = {page: [] for page in PAGES}
	queries: dict[str, int] = {}
	run = frappe.db.sql
	for turn in range(rounds + 2):  # the first two fill caches
		for page in PAGES:
			asked = []
			frappe.db.sql = lambda *values, **named: (asked.append(1), run(*values, **named))[1]  # noqa: B023
			started = time.perf_counter()
			answer = visit(USER, page)
			if answer.location:
				answer = visit(USER, f"/{answer.location.lstrip('/')}")
			elapsed = time.perf_counter() - started
			frappe.db.sql = run
			if answer.status != 200:
				raise SystemExit(f"{page}: {answer.status}")
			if turn >= 2:
				times[page].append(elapsed)
				queries[page] = len(asked)
	own = median(times[OWN])
	for page in PAGES:
		middle = median(times[page])
		print(f"{page:18} {middle * 1000:7.1f} ms  {middle / own:5.2f} x /issues  {queries[page]:3} queries")


if __name__ == "__main__":
	main(*sys.argv[1:])
