"""What was done keeps its price: work is priced by what the ticket was when the work was done."""

import json

import frappe
import pytest
from frappe.utils import flt

from support_retainer import billing
from support_retainer.patches import urgency_history
from tests.factories import IssueFactory, RetainerFactory, book, urgent_issue

pytestmark = pytest.mark.usefixtures("now")

MONDAY = ("2026-11-02 10:00", "2026-11-02 11:00")
FROM = frappe.utils.get_datetime("2026-11-02 00:00")


@pytest.fixture
def ticket(at, retainer):
	with at("2026-11-02 09:30"):
		return urgent_issue(customer=retainer.customer)


def test_a_priority_lowered_later_leaves_the_surcharge(at, retainer, ticket):
	sheet = book(ticket, MONDAY, submit=False)
	with at("2026-11-03 09:00"):
		become(ticket, "Medium")
	sheet = frappe.get_doc("Timesheet", sheet.name)
	sheet.submit()
	# 1:00 at 1 000, +75 %
	assert surcharges(retainer) == 750
	later = book(ticket, ("2026-11-03 10:00", "2026-11-03 11:00"))
	assert surcharges(retainer) == 750
	assert later.time_logs[0].timebank_note and billing.audit(retainer.name) == []


def test_a_priority_raised_later_leaves_what_was_done_before(at, retainer):
	with at("2026-11-02 08:00"):
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-02 10:30"):
		become(ticket, "Urgent")
	# 10:00 and 10:15 began as Normal, 10:30 and 10:45 as Urgent: 0:30 at +75 % of 1 000
	book(ticket, MONDAY)
	assert surcharges(retainer) == 375


def test_is_urgent_of_a_priority_that_is_changed_later(at, retainer, ticket):
	frappe.db.set_value("Issue Priority", "Urgent", "is_urgent", 0)
	frappe.clear_document_cache("Issue Priority", "Urgent")
	book(ticket, MONDAY)
	assert surcharges(retainer) == 750


def test_nobody_rewrites_what_a_ticket_was(ticket):
	ticket.reload()
	ticket.ticket_urgencies = []
	ticket.subject = "Annat"
	ticket.save()
	ticket.reload()
	assert [row.urgency for row in ticket.ticket_urgencies] == ["Urgent"]


def test_a_manager_prices_a_mistaken_urgency_anew(at, retainer, ticket):
	sheet = book(ticket, MONDAY)
	book(ticket, ("2026-11-04 10:00", "2026-11-04 11:00"))
	assert surcharges(retainer) == 1500
	upto = frappe.utils.get_datetime("2026-11-03 00:00")
	assert billing.api.reprice("Issue", ticket.name, "Normal", FROM, "Fel prioritet", upto) == {"rows": 1}
	assert surcharges(retainer) == 750
	entries = live(sheet)
	assert all("Fel prioritet" in entry.reason and "Normal" in entry.reason for entry in entries)
	assert "Fel prioritet" in str(
		frappe.get_all("Comment", {"reference_name": ticket.name, "comment_type": "Info"}, pluck="content")
	)
	# and back
	assert billing.api.reprice("Issue", ticket.name, "Urgent", FROM, "Det var akut") == {"rows": 2}
	assert surcharges(retainer) == 1500
	assert billing.audit(retainer.name) == []


def test_a_draft_follows_the_manager(retainer, ticket):
	sheet = book(ticket, MONDAY, submit=False)
	billing.api.reprice("Issue", ticket.name, "Normal", FROM, "Fel prioritet")
	frappe.get_doc("Timesheet", sheet.name).submit()
	assert surcharges(retainer) == 0


def test_what_is_invoiced_is_not_priced_anew(retainer, ticket):
	book(ticket, MONDAY)
	invoice = frappe.get_last_doc("Sales Invoice", {"retainer": retainer.name})
	invoice.submit()
	with pytest.raises(frappe.ValidationError, match=invoice.name):
		billing.api.reprice("Issue", ticket.name, "Normal", FROM, "Fel prioritet")
	invoice.cancel()
	billing.api.reprice("Issue", ticket.name, "Normal", FROM, "Fel prioritet")
	assert surcharges(retainer) == 0
	assert billing.audit(retainer.name) == []


def test_pooled_work_is_priced_anew_together(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(rounding_scope="Ticket and Day")
	with at("2026-11-02 09:00"):
		ticket = urgent_issue(customer=retainer.customer)
	book(ticket, ("2026-11-02 10:00", "2026-11-02 10:05"))
	book(ticket, ("2026-11-02 11:00", "2026-11-02 11:05"))
	# one quarter of both: 250 at +75 %
	assert surcharges(retainer) == 187.5
	billing.api.reprice("Issue", ticket.name, "Normal", FROM, "Fel")
	assert surcharges(retainer) == 0
	drawn = frappe.get_all("Timebank Entry", {"retainer": retainer.name, "is_reversed": 0}, ["charged"])
	assert sum(row.charged for row in drawn) == 900
	assert billing.audit(retainer.name) == []


def test_tickets_from_before_learn_their_history(ticket):
	frappe.db.delete("Ticket Urgency", {"parent": ticket.name})
	version = frappe.get_doc(
		{
			"doctype": "Version",
			"ref_doctype": "Issue",
			"docname": ticket.name,
			"data": json.dumps({"changed": [["priority", "Urgent", "Medium"]]}),
		}
	).insert()
	frappe.db.set_value("Version", version.name, "creation", "2026-11-03 09:00:00", update_modified=False)
	frappe.db.set_value("Issue", ticket.name, "priority", "Medium")
	urgency_history.execute()
	urgency_history.execute()
	rows = frappe.get_all(
		"Ticket Urgency", {"parent": ticket.name}, ["since", "urgency"], order_by="idx", as_list=True
	)
	assert [(str(since), what) for since, what in rows] == [
		("2026-11-02 09:30:00", "Urgent"),
		("2026-11-03 09:00:00", "Normal"),
	]


def become(ticket, priority):
	ticket.reload()
	ticket.priority = priority
	ticket.save()


def surcharges(retainer) -> float:
	rows = frappe.get_all(
		"Timebank Entry", {"retainer": retainer.name, "entry_type": "Surcharge", "is_reversed": 0}, ["amount"]
	)
	return sum(flt(row.amount) for row in rows)


def live(sheet):
	return frappe.get_all("Timebank Entry", {"timesheet": sheet.name, "is_reversed": 0}, ["*"])
