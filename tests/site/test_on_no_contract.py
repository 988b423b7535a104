"""Time of covered customers that is in no ledger is listed, and charged after all."""

from __future__ import annotations

import frappe
import pytest

from support_retainer import billing
from support_retainer.report.unbilled_and_held import unbilled_and_held
from tests.factories import IssueFactory, RetainerFactory, book


@pytest.fixture
def outside(at):
	"""Active on Fri 6 Nov; 2 h of 6 Nov and 1 h of 30 Oct were submitted before, on its customer's ticket."""
	with at("2026-11-06 12:00"):
		retainer = RetainerFactory(status="Draft", mode="Without Timebank", estimate_threshold_hours=9)
		ticket = IssueFactory(customer=retainer.customer)
		sheet = book(
			ticket, ("2026-10-30 09:00", "2026-10-30 10:00"), ("2026-11-06 09:00", "2026-11-06 11:00")
		)
		retainer.status = "Active"
		retainer.save()
		yield frappe._dict(
			retainer=retainer, ticket=ticket, sheet=sheet, old=sheet.time_logs[0], row=sheet.time_logs[1]
		)


def listed(retainer, **filters):
	rows = unbilled_and_held.execute({"customer": retainer.customer, **filters})[1]
	return [row for row in rows if row.get("billing_status") == "On No Contract"]


def test_it_is_listed_until_it_is_charged(outside):
	"""2 h are 2:00 and 0:30 PM, at 1 000 SEK/h: 2 500."""
	old, row = listed(outside.retainer)
	assert (old["hours"], old["detail"]) == (1, None)
	assert "No retainer held" in old["waits_for"]
	assert (row["hours"], row["detail"]) == (2, outside.row.name)
	assert len(listed(outside.retainer, status="On No Contract")) == 2
	assert not listed(outside.retainer, status="To Bill")
	billing.charge_now([outside.row.name])
	amounts = frappe.get_all("Timebank Entry", {"retainer": outside.retainer.name}, pluck="amount")
	assert sum(amounts) == 2500
	assert len(listed(outside.retainer)) == 1
	assert frappe.db.get_value("Timesheet Detail", outside.row.name, "billing_amount") == 2500
	assert not billing.audit()


def test_it_is_charged_once(outside):
	billing.charge_now([outside.row.name])
	with pytest.raises(frappe.ValidationError, match="charged or given already"):
		billing.charge_now([outside.row.name])


def test_a_day_on_which_no_retainer_held_is_not_charged(outside):
	with pytest.raises(frappe.ValidationError, match="no retainer of"):
		billing.charge_now([outside.old.name])


def test_what_erpnext_has_on_an_invoice_is_not_charged_twice(outside):
	frappe.db.set_value("Timesheet Detail", outside.row.name, "sales_invoice", "SINV-X")
	assert [row["hours"] for row in listed(outside.retainer)] == [1]
	with pytest.raises(frappe.ValidationError, match="SINV-X"):
		billing.charge_now([outside.row.name])


def test_a_cancelled_sheet_takes_it_back(outside):
	billing.charge_now([outside.row.name])
	frappe.get_doc("Timesheet", outside.sheet.name).cancel()
	filters = {"retainer": outside.retainer.name, "is_reversed": 0}
	assert not frappe.get_all("Timebank Entry", filters)
	assert not billing.audit()


def test_what_is_on_no_ticket_is_refused_in_a_sentence(outside):
	sheet = book(outside.ticket, ("2026-11-06 11:00", "2026-11-06 11:15"))
	sheet.time_logs[0].db_set("ticket", None)
	for name in (sheet.time_logs[0].name, "no-such-row"):
		with pytest.raises(frappe.ValidationError, match="Choose submitted time on tickets"):
			billing.charge_now([name])
