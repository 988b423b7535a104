"""Work is never held up by an invoice: what ERPNext refuses waits, says why, and comes by itself when it can."""

from datetime import date

import frappe
import pytest
from frappe.utils import flt

from support_retainer import billing, timebank
from support_retainer.report.unbilled_and_held import unbilled_and_held
from tests.factories import book, timesheet

pytestmark = pytest.mark.usefixtures("audited", "now")

DAY = ("2026-11-03 09:00", "2026-11-03 10:00")


@pytest.fixture
def manager():
	values = {"email": "chef@example.com", "first_name": "Chefen", "send_welcome_email": 0}
	user = frappe.get_doc({"doctype": "User", **values, "roles": [{"role": "Retainer Manager"}]}).insert()
	return user.name


def disable(customer, value=1):
	frappe.db.set_value("Customer", customer, "disabled", value)
	frappe.clear_document_cache("Customer", customer)


def invoices(retainer, **filters):
	filters = {"retainer": retainer.name, "docstatus": ("<", 2), **filters}
	return frappe.get_all("Sales Invoice", filters, ["name", "docstatus", "net_total"])


def waits_for(retainer):
	rows = unbilled_and_held.execute({})[1]
	return {row["waits_for"] for row in rows if row.get("retainer") == retainer.name}


def told(user):
	return frappe.get_all("Notification Log", {"for_user": user}, pluck="subject")


def test_one_weeks_sheet_with_a_disabled_customer_and_two_others(without_bank, manager):
	# 1 h each. One retainer is beyond its bank of 0:30 (0:30 + 0:15 over at 1 000 = 750), one without a bank (1 250), one covered
	beyond, ticket = without_bank(mode="With Timebank", hours_per_period=0.5)
	without, other = without_bank()
	covered, third = without_bank(mode="With Timebank", hours_per_period=10)
	disable(beyond.customer)
	frappe.local.message_log = []
	sheet = timesheet(
		[
			(ticket, *DAY),
			(other, "2026-11-03 10:00", "2026-11-03 11:00"),
			(third, "2026-11-03 11:00", "2026-11-03 12:00"),
		]
	)
	assert sheet.docstatus == 1
	assert timebank.balance(beyond.name, date(2026, 11, 20)) == 0
	assert timebank.balance(covered.name, date(2026, 11, 20)) == 9 * 3600 - 900
	amounts = sum(flt(entry.amount) for entry in timebank.entries_of(retainer=beyond.name))
	assert amounts == 750
	assert [flt(row.net_total) for row in invoices(without)] == [1250]
	assert invoices(beyond) == []
	(why,) = waits_for(beyond)
	assert "is disabled" in why
	billing.invoice_due()
	billing.invoice_due()
	assert len(told(manager)) == 1
	assert "is disabled" in told(manager)[0]
	assert not frappe.get_all("Error Log", {"method": ("like", "%invoic%")})
	disable(beyond.customer, 0)
	billing.invoice_due()
	assert [flt(row.net_total) for row in invoices(beyond)] == [750]
	assert waits_for(beyond) == {"Its draft to be submitted"}


def test_a_frozen_customer_waits_whoever_asks(without_bank):
	retainer, ticket = without_bank()
	frappe.db.set_value("Customer", retainer.customer, "is_frozen", 1)
	book(ticket, DAY)
	billing.invoice_due()
	assert invoices(retainer) == []
	(why,) = waits_for(retainer)
	assert "is frozen" in why


def test_a_setting_that_is_missing_is_said(without_bank):
	retainer, ticket = without_bank()
	frappe.db.set_single_value("Retainer Settings", "support_item", None)
	book(ticket, DAY)
	assert invoices(retainer) == []
	(why,) = waits_for(retainer)
	assert "Support" in why


def test_a_mandatory_field_is_said_by_its_name(without_bank):
	values = {"doc_type": "Sales Invoice", "doctype_or_field": "DocField", "field_name": "po_no"}
	values |= {"property": "reqd", "property_type": "Check", "value": "1"}
	setter = frappe.get_doc({"doctype": "Property Setter", **values}).insert()
	frappe.clear_cache(doctype="Sales Invoice")
	try:
		retainer, ticket = without_bank()
		book(ticket, DAY)
		assert invoices(retainer) == []
		(why,) = waits_for(retainer)
		assert "Purchase Order" in why
	finally:
		setter.delete()
		frappe.clear_cache(doctype="Sales Invoice")


def test_an_error_that_nobody_foresaw_holds_up_nothing(without_bank, monkeypatch):
	retainer, ticket = without_bank()

	def broken(*args, **kwargs):
		raise KeyError("another app")

	monkeypatch.setattr("support_retainer.billing.draft.lines", broken)
	book(ticket, DAY)
	assert invoices(retainer) == []
	(why,) = waits_for(retainer)
	assert "another app" in why
	monkeypatch.undo()
	billing.invoice_due()
	assert [flt(row.net_total) for row in invoices(retainer)] == [1250]


def test_messages_of_a_refused_draft_are_taken_back(without_bank):
	retainer, ticket = without_bank()
	disable(retainer.customer)
	frappe.local.message_log = []
	frappe.msgprint("Sagt innan")
	book(ticket, DAY)
	texts = [frappe.parse_json(message)["message"] for message in frappe.local.message_log]
	assert texts[0] == "Sagt innan"
	(text,) = [text for text in texts if "is disabled" in text]
	assert "waits" in text


def test_a_draft_that_cannot_be_submitted_stays_and_says_why(without_bank, monkeypatch):
	retainer, ticket = without_bank(submit_invoices=1)
	frappe.db.set_single_value("Selling Settings", "so_required", "No")
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import SalesInvoice

	def refuse(self):
		frappe.throw("Credit limit has been crossed")

	monkeypatch.setattr(SalesInvoice, "before_submit", refuse, raising=False)
	book(ticket, DAY)
	assert [(row.docstatus, flt(row.net_total)) for row in invoices(retainer)] == [(0, 1250)]
	(why,) = waits_for(retainer)
	assert "Credit limit" in why
	monkeypatch.undo()
	billing.invoice_due()
	assert [(row.docstatus, flt(row.net_total)) for row in invoices(retainer)] == [(1, 1250)]


def test_at_a_close_likewise(without_bank, at):
	retainer, ticket = without_bank(invoice_cadence="Per Period")
	book(ticket, DAY)
	disable(retainer.customer)
	with at("2026-12-10 12:00"):
		assert len(billing.close_retainer(retainer.name, after_days=0)) == 1
		assert invoices(retainer) == []
		assert "is disabled" in next(iter(waits_for(retainer)))
		disable(retainer.customer, 0)
		billing.invoice_due()
	assert [flt(row.net_total) for row in invoices(retainer)] == [1250]


def test_time_is_cancelled_while_its_draft_waits(without_bank):
	retainer, ticket = without_bank()
	disable(retainer.customer)
	sheet = book(ticket, DAY)
	sheet.reload()
	sheet.cancel()
	assert waits_for(retainer) == set()
	billing.invoice_due()
	assert not frappe.get_all("Background Problem", {"key": ("like", "invoice:%"), "status": "Waiting"})


def test_an_hour_held_is_approved_though_its_draft_is_refused(without_bank):
	retainer, ticket = without_bank(mode="With Timebank", hours_per_period=0.5, overage_policy="Ask First")
	book(ticket, DAY)
	disable(retainer.customer)
	billing.approve([entry.name for entry in billing.held_entries(retainer.name)], "Ja tack")
	assert billing.held_entries(retainer.name) == []
	assert "is disabled" in next(iter(waits_for(retainer)))


def test_a_fee_waits_likewise(without_bank):
	retainer, _ticket = without_bank(
		mode="With Timebank", hours_per_period=10, fee_billing="In Advance", retainer_fee=9000
	)
	disable(retainer.customer)
	billing.invoice_due()
	assert "is disabled" in next(iter(waits_for(retainer)))
	disable(retainer.customer, 0)
	billing.invoice_due()
	assert [flt(row.net_total) for row in invoices(retainer)] == [9000]
