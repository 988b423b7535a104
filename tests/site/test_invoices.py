"""Invoices under hand edits, cancelling, credit notes, precisions and currencies. After each test everything is audited."""

from decimal import Decimal

import frappe
import pytest
from frappe.utils import flt

from support_retainer import billing, timebank
from tests.factories import CustomerFactory, IssueFactory, book
from tests.world import COMPANY

pytestmark = pytest.mark.usefixtures("audited", "now")


def test_a_hand_edit_is_said_and_kept_as_a_correction(without_bank):
	retainer, ticket = without_bank()
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))  # 1 000 + 250
	invoice = _invoice(retainer)
	invoice.items[0].rate = 900
	frappe.local.message_log = []
	invoice.save()
	assert any("edited by hand" in str(message) for message in frappe.local.message_log)
	invoice.submit()
	(correction,) = timebank.entries_of(retainer=retainer.name, entry_type="Correction")
	assert (flt(correction.amount), correction.sales_invoice) == (-100, invoice.name)


def test_a_hand_edit_that_is_overwritten_leaves_a_comment(without_bank):
	retainer, ticket = without_bank()
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	invoice = _invoice(retainer)
	invoice.items[0].rate = 900
	invoice.save()
	book(ticket, ("2026-11-04 09:00", "2026-11-04 10:00"))
	assert flt(_invoice(retainer).net_total) == 2500
	comments = frappe.get_all(
		"Comment", {"reference_name": invoice.name, "comment_type": "Comment"}, pluck="content"
	)
	assert any("written anew" in text for text in comments)


def test_a_cancelled_invoice_is_to_be_billed_again(without_bank):
	retainer, ticket = without_bank()
	sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	invoice = _invoice(retainer)
	invoice.items[0].rate = 900
	invoice.save()
	invoice.submit()
	invoice.cancel()
	billing.invoice_due()
	again = _invoice(retainer)
	assert again.name != invoice.name
	assert flt(again.net_total) == 1250
	sheet.reload()
	assert sheet.time_logs[0].sales_invoice is None
	again.submit()
	sheet.reload()
	assert (sheet.status, flt(sheet.per_billed)) == ("Billed", 100)


def test_a_deleted_draft_comes_again(without_bank):
	retainer, ticket = without_bank()
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	frappe.delete_doc("Sales Invoice", _invoice(retainer).name)
	billing.invoice_due()
	assert flt(_invoice(retainer).net_total) == 1250


def test_a_credit_note_is_in_the_ledger(without_bank):
	retainer, ticket = without_bank()
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	invoice = _invoice(retainer)
	invoice.submit()
	note = _credit(invoice)
	credited = timebank.entries_of(sales_invoice=note.name)
	assert sorted(flt(entry.amount) for entry in credited) == [-1000, -250]
	note.reload()
	note.cancel()
	assert not timebank.entries_of(sales_invoice=note.name)


def test_a_partial_credit_note_credits_a_part(without_bank):
	retainer, ticket = without_bank()
	book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))  # 2 000 + 500
	invoice = _invoice(retainer)
	invoice.submit()
	note = _credit(invoice, keep=1, qty=-0.5)
	(entry,) = timebank.entries_of(sales_invoice=note.name)
	assert flt(entry.amount) == -500
	# what is credited is not billed again
	billing.invoice_due()
	assert len(frappe.get_all("Sales Invoice", {"retainer": retainer.name, "is_return": 0})) == 1


def test_no_charged_row_is_billed_twice(without_bank):
	from erpnext.projects.doctype.timesheet.timesheet import make_sales_invoice

	_retainer, ticket = without_bank()
	sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	target = make_sales_invoice(sheet.name, "SUPPORT-HOUR", ticket.customer)
	target.update({"company": COMPANY})
	with pytest.raises(frappe.ValidationError, match="billed by retainer"):
		target.insert()


@pytest.mark.parametrize("float_precision", ["2", "3", "6"])
@pytest.mark.parametrize("currency_precision", ["0", "2", "3"])
def test_lines_add_up_to_the_ledger_whatever_the_precision(without_bank, float_precision, currency_precision):
	frappe.db.set_default("float_precision", float_precision)
	frappe.db.set_default("currency_precision", currency_precision)
	frappe.clear_cache()
	retainer, ticket = without_bank(hourly_rate=997, project_management_percent=17.5)
	with_urgent = IssueFactory(customer=retainer.customer, priority="Urgent")
	book(ticket, ("2026-11-03 09:00", "2026-11-03 09:50"), ("2026-11-03 11:00", "2026-11-03 11:07"))
	book(with_urgent, ("2026-11-05 16:50", "2026-11-05 17:20"))
	invoice = _invoice(retainer)
	invoice.submit()
	entries = timebank.entries_of(sales_invoice=invoice.name)
	ledger = sum(Decimal(str(entry.amount)) for entry in entries)
	assert sum(Decimal(str(row.amount)) for row in invoice.items) == ledger
	assert Decimal(str(invoice.net_total)) == ledger


def test_a_customer_in_euro_of_a_company_in_kronor(without_bank, at):
	with at("2026-10-01 08:00"):
		frappe.get_doc(
			{
				"doctype": "Currency Exchange",
				"date": "2026-10-01",
				"from_currency": "EUR",
				"to_currency": "SEK",
				"exchange_rate": 11.5,
				"for_buying": 1,
				"for_selling": 1,
			}
		).insert()
		frappe.db.set_value("Currency", "EUR", "enabled", 1)
		account = frappe.get_doc(
			{
				"doctype": "Account",
				"account_name": "Kundfordringar EUR (prov)",
				"parent_account": frappe.db.get_value(
					"Account", {"company": COMPANY, "account_type": "Receivable"}, "parent_account"
				),
				"company": COMPANY,
				"account_type": "Receivable",
				"account_currency": "EUR",
			}
		).insert()
		customer = CustomerFactory(
			default_currency="EUR", accounts=[{"company": COMPANY, "account": account.name}]
		)
	retainer, ticket = without_bank(customer=customer.name, currency="EUR", hourly_rate=96)
	sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	invoice = _invoice(retainer)
	# 96 + 24 EUR; at 11.5 1 380 SEK
	assert (invoice.currency, flt(invoice.net_total), flt(invoice.base_net_total)) == ("EUR", 120, 1380)
	assert flt(sheet.time_logs[0].billing_amount, 2) == flt(120 * (1 if sheet.currency == "EUR" else 11.5), 2)
	invoice.submit()


def _invoice(retainer):
	(name,) = frappe.get_all(
		"Sales Invoice", {"retainer": retainer.name, "docstatus": ("<", 2), "is_return": 0}, pluck="name"
	)
	return frappe.get_doc("Sales Invoice", name)


def _credit(invoice, keep=None, qty=None):
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	note = make_sales_return(invoice.name)
	if keep:
		note.items = note.items[:keep]
		note.items[0].qty = qty
	note.insert()
	note.submit()
	return note
