"""New terms from a day on, and the end of a retainer, by the buttons' methods. After each test everything is audited."""

import frappe
import pytest
from frappe.utils import flt, getdate

from support_retainer import billing, contracts, timebank
from tests.factories import IssueFactory, RetainerFactory, book

pytestmark = pytest.mark.usefixtures("audited", "now")

H = 3600


@pytest.fixture
def make(at):
	def made(**terms):
		with at("2026-11-01 08:00"):
			retainer = RetainerFactory(**{"fee_billing": "In Advance", "retainer_fee": 9000, **terms})
			timebank.open_due_periods()
			billing.invoice_due()
			return retainer, IssueFactory(customer=retainer.customer)

	return made


def test_new_terms_of_next_month_leave_this_one_alone(make, at):
	retainer, ticket = make()
	contracts.change_terms(retainer.name, "2026-12-01", {"hours_per_period": 4, "hourly_rate": 1200})
	book(ticket, ("2026-11-19 08:00", "2026-11-19 16:00"))  # 8:00 + 2:00: the month's 10:00
	book(ticket, ("2026-11-20 08:00", "2026-11-20 09:00"))  # 1:15 at 1 000
	assert _to_bill(retainer) == 9000 + 1250
	with at("2026-12-01 08:00"):
		timebank.open_due_periods()
		assert timebank.balance(retainer.name, getdate("2026-12-01")) == 4 * H


def test_new_terms_of_an_open_month_change_its_hours_and_its_fee(make):
	retainer, _ticket = make()
	contracts.change_terms(retainer.name, "2026-11-01", '{"hours_per_period": 12, "retainer_fee": 10000}')
	assert timebank.balance(retainer.name, getdate("2026-11-20")) == 12 * H
	# the draft follows at once: submitted now, it asks for the new fee and no other
	(name,) = frappe.get_all("Sales Invoice", {"retainer": retainer.name}, pluck="name")
	invoice = frappe.get_doc("Sales Invoice", name)
	assert [flt(row.amount) for row in invoice.items] == [10000]
	invoice.submit()
	assert not timebank.entries_of(retainer=retainer.name, entry_type="Correction")


def test_terms_agreed_before_anything_began_wait_for_their_day(at):
	retainer = RetainerFactory(start_date="2026-12-01")
	contracts.change_terms(retainer.name, "2027-01-01", {"hours_per_period": 4})
	with at("2027-01-10 08:00"):
		timebank.open_due_periods()
		hours = {row.from_date: row.allotted / H for row in _periods(retainer)}
	assert hours == {getdate("2026-12-01"): 10, getdate("2027-01-01"): 4}


def test_a_fee_that_begins_with_the_new_terms(make):
	retainer, _ticket = make(fee_billing="Not Billed", retainer_fee=0)
	contracts.change_terms(retainer.name, "2026-11-01", {"fee_billing": "In Advance", "retainer_fee": 8000})
	assert _to_bill(retainer) == 8000


@pytest.mark.parametrize("terms", [{}, {"customer": "En annan"}, {"start_date": "2026-10-01"}, "[]"])
def test_only_terms_change_from_a_day_on(make, terms):
	retainer, _ticket = make()
	with pytest.raises(frappe.ValidationError):
		contracts.change_terms(retainer.name, "2026-12-01", terms)


def test_time_charged_already_keeps_its_terms_and_that_is_said(make):
	retainer, ticket = make(hours_per_period=1, fee_billing="Not Billed")
	sheet = book(ticket, ("2026-11-19 08:00", "2026-11-19 09:00"))  # 0:15 beyond the bank at 1 000
	frappe.local.message_log = []
	contracts.change_terms(retainer.name, "2026-11-10", {"hourly_rate": 2000})
	assert any(sheet.name in str(message) for message in frappe.local.message_log)
	assert _to_bill(retainer) == 250


def test_an_end_in_mid_month_takes_back_what_the_days_after_it_gave(make, at):
	retainer, _ticket = make(prorate=1)
	contracts.end_retainer(retainer.name, "2026-11-24", "Kunden går vidare")
	retainer.reload()
	assert (retainer.status, retainer.end_date) == ("Active", getdate("2026-11-24"))
	# 24 of 30 days: 8:00 and 7 200, on the draft too
	assert timebank.balance(retainer.name, getdate("2026-11-20")) == 8 * H
	assert _to_bill(retainer) == 7200
	(name,) = frappe.get_all("Sales Invoice", {"retainer": retainer.name}, pluck="name")
	assert flt(frappe.get_doc("Sales Invoice", name).net_total) == 7200
	comments = frappe.get_all("Comment", {"reference_name": retainer.name}, pluck="content")
	assert any("Kunden går vidare" in text for text in comments)
	with at("2026-11-30 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
	assert frappe.db.get_value("Retainer", retainer.name, "status") == "Ended"


def test_an_end_needs_a_reason_and_the_right(make):
	retainer, _ticket = make()
	with pytest.raises(frappe.ValidationError, match="reason is missing"):
		contracts.end_retainer(retainer.name, "2026-11-24", " ")
	frappe.set_user("Guest")
	for attempt in (
		lambda: contracts.end_retainer(retainer.name, "2026-11-24", "Nej"),
		lambda: contracts.change_terms(retainer.name, "2026-12-01", {"hourly_rate": 1}),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
	frappe.set_user("Administrator")


def test_a_month_that_the_end_took_back_stays_closed_and_in_nobodys_way(make, at):
	retainer, ticket = make()
	with at("2027-01-04 08:00"):
		billing.close_retainer(retainer.name, after_days=0)  # November and December; January has begun
		contracts.end_retainer(retainer.name, "2026-12-31", "Uppsagt")
		december, january = (f"{retainer.name}-{month}-01" for month in ("2026-12", "2027-01"))
		assert frappe.db.get_value("Timebank Period", january, "status") == "Closed"
		with pytest.raises(frappe.ValidationError, match="after the end"):
			billing.reopen_period(january, "Glömd tid")
		billing.reopen_period(december, "Glömd tid")
		book(ticket, ("2026-12-30 09:00", "2026-12-30 10:00"))
		assert timebank.balance(retainer.name, getdate("2026-12-31")) == 8.75 * H
		billing.close_retainer(retainer.name, after_days=0)
		# the end moves on: January opens again by itself, with its hours
		retainer.reload()
		retainer.update({"end_date": "2027-01-31", "status": "Active"})
		retainer.save()
		assert timebank.balance(retainer.name, getdate("2027-01-04")) == 10 * H


def test_what_was_carried_into_a_month_that_the_end_took_back_comes_back(make, at):
	retainer, ticket = make(carry_over="Unlimited")
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	with at("2026-12-04 08:00"):
		# 8:45 of November goes into December, beside its own 10:00
		billing.close_retainer(retainer.name, after_days=0)
		contracts.end_retainer(retainer.name, "2026-11-30", "Uppsagt")
		assert timebank.balance(retainer.name, getdate("2026-12-04")) == 0
		billing.reopen_period(f"{retainer.name}-2026-11-01", "Glömd tid")
		assert timebank.balance(retainer.name, getdate("2026-11-30")) == 8.75 * H
		billing.close_retainer(retainer.name, after_days=0)
		assert timebank.balance(retainer.name, getdate("2026-11-30")) == 0


def _save(retainer, **values) -> None:
	retainer.reload()
	retainer.update(values)
	retainer.save()


def test_going_on_gives_no_hours_after_the_end(make, at):
	retainer, _ticket = make()
	_save(retainer, status="Paused")
	with at("2027-01-04 08:00"):
		billing.close_retainer(retainer.name, after_days=0)  # January begins paused
		_save(retainer, end_date="2026-12-31")
		_save(retainer, status="Active")
		assert timebank.balance(retainer.name, getdate("2027-01-04")) == 0
	with at("2027-01-12 08:00"):
		_save(retainer, end_date=None, status="Active")
		# from the day it went on, the 4th: 28 of January's 31 days: 36 000 x 28/31 = 32 516.1; 9 000 x 28/31 = 8 129.03
		assert timebank.balance(retainer.name, getdate("2027-01-12")) == 32516
		assert _to_bill(retainer) == 9000 + 8129.03


def test_an_end_taken_back_during_a_pause_gives_nothing(make, at):
	retainer, _ticket = make()
	_save(retainer, status="Paused")
	with at("2027-01-04 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		_save(retainer, end_date="2026-12-31")
		_save(retainer, end_date=None)
		assert timebank.balance(retainer.name, getdate("2027-01-04")) == 0
		assert _to_bill(retainer) == 9000  # November's


def test_an_end_is_taken_back_on_the_very_day(make, at):
	retainer, _ticket = make(prorate=1)
	_save(retainer, end_date="2026-11-24")
	with at("2026-11-24 16:00"):
		assert timebank.balance(retainer.name, getdate("2026-11-24")) == 8 * H
		_save(retainer, end_date=None)
		assert timebank.balance(retainer.name, getdate("2026-11-24")) == 10 * H
		assert _to_bill(retainer) == 9000
		(name,) = frappe.get_all("Sales Invoice", {"retainer": retainer.name}, pluck="name")
		assert flt(frappe.get_doc("Sales Invoice", name).net_total) == 9000


@pytest.mark.parametrize(("end", "hours"), [("2026-12-24", 17419), ("2026-12-05", 0)])
def test_an_end_after_a_pause_counts_the_days_that_gave(make, at, end, hours):
	retainer, _ticket = make(prorate=1)
	_save(retainer, status="Paused")
	with at("2026-12-10 08:00"):
		timebank.open_due_periods()
		_save(retainer, status="Active")  # 22 of 31 days
		assert timebank.balance(retainer.name, getdate("2026-12-10")) == 25548
		# to the 24th 15 of 31 days: 36 000 x 15/31 = 17 419.4 and 9 000 x 15/31 = 4 354.84; to the 5th none
		_save(retainer, end_date=end)
		assert timebank.balance(retainer.name, getdate("2026-12-05")) == 0
		assert timebank.balance(retainer.name, getdate("2026-12-10")) == hours
		assert _to_bill(retainer) == 9000 + (4354.84 if hours else 0)
		_save(retainer, end_date=None)
		assert timebank.balance(retainer.name, getdate("2026-12-10")) == 25548


def test_a_fee_in_arrears_is_for_the_days_that_were_not_paused(make, at):
	retainer, _ticket = make(fee_billing="In Arrears", prorate=1)
	_save(retainer, status="Paused")
	with at("2027-01-11 08:00"):
		timebank.open_due_periods()  # December and January begin during the pause
		_save(retainer, status="Active")
		billing.close_retainer(retainer.name, after_days=0)
		assert _to_bill(retainer) == 9000  # November's; December was paused to its end
	with at("2027-02-01 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		# January from the 11th: 21 of 31 days: 9 000 x 21/31 = 6 096.77
		assert _to_bill(retainer) == 9000 + 6096.77


def test_new_terms_count_the_days_that_were_not_paused(make, at):
	retainer, _ticket = make(prorate=1)
	_save(retainer, status="Paused")
	with at("2026-12-10 08:00"):
		timebank.open_due_periods()
		_save(retainer, status="Active")
		contracts.change_terms(retainer.name, "2026-12-01", {"hours_per_period": 20, "retainer_fee": 18000})
		# 72 000 x 22/31 = 51 096.8; 18 000 x 22/31 = 12 774.19
		assert timebank.balance(retainer.name, getdate("2026-12-10")) == 51097
		assert _to_bill(retainer) == 9000 + 12774.19


def _to_bill(retainer) -> float:
	return sum(
		flt(entry.amount) for entry in timebank.entries_of(retainer=retainer.name, billing_status="To Bill")
	)


def _periods(retainer):
	return frappe.get_all(
		"Timebank Period", {"retainer": retainer.name}, ["from_date", "allotted"], order_by="from_date"
	)
