"""The patch that stamps invoice lines made before lines said what they are; and that the stamps go when the app does."""

import json

import frappe
import pytest
from frappe.utils import flt

from support_retainer import billing, timebank
from support_retainer.patches import stamp_invoice_lines
from tests.factories import IssueFactory, RetainerFactory, book
from tests.site.test_bookkeeper_moves import amended, credit, draft_of

pytestmark = pytest.mark.usefixtures("now")

STAMPS = ("timebank_kind", "timebank_entries")


@pytest.fixture
def make(at):
	def made(**terms):
		with at("2026-11-01 08:00"):
			retainer = RetainerFactory(**terms)
			return retainer, IssueFactory(customer=retainer.customer)

	return made


def stamps_of(*invoices):
	return {
		row.name: (row.timebank_kind, sorted(json.loads(row.timebank_entries or "[]")))
		for row in frappe.get_all(
			"Sales Invoice Item", {"parent": ("in", [doc.name for doc in invoices])}, ["name", *STAMPS]
		)
	}


def forget(*invoices):
	"""Bring lines back to what they were on main before stamps: only the time bank's own lines were marked."""
	for doc in invoices:
		for row in frappe.get_all("Sales Invoice Item", {"parent": doc.name}, ["name", "timebank_kind"]):
			values = dict.fromkeys(STAMPS)
			if row.timebank_kind == "Top-up" or doc.is_return:
				values["timebank_line"] = 0
			frappe.db.set_value("Sales Invoice Item", row.name, values)


def test_every_kind_is_stamped_again_as_it_was(make, at):
	# 1 h bank; urgent 10:00-12:00: 2:00 at +75 %, and 0:30 of project management; fee 9 000, by post
	terms = {"hours_per_period": 1, "fee_billing": "In Advance", "retainer_fee": 9000}
	retainer, _ticket = make(**terms, invoice_delivery="Post")
	urgent = IssueFactory(customer=retainer.customer, priority="Urgent")
	book(urgent, ("2026-11-03 10:00", "2026-11-03 12:00"))
	submitted = draft_of(retainer)
	submitted.submit()
	note = credit(submitted)
	book(urgent, ("2026-11-04 10:00", "2026-11-04 11:00"))
	draft = draft_of(retainer)
	sold = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 10, sold=True))
	sold.submit()
	unsold = frappe.get_doc("Sales Invoice", billing.top_up(retainer.name, 5, sold=True))
	docs = (submitted, note, draft, sold, unsold)
	before = stamps_of(*docs)
	kinds = {kind for kind, _entries in before.values()}
	assert kinds == {"Fee", "Support", "Project Management", "Surcharge", "Top-up", "Postal Fee"}
	forget(*docs)
	for _time in range(2):
		stamp_invoice_lines.execute()
		assert stamps_of(*docs) == before
	assert [str(finding) for finding in billing.audit()] == []


def test_an_invoice_cancelled_before_is_amended_after(make):
	retainer, ticket = make(mode="Without Timebank", hours_per_period=0)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	invoice = draft_of(retainer)
	invoice.submit()
	invoice.cancel()
	billing.invoice_due()
	forget(invoice, draft_of(retainer))
	stamp_invoice_lines.execute()
	copy = amended(frappe.get_doc("Sales Invoice", invoice.name)).insert()
	copy.submit()
	billing.invoice_due()
	(name,) = frappe.get_all(
		"Sales Invoice", {"retainer": retainer.name, "docstatus": ("<", 2)}, pluck="name"
	)
	assert (name, flt(copy.net_total)) == (copy.name, 1250)
	assert [str(finding) for finding in billing.audit()] == []
	assert not timebank.entries_of(retainer=retainer.name, entry_type="Correction")


def test_kinds_are_told_by_text_and_amount_where_they_share_an_item(make):
	settings = frappe.get_doc("Retainer Settings")
	settings.project_management_item = settings.support_item
	settings.save()
	retainer, ticket = make(mode="Without Timebank", hours_per_period=0)
	book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	draft = draft_of(retainer)
	before = stamps_of(draft)
	assert {kind for kind, _entries in before.values()} == {"Support", "Project Management"}
	forget(draft)
	stamp_invoice_lines.execute()
	assert stamps_of(draft) == before
