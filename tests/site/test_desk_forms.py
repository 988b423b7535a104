"""What the head of a ticket and of a retainer says, and the terms of a retainer in words."""

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.utils import get_datetime

from support_retainer import words as words_of
from support_retainer.desk import api, contract
from tests.factories import (
	CustomerFactory,
	EmployeeFactory,
	IssueFactory,
	RetainerFactory,
	book,
	urgent_issue,
)


@pytest.fixture
def ticket(at, retainer):
	with at("2026-11-02 10:00"):
		return IssueFactory(customer=retainer.customer)


def promise(ticket):
	return api.ticket_head("Issue", ticket.name)["promise"]


# the promise -----------------------------------------------------------------------------------------


def test_a_new_ticket_says_until_when_and_how_long_is_left(at, ticket):
	with at("2026-11-02 10:00"):
		found = promise(ticket)
	assert (found["colour"], found["state"], found["runs"]) == ("green", "Pending", True)
	assert found["text"] == "To be assigned by {0}"
	assert found["by"] == get_datetime("2026-11-03 13:00")
	# Mon 10:00 to Tue 13:00 is 27 h by the clock, 12 of them in office hours; at risk after 75 % of them, Tue 10:00
	assert (found["left"], found["counted"], found["risk"]) == (27 * 3600, 12 * 3600, 24 * 3600)


def test_it_turns_amber_and_red(at, ticket):
	with at("2026-11-03 10:30"):
		found = promise(ticket)
		assert (found["colour"], found["state"], found["left"]) == ("orange", "At Risk", 2.5 * 3600)
	with at("2026-11-03 14:00"):
		found = promise(ticket)
		assert (found["colour"], found["state"], found["left"]) == ("red", "Breached", -3600)
		assert found["text"] == "Should have been assigned by {0}"


def test_when_it_is_assigned_the_start_comes_next(at, ticket):
	with at("2026-11-02 11:00"):
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": ["Administrator"]})
		found = promise(ticket)
	assert (found["before"], found["text"]) == ("Assigned as promised", "To be started by {0}")
	assert found["by"] == get_datetime("2026-11-09 13:00")


def test_a_pause_stands_still(at, ticket):
	with at("2026-11-02 12:00"):
		ticket.status = "On Hold"
		ticket.save()
	for now in ("2026-11-02 12:00", "2026-11-05 12:00"):
		with at(now):
			found = promise(ticket)
			assert (found["colour"], found["state"], found["runs"]) == ("gray", "Paused", False)
			# Mon 12:00 to Tue 13:00, 10 of them in office hours
			assert (found["left"], found["counted"]) == (25 * 3600, 10 * 3600)


def test_a_begun_ticket_says_how_its_promise_was_kept(at, ticket, retainer):
	with at("2026-11-02 12:00"):
		book(ticket, ("2026-11-02 11:00", "2026-11-02 11:15"))
		found = promise(ticket)
		assert (found["colour"], found["text"], found["by"]) == ("green", "Begun as promised", None)
		urgent = urgent_issue(customer=retainer.customer)
	with at("2026-11-02 13:00"):
		book(urgent, ("2026-11-02 12:45", "2026-11-02 13:00"))
		assert promise(urgent)["text"] == "Begun, but later than promised"


def test_an_urgent_ticket_counts_every_hour_and_has_its_grace(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = urgent_issue(customer=retainer.customer)
		found = promise(ticket)
		assert (found["left"], found["counted"]) == (15 * 60, None)
	with at("2026-11-02 10:16"):
		assert promise(ticket)["colour"] == "red"


def test_the_queue_has_a_place_and_a_forecast(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(mode="Without Timebank", hours_per_period=0)
	with at("2026-11-02 10:00"):
		head = api.ticket_head("Issue", IssueFactory(customer=retainer.customer).name)
	assert (head["promise"]["colour"], head["promise"]["state"]) == ("blue", "Queued")
	assert head["queue"] == {"place": 1, "forecast": get_datetime("2026-11-02 10:00")}
	assert head["bank"]["text"] == "Without a time bank: all work is invoiced"


def test_a_ticket_without_a_retainer_has_no_promise(at):
	with at("2026-11-02 10:00"):
		head = api.ticket_head("Issue", IssueFactory(customer=CustomerFactory().name).name)
	assert (head["promise"], head["bank"], head["held"], head["timer"]) == (None,) * 4


# the customer's time -------------------------------------------------------------------------------------


def test_what_is_left_after_the_expected_hours(at, retainer, ticket):
	with at("2026-11-02 10:00"):
		other = IssueFactory(customer=retainer.customer, expected_hours=3)
		assert (
			api.ticket_head("Issue", ticket.name)["bank"]["text"]
			== "7:00 left for this ticket in the time bank"
		)
		ticket.expected_hours = 2
		ticket.save()
		# 10 less 3 of the other less 2 of its own
		bank = api.ticket_head("Issue", ticket.name)["bank"]
		assert bank == {"colour": "green", "text": "5:00 left in the time bank after the expected 2:00"}
	with at("2026-11-02 12:00"):
		book(ticket, ("2026-11-02 11:00", "2026-11-02 12:00"))
		# 1:15 is drawn; of the expected 2:00 one hour is left: 10 - 1:15 - 3 - 1
		assert api.ticket_head("Issue", ticket.name)["bank"]["text"].startswith("4:45 left")
		other.expected_hours = 12
		other.save()
		# 8:45 less 12 less the ticket's own 1:00 that stays reserved
		bank = api.ticket_head("Issue", other.name)["bank"]
	assert bank == {"colour": "orange", "text": "4:15 short in the time bank for the expected 12:00"}


def test_what_the_customer_agreed_to_is_said(at, ticket):
	with at("2026-11-02 10:00"):
		assert api.ticket_head("Issue", ticket.name)["consent"] is None  # under 4 h nothing is asked
		ticket.expected_hours = 4
		ticket.save()
		head = api.ticket_head("Issue", ticket.name)
	assert (head["consent"]["state"], head["consent"]["colour"]) == ("Needed", "orange")
	assert head["consent"]["blocks"] and head["consent"]["text"] and head["can_ask"]


def test_time_held_for_approval_is_said(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(overage_policy="Ask First", hours_per_period=1)
	with at("2026-11-02 12:00"):
		ticket = IssueFactory(customer=retainer.customer)
		book(ticket, ("2026-11-02 10:00", "2026-11-02 12:00"))
		# 2:00 and 0:30 project management, 1:00 of it covered
		assert api.ticket_head("Issue", ticket.name)["held"] == "1:30 held until the customer approves"
		picture = api.retainer_picture(retainer.name)
	assert picture["held"]["seconds"] == 1.5 * 3600
	assert picture["held"]["amount"] == 1500
	rows = api.held_time(retainer.name)
	assert sum(row["overage"] for row in rows) == 1.5 * 3600
	assert all(
		row["entry_type"] for row in rows
	)  # a surcharge has no component: its kind is what says what it is


def test_what_is_written_has_the_site_s_decimal_comma_and_no_seconds():
	before = frappe.db.get_default("number_format")
	frappe.db.set_default("number_format", "#.###,##")
	assert words_of.percent(12.5) == "12,5 %"
	assert words_of.percent(75) == "75 %"
	frappe.db.set_default("number_format", before)
	assert words_of.moment("2026-11-25 16:00:00").endswith("16:00")
	assert words_of.moment(None) == ""


# the retainer ----------------------------------------------------------------------------------------------


def test_a_retainer_at_a_glance(at, retainer, ticket):
	with at("2026-11-02 12:00"):
		ticket.expected_hours = 3
		ticket.save()
		urgent = urgent_issue(customer=retainer.customer)
		book(urgent, ("2026-11-02 11:00", "2026-11-02 12:00"))
		found = api.retainer_picture(retainer.name)
	hour = 3600
	assert (found["given"], found["drawn"], found["balance"]) == (10 * hour, 1.25 * hour, 8.75 * hour)
	assert (found["reserved"], found["free"], found["owed"]) == (3 * hour, 5.75 * hour, 0)
	# the surcharge: 1 h at 1 000, + 75 %
	assert (found["unbilled"]["amount"], found["held"]["count"]) == (750, 0)
	assert [period.name for period in found["periods"]] == [f"{retainer.name}-2026-11-01"]
	assert found["closable"] == 0
	links = api.retainer_links("Retainer", retainer.name, '["Issue", "Timesheet"]')["count"]
	assert frappe.get_all("Timesheet", {"name": ("in", links["internal_links_found"][0]["names"])})
	assert links["internal_links_found"][0]["count"] == 1
	assert [row["count"] for row in links["external_links_found"]] == [2]
	with at("2026-12-01 08:00"):
		assert api.retainer_picture(retainer.name)["closable"] == 1


# in words ----------------------------------------------------------------------------------------------------


def words(**terms) -> list[str]:
	doc = {"doctype": "Retainer", "company": "Testbyrån AB", "currency": "SEK", "mode": "With Timebank"}
	return api.terms_in_words(frappe.as_json(doc | terms))


def test_the_terms_in_words():
	first, beyond, rounding, *_rest = words(
		period="Monthly",
		hours_per_period=10,
		retainer_fee=10000,
		fee_billing="In Advance",
		carry_over="None",
		overage_policy="Bill",
		surcharge_settlement="Invoice",
		hourly_rate=1000,
		increment_minutes=15,
		project_management_percent=25,
	)
	fee, rate = (frappe.utils.fmt_money(amount, currency="SEK") for amount in (10000, 1000))
	assert first == (
		f"10 hours a month for {fee} in advance; unused time expires; urgent work is charged +75 % / +150 %."
	)
	assert beyond == f"Time beyond the bank costs {rate} an hour; surcharges are invoiced."
	assert rounding == "Work is charged per started 15 minutes; project management adds 25 %."


@pytest.mark.parametrize(
	("terms", "said"),
	[
		(
			{"hours_per_period": 2.5, "fee_billing": "Not Billed", "period": "Quarterly"},
			"2:30 hours a quarter;",
		),
		(
			{"hours_per_period": 5, "retainer_fee": 1, "fee_billing": "In Arrears", "period": "Quarterly"},
			"in arrears",
		),
		({"hours_per_period": 1, "fee_billing": "Not Billed"}, "1 hour a month;"),
		({"hours_per_period": 1, "retainer_fee": 1, "period": "Quarterly"}, "1 hour a quarter for "),
		({"carry_over": "Unlimited"}, "Unused time never expires;"),
		({"carry_over": "Periods", "carry_over_periods": 1}, "one period more"),
		(
			{"carry_over": "Periods", "carry_over_periods": 3, "carry_over_cap_hours": 4},
			"Unused time may be used 3 periods more, at most 4 hours",
		),
		({"overage_policy": "Ask First", "hourly_rate": 900}, "waits for the customer's approval"),
		({"overage_policy": "Draw From Next Period", "hourly_rate": 900}, "drawn from the next period"),
		({"surcharge_settlement": "Timebank"}, "Surcharges draw extra time"),
		({"mode": "Without Timebank"}, "No time bank: all work is invoiced;"),
		({"mode": "Without Timebank", "hourly_rate": 1200}, "all work is invoiced at"),
		({"increment_minutes": 6, "rounding_scope": "Ticket and Day"}, "a ticket's work of a day together"),
		({"invoice_delivery": "Post"}, "sent by post for"),
		({"invoice_cadence": "Per Period", "submit_invoices": 1}, "invoices are submitted by themselves"),
		({"estimate_threshold_hours": 4}, "A ticket of 4 hours or more begins with an approved estimate"),
		({"start_date": "2026-11-01"}, "until one of you ends it"),
		({"start_date": "2026-11-01", "end_date": "2027-10-31"}, "Support from"),
	],
)
def test_each_term_has_its_words(terms, said):
	assert said in " ".join(words(**terms))


def test_an_empty_form_has_words_and_no_error():
	assert all(words())


def test_a_retainer_s_own_rule_is_in_its_words(retainer):
	rule = frappe.copy_doc(frappe.get_doc("SLA Rule", "Urgent, office hours"))
	rule.update({"rule_name": "Egen", "name": "Egen", "retainer": retainer.name, "surcharge_percent": 50})
	rule.insert(set_name="Egen")
	assert "+50 % / +150 %" in contract.in_words(frappe.get_doc("Retainer", retainer.name))[0]


# who may ------------------------------------------------------------------------------------------------------


def test_a_stranger_sees_nothing(at, retainer, ticket):
	with at("2026-11-02 12:00"):
		book(ticket, ("2026-11-02 10:00", "2026-11-02 11:00"), employee=EmployeeFactory().name)
	entry = frappe.db.get_value("Timebank Entry", {"retainer": retainer.name, "entry_type": "Draw"}, "name")
	assert "from the time bank" in api.derivation(entry)
	frappe.get_doc(
		{"doctype": "User", "email": "frammande@example.com", "first_name": "F", "send_welcome_email": 0}
	).insert()
	frappe.set_user("frammande@example.com")
	for ask, of in (
		(api.retainer_picture, retainer.name),
		(api.held_time, retainer.name),
		(api.derivation, entry),
		(api.terms_in_words, "{}"),
	):
		with pytest.raises(frappe.PermissionError):
			ask(of)
	with pytest.raises(frappe.PermissionError):
		api.ticket_head("Issue", ticket.name)


def test_no_form_rounds_hours_that_are_typed():
	"""A field's own precision rounds what is typed: 0.333 hours, 19:59, would become 0.33, 19:48."""
	filters = {"fieldtype": "Float", "precision": ("!=", "")}
	ours = frappe.get_all("DocType", {"module": "Support Retainer"}, pluck="name")
	assert frappe.get_all("DocField", {"parent": ("in", ours), **filters}, ["parent", "fieldname"]) == []
	assert not frappe.get_meta("Issue").get_field("expected_hours").precision
