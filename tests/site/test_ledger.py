"""The ledger under top-ups, pools, decisions, closing and reopening. After each test everything is audited."""

import frappe
import pytest
from frappe.utils import flt, getdate

from support_retainer import billing, timebank
from tests.factories import IssueFactory, RetainerFactory, book

pytestmark = pytest.mark.usefixtures("audited", "now")

H = 3600


@pytest.fixture
def make(at):
	"""Make a retainer that began 1 Nov 2026 and a ticket of it."""

	def made(**terms):
		with at("2026-11-01 08:00"):
			retainer = RetainerFactory(**terms)
			return retainer, IssueFactory(customer=retainer.customer)

	return made


# Top-ups and adjustments.


def test_hours_given_with_a_reason_are_a_lot_drawn_after_the_older_one(make):
	retainer, ticket = make()
	billing.top_up(retainer.name, 2, reason="Tack för tålamodet")
	# the month's 10:00 are older: 8:00 + 2:00 empty them, the next 1:15 come from the top-up of 2:00
	book(ticket, ("2026-11-21 06:00", "2026-11-21 14:00"))
	book(ticket, ("2026-11-22 10:00", "2026-11-22 11:00"))
	lots = timebank.lots(retainer.name)
	assert [(lot.remaining, lot.number) for lot in lots] == [(2 * H - 4500, 2)]
	assert _period(retainer).topped_up == 2 * H


def test_hours_given_need_a_reason(make):
	retainer, _ticket = make()
	with pytest.raises(frappe.ValidationError, match="why"):
		billing.top_up(retainer.name, 2)


def test_hours_sold_are_there_when_the_invoice_is_submitted(make):
	retainer, _ticket = make()
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 5, sold=True, rate=900))
	assert flt(invoice.net_total) == 4500
	assert _balance(retainer) == 10 * H  # nothing yet but the month's own
	invoice.submit()
	assert _balance(retainer) == 15 * H


def test_a_sold_top_up_is_taken_back_with_its_invoice(make):
	retainer, _ticket = make()
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 5, sold=True))
	invoice.submit()
	invoice.cancel()
	assert _balance(retainer) == 10 * H


def test_a_used_top_up_cannot_be_credited(make):
	retainer, ticket = make()
	invoice = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 5, sold=True))
	invoice.submit()
	# 10:00 + 2:30 = 12:30: 10:00 of the month and 2:30 of the top-up, which has 2:30 left
	book(ticket, ("2026-11-20 01:00", "2026-11-20 11:00"))
	frappe.db.savepoint("credit")
	with pytest.raises(frappe.ValidationError, match="2:30"):
		_credit(invoice)
	frappe.db.rollback(save_point="credit")
	credit = _credit(invoice, qty=-2)  # 2:00 of 2:30
	assert _balance(retainer) == 0.5 * H
	credit.cancel()
	assert _balance(retainer) == 2.5 * H


def test_an_adjustment_takes_from_the_oldest_lot_and_not_more_than_there_is(make):
	retainer, _ticket = make()
	billing.adjust(retainer.name, -1.5, "Felbokat i oktober")
	assert _balance(retainer) == 8.5 * H
	billing.adjust(retainer.name, 0.5, "Rättelse")
	assert _balance(retainer) == 9 * H
	with pytest.raises(frappe.ValidationError, match="9:00"):
		billing.adjust(retainer.name, -10, "För mycket")


# Pools.


def test_a_pool_spans_timesheets(make):
	retainer, ticket = make(rounding_scope="Ticket and Day")
	first = book(ticket, ("2026-11-03 09:00", "2026-11-03 09:05"))
	second = book(ticket, ("2026-11-03 13:00", "2026-11-03 13:05"))
	# 5 + 5 min share one quarter, which the first starts: 15:00 + 3:45 for all of it
	assert _balance(retainer) == 10 * H - 1125
	assert _charged(first) == 900
	assert _charged(second) == 0
	first.cancel()
	assert _charged(second) == 900
	assert _balance(retainer) == 10 * H - 1125
	second.cancel()
	assert _balance(retainer) == 10 * H


def test_two_people_at_once_on_one_ticket_share_a_pool(make):
	retainer, ticket = make(rounding_scope="Ticket and Day")
	book(ticket, ("2026-11-03 09:00", "2026-11-03 09:20"))
	book(ticket, ("2026-11-03 09:05", "2026-11-03 09:15"))
	# 20 + 10 min laid end to end are two quarters: 0:30 and 0:07:30
	assert _balance(retainer) == 10 * H - 2250


def test_a_pool_of_another_day_is_left_alone(make):
	retainer, ticket = make(rounding_scope="Ticket and Day")
	first = book(ticket, ("2026-11-03 09:00", "2026-11-03 09:05"))
	book(ticket, ("2026-11-04 09:00", "2026-11-04 09:05"))
	assert _balance(retainer) == 10 * H - 2 * 1125
	assert not frappe.get_all("Timebank Entry", {"reversal_of": ("is", "set"), "retainer": retainer.name})
	assert _charged(first) == 900


def test_what_is_invoiced_stays_and_the_rest_uses_what_it_paid_for(make):
	retainer, ticket = make(rounding_scope="Ticket and Day", mode="Without Timebank", hours_per_period=0)
	first = book(ticket, ("2026-11-03 09:00", "2026-11-03 09:05"))
	invoice = _invoices(retainer)[0]
	invoice.submit()
	second = book(ticket, ("2026-11-03 13:00", "2026-11-03 13:20"))
	# 10 of the 15 min billed are left: 20 min use them and start one more quarter, 250 + 62.50
	assert (_charged(first), _charged(second)) == (900, 900)
	assert [flt(each.net_total) for each in _invoices(retainer)] == [312.5, 312.5]


def test_timesheets_billing_figures_follow_the_pool(make):
	_retainer, ticket = make(rounding_scope="Ticket and Day", mode="Without Timebank", hours_per_period=0)
	later = book(ticket, ("2026-11-03 13:00", "2026-11-03 13:05"))
	assert later.time_logs[0].billing_amount == 312.5
	book(ticket, ("2026-11-03 09:00", "2026-11-03 09:05"))
	later.reload()
	# the earlier entry starts the quarter now
	assert (later.time_logs[0].is_billable, later.time_logs[0].billing_amount) == (0, 0)
	assert later.total_billable_amount == 0
	assert "0 started quarters" in later.time_logs[0].timebank_note


# Ask First and Draw From Next Period.


def test_held_overage_is_billed_when_it_is_approved(make):
	retainer, ticket = make(overage_policy="Ask First", hours_per_period=1)
	# 2:00 + 0:30 asked, 1:00 there: 0:48 work and 0:12 management; 1:12 and 0:18 held = 1 500
	sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))
	held = billing.held_entries(retainer.name)
	assert sum(flt(entry.amount) for entry in held) == 1500
	assert not _invoices(retainer)
	assert sheet.time_logs[0].is_billable == 0
	billing.approve_overage([entry.name for entry in held], "Kunden ringde")
	assert flt(_invoices(retainer)[0].net_total) == 1500
	sheet.reload()
	assert (sheet.time_logs[0].is_billable, sheet.time_logs[0].billing_amount) == (1, 1500)
	with pytest.raises(frappe.ValidationError, match="not held"):
		billing.approve_overage([entry.name for entry in held], "En gång till")


def test_declined_overage_is_written_off_with_its_reason(make):
	retainer, ticket = make(overage_policy="Ask First", hours_per_period=1)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))
	names = [entry.name for entry in billing.held_entries(retainer.name)]
	with pytest.raises(frappe.ValidationError, match="reason is missing"):
		billing.decline_overage(names, " ")
	assert not frappe.db.exists(
		"Customer Answer", {"retainer": retainer.name}
	)  # nothing is kept of a decision refused
	billing.decline_overage(names, "Vårt fel")
	off = timebank.entries_of(retainer=retainer.name, billing_status="Written Off")
	assert sum(flt(entry.amount) for entry in off) == 1500
	assert all("Vårt fel" in entry.reason for entry in off)
	assert not _invoices(retainer)


def test_the_surcharge_on_uncovered_time_is_held_with_it(make, at):
	retainer, _ticket = make(overage_policy="Ask First", hours_per_period=1)
	with at("2026-11-14 09:00"):
		urgent = IssueFactory(customer=retainer.customer, priority="Urgent")
	# Saturday, +150 %: 2:00 + 0:30 asked, 1:00 there = 0:48 of work covered; 1 200 on it now, 1 800 on 1:12 held
	book(urgent, ("2026-11-14 10:00", "2026-11-14 12:00"))
	assert flt(_invoices(retainer)[0].net_total) == 1200
	assert sum(flt(entry.amount) for entry in billing.held_entries(retainer.name)) == 1500 + 1800


def test_a_debt_is_settled_first_when_the_next_period_opens(make, at):
	retainer, ticket = make(overage_policy="Draw From Next Period", hours_per_period=1)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))  # 1:00 + 0:15 of 1:00: 0:15 owed
	assert sum(entry.overage for entry in timebank.owed_entries(retainer.name)) == 900
	with at("2026-12-01 08:00"):
		timebank.open_due_periods()
		assert not timebank.owed_entries(retainer.name)
		assert timebank.balance(retainer.name, getdate("2026-12-01")) == 2700
		assert not _invoices(retainer)


def test_a_debt_larger_than_a_period_stays_owed_and_is_billed_at_the_end(make, at):
	retainer, ticket = make(overage_policy="Draw From Next Period", hours_per_period=1)
	book(ticket, ("2026-11-03 08:00", "2026-11-03 11:00"))  # 3:00 + 0:45: 1:00 drawn, 2:45 owed
	with at("2026-12-15 08:00"):
		timebank.open_due_periods()
		owed = timebank.owed_entries(retainer.name)
		assert sum(entry.overage for entry in owed) == 1.75 * H
		assert sum(flt(entry.amount) for entry in owed) == 1750
		retainer.reload()
		retainer.prorate = 0
		retainer.end_date = "2026-12-31"
		retainer.save()
	with at("2027-01-02 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		assert [flt(invoice.net_total) for invoice in _invoices(retainer)] == [1750]


# Closing.


def test_closing_lets_time_expire(make, at):
	retainer, ticket = make()
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	with at("2026-12-01 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		november, december = _periods(retainer)
		assert (november.status, november.expired, november.balance) == ("Closed", 8.75 * H, 0)
		assert (december.status, december.balance) == ("Open", 10 * H)


def test_closing_carries_over_under_a_cap_that_top_ups_do_not_count_for(make, at):
	retainer, ticket = make(carry_over="Unlimited", carry_over_cap_hours=4)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	billing.top_up(retainer.name, 2, reason="Present")
	with at("2026-12-01 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		november, december = _periods(retainer)
		# 8:45 left of the month: 4:00 carried and 4:45 expired; and the top-up of 2:00 carried whole
		assert (november.expired, november.carried_out) == (4.75 * H, 6 * H)
		assert (december.carried_in, december.balance) == (6 * H, 16 * H)


def test_missed_periods_are_caught_up_in_order_and_closing_again_changes_nothing(make, at):
	retainer, _ticket = make(carry_over="Periods", carry_over_periods=1)
	with at("2027-03-02 08:00"):
		assert billing.close_retainer(retainer.name, after_days=0) == [
			f"{retainer.name}-{month}-01" for month in ("2026-11", "2026-12", "2027-01", "2027-02")
		]
		entries = frappe.db.count("Timebank Entry", {"retainer": retainer.name})
		assert billing.close_retainer(retainer.name, after_days=0) == []
		assert frappe.db.count("Timebank Entry", {"retainer": retainer.name}) == entries
		# each month carries its 10:00 one month on: March has its own and February's
		assert timebank.balance(retainer.name, getdate("2027-03-02")) == 20 * H


def test_a_reopened_period_is_as_it_was_and_logged(make, at):
	retainer, ticket = make()
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	with at("2026-12-01 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		billing.reopen_period(f"{retainer.name}-2026-11-01", "Glömd tid")
		november, _december = _periods(retainer)
		assert (november.status, november.balance) == ("Open", 8.75 * H)
		(log,) = frappe.get_all(
			"Timebank Closing", {"action": "Reopen", "retainer": retainer.name}, ["reason"]
		)
		assert log.reason == "Glömd tid"
		book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))
		billing.close_retainer(retainer.name, after_days=0)
		assert _periods(retainer)[0].expired == 7.5 * H


def test_what_a_closing_put_on_a_draft_waits_for_the_next_closing(make, at):
	retainer, ticket = make(
		fee_billing="In Advance", retainer_fee=9000, invoice_cadence="Per Period", hours_per_period=1
	)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))  # 2:30, of which 1:30 beyond the bank: 1 500
	with at("2026-12-01 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		assert flt(_invoices(retainer)[0].net_total) == 9000 + 1500
		billing.reopen_period(f"{retainer.name}-2026-11-01", "Glömd tid")
		(invoice,) = _invoices(retainer)
		assert flt(invoice.net_total) == 9000
		book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))  # 1:15: 1 250
		frappe.get_doc("Sales Invoice", invoice.name).submit()
		billing.close_retainer(retainer.name, after_days=0)
		assert [flt(each.net_total) for each in _invoices(retainer)] == [9000, 1500 + 1250]
	assert not frappe.db.exists("Timebank Entry", {"retainer": retainer.name, "entry_type": "Correction"})


def test_a_fee_in_arrears_is_asked_for_once_however_often_the_period_closes(make, at):
	retainer, ticket = make(fee_billing="In Arrears", retainer_fee=9000, hours_per_period=1)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))  # 1 500 beyond the bank, on a draft at once
	with at("2026-12-01 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		billing.reopen_period(f"{retainer.name}-2026-11-01", "Glömd tid")
		(invoice,) = _invoices(retainer)
		assert flt(invoice.net_total) == 1500 + 9000
		frappe.get_doc("Sales Invoice", invoice.name).submit()
		billing.close_retainer(retainer.name, after_days=0)
		assert [flt(each.net_total) for each in _invoices(retainer)] == [1500 + 9000]
	assert not frappe.db.exists("Timebank Entry", {"retainer": retainer.name, "entry_type": "Correction"})


def test_only_a_manager_reopens(make, at):
	retainer, _ticket = make()
	with at("2026-12-01 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		frappe.set_user("Guest")
		with pytest.raises(frappe.PermissionError):
			billing.reopen_period(f"{retainer.name}-2026-11-01", "Jag vill")
		frappe.set_user("Administrator")


def test_late_work_is_marked_and_draws_the_current_period(make, at):
	retainer, ticket = make()
	timebank.ensure_periods(retainer.name, getdate("2026-11-20"))
	with at("2026-12-03 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		sheet = book(ticket, ("2026-11-30 09:00", "2026-11-30 10:00"))
		(draw, *_rest) = timebank.entries_of(timesheet=sheet.name)
		assert (draw.is_late, draw.period) == (1, f"{retainer.name}-2026-12-01")
		assert timebank.balance(retainer.name, getdate("2026-12-03")) == 8.75 * H


def test_amending_time_of_a_closed_period_draws_what_it_gave_back(make, at):
	retainer, ticket = make()
	sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	with at("2026-12-03 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		sheet.cancel()
		book(ticket, ("2026-11-03 09:00", "2026-11-03 09:45"))
		# 1:15 of November came back, 56:15 of it are drawn again: December keeps its 10:00
		assert timebank.balance(retainer.name, getdate("2026-12-03")) == 10 * H


def test_one_bad_retainer_does_not_stop_the_others(make, at, monkeypatch):
	bad, _ticket = make()
	good, _ticket = make()
	with at("2026-12-01 08:00"):
		for each in (bad, good):
			timebank.ensure_periods(each.name, getdate("2026-12-01"))
		from support_retainer.timebank import closing

		def broken(name):
			if name == bad.name:
				raise ValueError("trasig")

		whole = closing._closing_entries
		monkeypatch.setattr(
			closing, "_closing_entries", lambda row, *rest: broken(row.name) or whole(row, *rest)
		)
		assert [billing.close_retainer(each.name, after_days=0) for each in (bad, good)] == [
			[],
			[f"{good.name}-2026-11-01"],
		]
		(log,) = frappe.get_all("Timebank Closing", {"retainer": bad.name}, ["status", "problem"])
		assert (log.status, log.problem) == ("Not Done", "trasig")


# Fees and cadence.


def test_the_fee_in_advance_is_prorated_and_invoiced(make, at):
	with at("2026-11-16 08:00"):
		retainer = RetainerFactory(start_date="2026-11-16", fee_billing="In Advance", retainer_fee=9000)
		timebank.open_due_periods()
		billing.invoice_due()
	# 15 of November's 30 days: 4 500 and 5:00
	(invoice,) = _invoices(retainer)
	assert flt(invoice.net_total) == 4500
	assert "15 of 30" in invoice.items[0].description
	assert _balance(retainer) == 5 * H


def test_the_fee_in_arrears_and_the_month_on_one_invoice_at_the_close(make, at):
	retainer, ticket = make(
		fee_billing="In Arrears", retainer_fee=9000, invoice_cadence="Per Period", hours_per_period=1
	)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))  # 1 500 beyond the bank, as above
	assert not _invoices(retainer)
	with at("2026-12-01 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
	(invoice,) = _invoices(retainer)
	assert [flt(row.amount) for row in invoice.items] == [9000, 1200, 300]


# The contract changes.


def test_new_terms_apply_from_their_date_on(make, at):
	retainer, ticket = make(mode="With Timebank", hours_per_period=1)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))  # 1:15 of 1:00: 0:15 = 250
	retainer.update({"hourly_rate": 1200, "hours_per_period": 2, "terms_from": "2026-11-15"})
	retainer.save()
	book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))  # 1:15 at the old 1 000
	book(ticket, ("2026-11-16 09:00", "2026-11-16 10:00"))  # 1:15 at 1 200
	assert flt(_invoices(retainer)[0].net_total) == 250 + 1250 + 1500
	with at("2026-12-01 08:00"):
		timebank.open_due_periods()
		assert timebank.balance(retainer.name, getdate("2026-12-01")) == 2 * H


def test_the_closed_past_keeps_its_terms(make, at):
	retainer, _ticket = make()
	with at("2026-12-03 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		retainer.reload()
		retainer.update({"hourly_rate": 1200, "terms_from": "2026-11-15"})
		with pytest.raises(frappe.ValidationError, match="closed until"):
			retainer.save()


def test_a_paused_retainer_gets_no_hours_until_it_goes_on(make, at):
	retainer, _ticket = make(fee_billing="In Advance", retainer_fee=9300)
	timebank.ensure_periods(retainer.name, getdate("2026-11-20"))
	retainer.reload()
	retainer.status = "Paused"
	retainer.save()
	with at("2026-12-10 08:00"):
		timebank.open_due_periods()
		assert timebank.balance(retainer.name, getdate("2026-12-10")) == 0
		retainer.reload()
		retainer.status = "Active"
		retainer.save()
	# 22 of December's 31 days: 10:00 x 22/31 = 25 548 s (25 548.4); 9 300 x 22/31 = 6 600
	assert timebank.balance(retainer.name, getdate("2026-12-10")) == 25548
	fees = timebank.entries_of(retainer=retainer.name, entry_type="Fee")
	assert [flt(entry.amount) for entry in fees] == [9300, 6600]


def test_ending_in_mid_period_cuts_hours_and_fee_by_days(make, at):
	retainer, ticket = make(fee_billing="In Advance", retainer_fee=9000)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	retainer.reload()
	retainer.end_date = "2026-11-24"
	retainer.save()
	# 24 of 30 days: 8:00 less 1:15, and 7 200
	assert timebank.balance(retainer.name, getdate("2026-11-20")) == 6.75 * H
	(fee,) = timebank.entries_of(retainer=retainer.name, entry_type="Fee")
	assert flt(fee.amount) == 7200
	with at("2026-11-25 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		assert [(each.status, each.balance) for each in _periods(retainer)] == [("Closed", 0)]


def test_a_period_after_the_end_is_taken_back_and_given_again(make, at):
	retainer, ticket = make()
	with at("2026-12-02 08:00"):
		timebank.open_due_periods()
		retainer.reload()
		retainer.end_date = "2026-11-30"
		retainer.save()
		assert [(each.status, each.balance) for each in _periods(retainer)] == [
			("Open", 10 * H),
			("Closed", 0),
		]
		retainer.end_date = None
		retainer.save()
		assert timebank.balance(retainer.name, getdate("2026-12-02")) == 10 * H
		book(ticket, ("2026-12-01 09:00", "2026-12-01 10:00"))
		retainer.end_date = "2026-11-30"
		with pytest.raises(frappe.ValidationError, match="Time is booked"):
			retainer.save()


# Every entry can tell its story.


def test_every_entry_has_a_derivation(make, at):
	retainer, ticket = make(hours_per_period=1)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	with at("2026-12-03 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		for name in frappe.get_all("Timebank Entry", {"retainer": retainer.name}, pluck="name"):
			assert billing.derivation_of(name)
	(overage,) = timebank.entries_of(retainer=retainer.name, entry_type="Overage", component="Work")
	text = billing.derivation_of(overage.name)
	for part in ("09:00–10:00", "4 × 15 min", "25 %", "from the time bank", "beyond the bank at"):
		assert part in text


def _balance(retainer) -> int:
	return int(sum(frappe.get_all("Timebank Entry", {"retainer": retainer.name}, pluck="seconds")))


def _period(retainer):
	return _periods(retainer)[-1]


def _periods(retainer):
	return frappe.get_all("Timebank Period", {"retainer": retainer.name}, ["*"], order_by="from_date")


def _charged(sheet) -> int:
	return sum(entry.charged for entry in timebank.entries_of(timesheet=sheet.name))


def _invoices(retainer):
	names = frappe.get_all(
		"Sales Invoice",
		{"retainer": retainer.name, "docstatus": ("<", 2)},
		pluck="name",
		order_by="creation",
	)
	return [frappe.get_doc("Sales Invoice", name) for name in names]


def _credit(invoice, qty=None):
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	credit = make_sales_return(invoice.name)
	if qty:
		credit.items[0].qty = qty
	credit.insert()
	credit.submit()
	return credit
