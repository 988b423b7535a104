"""Approvals: what waits is read and answered without JavaScript, once, and by the customer alone."""

import frappe
import pytest

from support_retainer import consent
from tests.factories import IssueFactory, RetainerFactory, book
from tests.visiting import customer_with_contact, person, visit

ANNA = "anna.approvals@example.com"
PATH = "/support/approvals"


@pytest.fixture
def shop():
	customer, _anna = customer_with_contact(ANNA)
	return RetainerFactory(customer=customer, overage_policy="Ask First")


def form_for(question, **more) -> dict:
	return {"kind": question.kind, "name": question.name, "fingerprint": question.fingerprint, **more}


def only(customer):
	(question,) = consent.waiting_for_answer(customer)
	return question


def test_an_estimate_is_read_and_approved(shop):
	ticket = IssueFactory(customer=shop.customer, subject="Ny kassa", expected_hours=6)
	estimate = consent.ask("Issue", ticket.name)
	home = visit(ANNA, "/support")
	assert "Needs your answer" in home.text and "Ny kassa" in home.text
	assert "Read and answer" in visit(ANNA, f"/support/tickets/{ticket.name}").text
	page = visit(ANNA, PATH)
	assert only(shop.customer).text.splitlines()[1] in page.text
	sent = visit(ANNA, PATH, form_for(only(shop.customer), action="approve", note="Kör"))
	assert sent.status == 303, sent.text
	assert frappe.db.get_value("Ticket Estimate", estimate.name, "status") == "Approved"
	answer = frappe.get_last_doc("Customer Answer", {"customer": shop.customer})
	assert (answer.user, answer.source, answer.note, answer.ip_address) == (
		ANNA,
		"Portal",
		"Kör",
		"127.0.0.1",
	)
	page = visit(ANNA, PATH)
	assert "Nothing waits for your answer." in page.text and "What was answered" in page.text


def test_part_of_a_sprint_is_approved(shop):
	first, second = (
		IssueFactory(customer=shop.customer, subject=subject, expected_hours=2) for subject in ("Ett", "Två")
	)
	sprint = frappe.get_doc(
		{
			"doctype": "Support Sprint",
			"title": "Novembersprint",
			"customer": shop.customer,
			"company": shop.company,
			"tickets": [
				{"ticket_type": "Issue", "ticket": each.name, "work": 7200} for each in (first, second)
			],
		}
	).insert()
	from support_retainer.consent.sprints import propose

	propose(sprint.name)
	page = visit(ANNA, PATH)
	assert page.html.count('name="parts"') == 2
	sent = visit(ANNA, PATH, form_for(only(shop.customer), action="approve", parts=[second.name]))
	assert sent.status == 303, sent.text
	sprint.reload()
	assert sprint.status == "Partly Approved"
	assert {row.ticket: row.answer for row in sprint.tickets} == {
		first.name: "Declined",
		second.name: "Approved",
	}


def test_held_time_is_approved(shop):
	ticket = IssueFactory(customer=shop.customer, subject="Stort")
	# 9 h and its 2:15 project management are 11:15; the bank has 10, so 1:15 is held
	book(ticket, ("2026-11-02 08:00", "2026-11-02 17:00"))
	question = only(shop.customer)
	assert question.kind == "Overage" and question.figures["overage"] == 4500
	sent = visit(ANNA, PATH, form_for(question, action="approve"))
	assert sent.status == 303, sent.text
	assert not consent.waiting_for_answer(shop.customer)
	live = frappe.get_all(
		"Timebank Entry",
		{"ticket": ticket.name, "is_reversed": 0, "overage": (">", 0)},
		pluck="billing_status",
	)
	assert set(live) <= {"To Bill", "Billed"}


def test_a_suggestion_is_declined(shop):
	ticket = IssueFactory(customer=shop.customer, subject="Byt server", origin="Agency", expected_hours=2)
	assert "our suggestion" in visit(ANNA, "/support/tickets").text
	assert visit(ANNA, PATH, form_for(only(shop.customer), action="decline")).status == 303
	assert frappe.db.get_value("Issue", ticket.name, "status") == "Closed"


def test_what_was_superseded_cannot_be_answered(shop):
	ticket = IssueFactory(customer=shop.customer, expected_hours=6)
	consent.ask("Issue", ticket.name)
	form = form_for(only(shop.customer), action="approve") | {"fingerprint": "another"}
	page = visit(ANNA, PATH, form)
	assert page.status == 417 and "Reload the page" in page.text
	assert not frappe.db.exists("Customer Answer", {"customer": shop.customer})


def test_strangers_and_staff_answer_nothing(shop):
	_customer, bertil = customer_with_contact("bertil.approvals@example.com")
	agent = person("agent.approvals@example.com", "Support Agent", "Sales User").name
	ticket = IssueFactory(customer=shop.customer, subject="Hemligt", expected_hours=6)
	consent.ask("Issue", ticket.name)
	form = form_for(only(shop.customer), action="approve")
	assert "Hemligt" not in visit(bertil, PATH).text
	assert visit(bertil, PATH, form).status == 403
	seen = visit(agent, f"{PATH}?customer={shop.customer}")
	assert "Hemligt" in seen.text and 'value="approve"' not in seen.html
	assert visit(agent, f"{PATH}?customer={shop.customer}", form).status == 403
	assert not frappe.db.exists("Customer Answer", {"customer": shop.customer})
