"""Time that is not charged: given with a reason, kept in the ledger, and put back or charged again by a manager."""

import frappe
import pytest
from frappe.utils import flt

from support_retainer import billing
from support_retainer.words import money
from tests.factories import EmployeeFactory, IssueFactory, RetainerFactory, book, timesheet

pytestmark = pytest.mark.usefixtures("now")

H = 3600
TUESDAY = ("2026-11-03 09:00", "2026-11-03 10:00")


def test_a_row_with_a_reason_draws_nothing_and_says_what_it_is_worth(retainer, ticket):
	sheet = given(ticket, TUESDAY)
	row = sheet.time_logs[0]
	# 1:00 at 1 000 is 1 000, and 0:15 of project management is 250: worth 1 250
	assert row.timebank_note == f"not charged: given 1:00, worth {money(1250, 'SEK')} (Goodwill)"
	sheet.submit()
	[entry] = entries(timesheet=sheet.name)
	assert (entry.entry_type, entry.worked, entry.charged, entry.drawn, entry.amount) == (
		"Not Charged",
		H,
		0,
		0,
		0,
	)
	assert (entry.would_charged, entry.would_amount) == (H, 1250)
	assert (entry.not_charged_because, entry.is_internal) == ("Goodwill", 0)
	assert balance(retainer) == 10 * H
	sheet.reload()
	assert (sheet.time_logs[0].is_billable, sheet.total_billable_hours) == (0, 0)
	assert not frappe.db.exists("Sales Invoice", {"retainer": retainer.name})
	assert billing.audit(retainer.name) == []


def test_unticking_is_billable_asks_for_the_reason(retainer, ticket):
	sheet = book(ticket, TUESDAY, submit=False)
	assert sheet.time_logs[0].is_billable == 1
	sheet.time_logs[0].is_billable = 0
	with pytest.raises(frappe.ValidationError, match="Not Charged Because"):
		sheet.save()
	sheet.time_logs[0].not_charged_because = "Our Mistake"
	sheet.save()
	assert sheet.time_logs[0].is_billable == 0
	sheet.submit()
	assert balance(retainer) == 10 * H


def test_ticking_it_again_or_emptying_the_reason_charges_the_row(retainer, ticket):
	sheet = given(ticket, TUESDAY)
	sheet.time_logs[0].is_billable = 1
	sheet.save()
	assert not sheet.time_logs[0].not_charged_because
	sheet.time_logs[0].not_charged_because = "Goodwill"
	sheet.save()
	assert sheet.time_logs[0].is_billable == 0
	sheet.time_logs[0].not_charged_because = None
	sheet.save()
	assert sheet.time_logs[0].is_billable == 1
	sheet.submit()
	assert balance(retainer) == 10 * H - 4500


def test_a_draft_from_before_is_charged_as_it_was(retainer, ticket):
	"""ERPNext's rows begin without the tick: nobody has said anything by it."""
	sheet = book(ticket, TUESDAY, submit=False)
	frappe.db.set_value("Timesheet Detail", sheet.time_logs[0].name, "is_billable", 0)
	sheet = frappe.get_doc("Timesheet", sheet.name)
	sheet.submit()
	assert balance(retainer) == 10 * H - 4500


def test_a_disabled_reason_is_refused(ticket):
	frappe.db.set_value("Not Charged Reason", "Goodwill", "disabled", 1)
	with pytest.raises(frappe.ValidationError, match="disabled"):
		given(ticket, TUESDAY)


def test_a_row_not_charged_is_out_of_its_pool(at, retainer):
	with at("2026-11-01 09:00"):
		pooled = RetainerFactory(rounding_scope="Ticket and Day")
	with at("2026-11-02 08:00"):
		ticket = IssueFactory(customer=pooled.customer)
	who = EmployeeFactory().name
	first = book(ticket, ("2026-11-03 09:00", "2026-11-03 09:05"), employee=who)
	second = book(ticket, ("2026-11-03 10:00", "2026-11-03 10:05"), employee=who)
	# both fit in one quarter: 0:15 + 0:03:45
	assert balance(pooled) == 10 * H - 1125
	billing.not_charge([first.time_logs[0].name], "Our Mistake")
	# the second now starts the quarter itself
	assert balance(pooled) == 10 * H - 1125
	billing.not_charge([second.time_logs[0].name], "Our Mistake")
	assert balance(pooled) == 10 * H
	billing.charge_after_all([first.time_logs[0].name], "Fel person")
	assert balance(pooled) == 10 * H - 1125
	assert billing.audit(pooled.name) == []


def test_a_manager_gives_submitted_time_back_into_the_bank_and_takes_it_again(retainer, ticket):
	sheet = book(ticket, TUESDAY)
	assert balance(retainer) == 10 * H - 4500
	row = sheet.time_logs[0].name
	billing.not_charge([row], "Goodwill", "Vi var sena")
	assert balance(retainer) == 10 * H
	[entry] = live(sheet)
	assert (entry.entry_type, entry.worked, entry.would_amount, entry.not_charged_note) == (
		"Not Charged",
		H,
		1250,
		"Vi var sena",
	)
	assert "not charged" in frappe.db.get_value("Timesheet Detail", row, "timebank_note")
	with pytest.raises(frappe.ValidationError, match="already"):
		billing.not_charge([row], "Goodwill")
	billing.charge_after_all([row], "Avtalat ändå")
	assert balance(retainer) == 10 * H - 4500
	assert {entry.entry_type for entry in live(sheet)} == {"Draw"}
	with pytest.raises(frappe.ValidationError, match="already"):
		billing.charge_after_all([row], "igen")
	assert billing.audit(retainer.name) == []


def test_time_beyond_the_bank_is_taken_off_the_draft(at, retainer, ticket):
	first = book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))  # 9:00 + 2:15: 1 250 beyond the bank
	second = book(ticket, ("2026-11-04 08:00", "2026-11-04 09:00"))  # 1 250
	assert flt(invoice(retainer).net_total) == 2500
	billing.not_charge([second.time_logs[0].name], "Our Mistake")
	assert flt(invoice(retainer).net_total) == 1250
	second.reload()
	assert (second.time_logs[0].is_billable, second.total_billable_amount) == (0, 0)
	billing.not_charge([first.time_logs[0].name], "Our Mistake")
	assert not frappe.db.exists("Sales Invoice", {"retainer": retainer.name})
	assert balance(retainer) == 10 * H
	billing.charge_after_all([first.time_logs[0].name], "Nej")
	assert flt(invoice(retainer).net_total) == 1250
	assert billing.audit(retainer.name) == []


def test_held_and_owed_time_can_be_given(at):
	for policy in ("Ask First", "Draw From Next Period"):
		with at("2026-11-01 09:00"):
			retainer = RetainerFactory(overage_policy=policy, hours_per_period=1)
		with at("2026-11-02 08:00"):
			ticket = IssueFactory(customer=retainer.customer)
		sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))
		assert {"Held", "Owed"} & {entry.billing_status for entry in live(sheet)}
		billing.not_charge([sheet.time_logs[0].name], "Goodwill")
		assert balance(retainer) == H
		assert {entry.billing_status or "" for entry in live(sheet)} == {""}
		assert billing.audit(retainer.name) == []


def test_an_urgent_hour_is_worth_its_surcharge(at, retainer):
	with at("2026-11-03 08:30"):
		urgent = IssueFactory(customer=retainer.customer, priority="Urgent")
	sheet = given(urgent, TUESDAY)
	sheet.submit()
	# 1 000 + 250 + 75 % of 1 000
	assert entries(timesheet=sheet.name)[0].would_amount == 2000


def test_cancelling_and_amending_keeps_what_was_given(retainer, ticket):
	sheet = given(ticket, TUESDAY)
	sheet.submit()
	sheet.cancel()
	assert not live(sheet)
	amended = frappe.copy_doc(sheet)
	amended.amended_from, amended.docstatus = sheet.name, 0
	amended.insert()
	assert amended.time_logs[0].not_charged_because == "Goodwill"
	amended.submit()
	assert balance(retainer) == 10 * H
	assert billing.audit(retainer.name) == []


def test_the_tick_cannot_be_changed_by_hand_on_a_submitted_timesheet(ticket):
	sheet = book(ticket, ("2026-11-03 08:00", "2026-11-03 19:00"))
	sheet.reload()
	sheet.time_logs[0].is_billable = 0
	with pytest.raises(frappe.ValidationError, match="Not Charged"):
		sheet.save()


def test_erpnext_does_not_warn_of_billing_hours(retainer, ticket):
	"""1:00 beyond the bank is charged 1:15 with project management; ERPNext warns of billing hours above the hours worked."""
	book(ticket, ("2026-11-03 08:00", "2026-11-03 17:00"))
	frappe.clear_messages()
	sheet = book(ticket, ("2026-11-04 08:00", "2026-11-04 09:00"))
	assert sheet.time_logs[0].billing_hours == 1.25
	doc = invoice(retainer)
	doc.submit()
	doc.cancel()
	sheet.reload()
	sheet.cancel()
	amended = frappe.copy_doc(sheet)
	amended.amended_from, amended.docstatus = sheet.name, 0
	amended.insert()
	amended.save()
	assert not [each for each in frappe.local.message_log if "Billing Hours" in str(each)]


def test_what_is_invoiced_is_credited_first_and_then_the_banks_part_is_given(at):
	"""1:00 in the bank. 2:00 + 0:30: the bank gives 0:48 and 0:12; 1:12 and 0:18 are invoiced, 1 500."""
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	with at("2026-11-01 09:00"):
		retainer = RetainerFactory(hours_per_period=1)
	with at("2026-11-02 08:00"):
		ticket = IssueFactory(customer=retainer.customer)
	sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))
	row = sheet.time_logs[0].name
	doc = invoice(retainer)
	doc.submit()
	with pytest.raises(frappe.ValidationError, match=doc.name):
		billing.not_charge([row], "Our Mistake")
	note = make_sales_return(doc.name)
	note.insert()
	note.submit()
	billing.not_charge([row], "Our Mistake")
	assert balance(retainer) == H
	[entry] = [each for each in live(sheet) if each.entry_type == "Not Charged"]
	# 0:48 of the work; 2 500 less the 1 500 that were credited
	assert (entry.worked, entry.would_charged, entry.would_amount) == (2880, 2880, 1000)
	assert billing.audit(retainer.name) == []
	with pytest.raises(frappe.ValidationError, match="credited"):
		billing.charge_after_all([row], "Nej")


def given(ticket, *spans, because="Goodwill"):
	sheet = timesheet([(ticket, *span) for span in spans], submit=False)
	for row in sheet.time_logs:
		row.not_charged_because = because
	return sheet.save()


def entries(**filters):
	return frappe.get_all("Timebank Entry", filters=filters, fields=["*"], order_by="creation, line_no")


def live(sheet):
	return entries(timesheet=sheet.name, is_reversed=0)


def balance(retainer):
	return sum(entry.seconds for entry in entries(retainer=retainer.name))


def invoice(retainer):
	return frappe.get_last_doc("Sales Invoice", {"retainer": retainer.name})
