"""The close as a job: queued once, catching up in order, stopped by nobody else's trouble, and told of in the report."""

import frappe
import pytest
from frappe.utils import getdate

from support_retainer import billing, contracts, timebank
from tests import kinds
from tests.factories import IssueFactory, RetainerFactory, book

pytestmark = pytest.mark.usefixtures("audited")

on_embedded = pytest.mark.skipif(kinds.KIND == "bench", reason="a bench's worker sees only what is committed")


@pytest.fixture
def held():
	"""Jobs wait, and run in the test's own transaction when this is called; it returns how many of them were closes."""
	import embedded
	from embedded import queue

	embedded.hold_jobs()
	queue.discard()

	def run() -> int:
		closes = [job for job in queue.WORKER.jobs.queue if str(job.method).endswith("close_retainer")]
		embedded.drain()
		return len(closes)

	yield run
	queue.discard()


@pytest.fixture
def make(at):
	def made(**terms):
		with at("2026-11-01 08:00"):
			return RetainerFactory(**terms)

	return made


@on_embedded
def test_a_retainer_is_queued_once_however_often_it_is_due(make, at, held):
	retainer = make()
	with at("2026-12-20 08:00"):
		billing.close_due()
		billing.close_due()
		billing.close_periods(retainer.name)
		assert held() == 1
		assert _status(retainer) == {"2026-11-01": "Closed", "2026-12-01": "Open"}
		billing.close_due()
		assert held() == 0  # nothing is due any more


@on_embedded
def test_a_year_of_missed_periods_is_caught_up_in_order(make, at, held):
	retainer = make(carry_over="Periods", carry_over_periods=2, fee_billing="In Arrears", retainer_fee=1000)
	with at("2027-11-20 08:00"):
		billing.close_due()  # nobody opened a period in all that time
		held()
		assert list(_status(retainer).values()) == ["Closed"] * 12 + ["Open"]
		reports = frappe.get_all(
			"Timebank Closing",
			{"retainer": retainer.name},
			["period", "status", "sales_invoice"],
			order_by="name",
		)
		assert {(row.status, bool(row.sales_invoice)) for row in reports} == {("Done", True)}
		assert len({row.period for row in reports}) == 12
		# 10:00 a month, each for two months more: September, October and November are there
		assert timebank.balance(retainer.name, getdate("2027-11-20")) == 30 * 3600


@on_embedded
def test_one_bad_retainer_is_told_of_and_the_others_are_closed(make, at, held, monkeypatch):
	bad, good = make(), make()
	whole = timebank.closing._check_may_close

	def broken(row, period):
		if row.name == bad.name:
			frappe.throw("Trasig")
		whole(row, period)

	monkeypatch.setattr(timebank.closing, "_check_may_close", broken)
	with at("2026-12-20 08:00"):
		billing.close_due()
		assert held() == 2
		assert (_status(bad)["2026-11-01"], _status(good)["2026-11-01"]) == ("Open", "Closed")
		billing.close_due()
		assert held() == 1  # tried again day after day, said once
	(report,) = frappe.get_all("Timebank Closing", {"retainer": bad.name}, ["status", "problem", "period"])
	assert (report.status, report.problem, report.period) == ("Not Done", "Trasig", f"{bad.name}-2026-11-01")
	monkeypatch.undo()
	with at("2026-12-21 08:00"):
		billing.close_due()
		held()
	assert _status(bad)["2026-11-01"] == "Closed"


def test_an_invoice_that_cannot_be_made_is_told_of_and_made_later(make, at):
	retainer = make(fee_billing="In Arrears", retainer_fee=1000)
	item = contracts.settings().retainer_fee_item
	frappe.db.set_value("Item", item, "disabled", 1)
	with at("2026-12-20 08:00"):
		assert len(billing.close_retainer(retainer.name)) == 1
		(report,) = frappe.get_all(
			"Timebank Closing", {"retainer": retainer.name}, ["status", "happened", "problem"]
		)
		assert report.status == "Not Done"
		assert "expired" in report.happened
		assert "invoice could not be made" in report.problem
		frappe.db.set_value("Item", item, "disabled", 0)
		frappe.clear_document_cache("Item", item)
		billing.invoice_due()
	assert frappe.db.exists("Sales Invoice", {"retainer": retainer.name})


def test_periods_that_cannot_be_opened_are_told_of(make, at, monkeypatch):
	retainer = make()
	frappe.db.set_value("Retainer", retainer.name, "carry_over", "Alltid")  # written past the form
	with at("2026-12-20 08:00"):
		assert billing.close_retainer(retainer.name) == []
		assert billing.close_retainer(retainer.name) == []
	(report,) = frappe.get_all("Timebank Closing", {"retainer": retainer.name}, ["status", "problem"])
	assert report.status == "Not Done"
	assert "could not be opened" in report.problem
	frappe.db.set_value("Retainer", retainer.name, "carry_over", "None")


def test_the_desk_is_told_how_far_the_close_is(make, at, monkeypatch):
	retainer, said = make(), []
	monkeypatch.setattr(frappe, "publish_progress", lambda percent, **about: said.append((percent, about)))
	with at("2027-01-20 08:00"):
		billing.close_retainer(retainer.name)
	assert [percent for percent, _about in said] == [50, 100]
	assert {(about["doctype"], about["docname"]) for _percent, about in said} == {("Retainer", retainer.name)}


def test_a_balance_is_read_in_one_query_at_any_size(make, at):
	retainer = make(carry_over="Unlimited")
	with at("2026-12-20 08:00"):
		ticket = IssueFactory(customer=retainer.customer)
		for day in range(1, 9):
			book(ticket, (f"2026-11-0{day} 09:00", f"2026-11-0{day} 09:50"))
		assert _queries(lambda: timebank.balance(retainer.name, getdate("2026-12-20"))) == 1
		billing.close_retainer(retainer.name)
		assert _queries(lambda: timebank.balance(retainer.name, getdate("2026-12-20"))) == 1


def _queries(call) -> int:
	count, whole = [0], frappe.db.sql

	def counted(*args, **values):
		count[0] += 1
		return whole(*args, **values)

	frappe.db.sql = counted
	try:
		call()
	finally:
		frappe.db.sql = whole
	return count[0]


def _status(retainer) -> dict[str, str]:
	rows = frappe.get_all(
		"Timebank Period", {"retainer": retainer.name}, ["from_date", "status"], order_by="from_date"
	)
	return {str(row.from_date): row.status for row in rows}
