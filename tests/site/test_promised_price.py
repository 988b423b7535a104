"""An approved price is a promise in money: past it a new word is needed, as for hours.

Terms: 10 h a month at 1 000 SEK/h, project management 25 %. An estimate of 5 h is 5 000 + 1 250 = 6 250.
"""

import frappe
import pytest

from support_retainer import consent
from support_retainer.desk import api
from support_retainer.words import money
from tests.factories import EmployeeFactory, IssueFactory, RetainerFactory, book, sprint_of, timesheet

HOUR = 3600
FIVE = ("2026-11-03 09:00", "2026-11-03 14:00")


@pytest.fixture
def retainer(at):
	with at("2026-11-02 08:00"):
		return RetainerFactory()


@pytest.fixture
def ticket(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		estimate = consent.ask("Issue", ticket.name, work=5 * HOUR)
		assert estimate.price == 6250
		consent.answer("Estimate", estimate.name, True, reason="Anna sade det i telefon")
		return ticket


def test_five_hours_at_the_price_that_was_approved(at, ticket):
	with at("2026-11-03 18:00"):
		book(ticket, FIVE)
		assert state(ticket) == "Approved"


def test_a_higher_rate_from_the_next_day_needs_a_new_word(at, retainer, ticket):
	with at("2026-11-02 12:00"):
		retainer.reload()
		retainer.update({"hourly_rate": 1200, "terms_from": "2026-11-03"})
		retainer.save()
	with at("2026-11-03 18:00"):
		frappe.clear_messages()
		sheet = book(ticket, FIVE, submit=False)
		# 5 × 1 200 + 25 % = 7 500
		said = messages()
		assert money(7500, "SEK") in said and money(6250, "SEK") in said
		assert state(ticket) == "Exceeded"
		with pytest.raises(frappe.ValidationError, match="approved in"):
			sheet.submit()
		consent.go_on("Issue", ticket.name, "Anna vill att vi fortsätter")
		frappe.get_doc("Timesheet", sheet.name).submit()


def test_a_new_word_in_money_is_enough(at, retainer, ticket):
	with at("2026-11-02 12:00"):
		retainer.reload()
		retainer.update({"hourly_rate": 1200, "terms_from": "2026-11-03"})
		retainer.save()
	with at("2026-11-03 18:00"):
		sheet = book(ticket, FIVE, submit=False)
		estimate = consent.ask("Issue", ticket.name, work=5 * HOUR)
		assert estimate.price == 7500
		consent.answer("Estimate", estimate.name, True, reason="Ja")
		frappe.get_doc("Timesheet", sheet.name).submit()


def test_urgency_counts_and_an_ore_over_is_over(at, ticket):
	with at("2026-11-03 10:00"):
		ticket.reload()
		ticket.priority = "Urgent"
		ticket.save()
	with at("2026-11-03 18:00"):
		# 09:00–12:00 is 3 × 1 250; of it 2:00 at +75 %: 1 500. Together 5 250
		book(ticket, ("2026-11-03 09:00", "2026-11-03 12:00"))
		assert state(ticket) == "Approved"
		# one more quarter: 312.50 + 187.50 = 5 750; two more: 6 250 to the öre
		book(ticket, ("2026-11-03 12:00", "2026-11-03 12:30"))
		assert state(ticket) == "Approved"
		with pytest.raises(frappe.ValidationError, match="approved in"):
			book(ticket, ("2026-11-03 13:00", "2026-11-03 13:01"))


def test_the_preview_says_it_before(at, retainer, ticket):
	with at("2026-11-02 12:00"):
		retainer.reload()
		retainer.update({"hourly_rate": 1200, "terms_from": "2026-11-03"})
		retainer.save()
	with at("2026-11-03 18:00"):
		EmployeeFactory(user_id=frappe.session.user)
		span = {"from_time": f"{FIVE[0]}:00", "to_time": f"{FIVE[1]}:00", "activity_type": "Execution"}
		frappe.clear_messages()
		found = api.preview_time(ticket_type="Issue", ticket_name=ticket.name, **span)
		assert money(7500, "SEK") in found["warnings"][0]
		assert not frappe.get_message_log()  # the dialog shows it, no window besides
		given = api.preview_time(
			ticket_type="Issue", ticket_name=ticket.name, **span, not_charged_because="Goodwill"
		)
		assert given["warnings"] == []


def test_time_that_is_given_uses_up_no_price(at, ticket):
	with at("2026-11-03 18:00"):
		sheet = timesheet([(ticket, *FIVE), (ticket, "2026-11-03 14:00", "2026-11-03 17:00")], submit=False)
		sheet.time_logs[1].not_charged_because = "Our Mistake"
		sheet.save()
		sheet.submit()
		assert state(ticket) == "Approved"


def test_a_sprints_price_is_a_promise_too(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		sprint = sprint_of((ticket, 5))
		consent.sprints.propose(sprint.name)
		consent.answer("Sprint", sprint.name, True, reason="Ja")
		retainer.reload()
		retainer.update({"hourly_rate": 1200, "terms_from": "2026-11-03"})
		retainer.save()
	with at("2026-11-03 18:00"):
		sheet = book(ticket, FIVE, submit=False)
		with pytest.raises(frappe.ValidationError, match="approved in"):
			sheet.submit()


def state(ticket) -> str:
	return consent.ticket_state("Issue", ticket.name)["state"]


def messages() -> str:
	said = "\n".join(str(message.get("message")) for message in frappe.get_message_log())
	frappe.clear_messages()
	return said
