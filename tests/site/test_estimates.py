"""Estimates: what they say a ticket would cost, what waits for them, and how much of them is used.

Fjällbutiken's terms: 10 h a month at 1 000 SEK/h, project management 25 %, quarters, an estimate from 4 h on.
"""

import frappe
import pytest

from support_retainer import clock, consent
from support_retainer.words import money
from tests.factories import (
	CustomerFactory,
	IssueFactory,
	RetainerFactory,
	book,
	outgoing_account,
	timesheet,
	urgent_issue,
)
from tests.visiting import as_user, contact_for, person

HOUR = 3600
NOV = "2026-11-02"


@pytest.fixture
def retainer(at):
	with at(f"{NOV} 08:00"):
		return RetainerFactory()


def state(ticket) -> str:
	return consent.ticket_state("Issue", ticket.name)["state"]


def approve(estimate, yes=True) -> dict:
	return consent.answer("Estimate", estimate.name, yes, reason="Anna sade det i telefon")


def approved(ticket, hours):
	estimate = consent.ask("Issue", ticket.name, work=hours * HOUR)
	approve(estimate)
	return estimate.reload()


def comments(ticket) -> str:
	filters = {"reference_doctype": "Issue", "reference_name": ticket.name, "comment_type": "Info"}
	return "\n".join(frappe.get_all("Comment", filters, pluck="content", order_by="creation"))


def messages() -> str:
	said = "\n".join(str(message.get("message")) for message in frappe.get_message_log())
	frappe.clear_messages()
	return said


# who needs one ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("expected", "asked", "found"),
	[(None, 0, "Not Needed"), (3.75, 0, "Not Needed"), (4, 0, "Needed"), (9, 0, "Needed"), (1, 1, "Needed")],
)
def test_a_ticket_starts_without_an_estimate_under_four_hours_unless_asked_for(
	at, retainer, expected, asked, found
):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=expected, estimate_requested=asked)
		assert state(ticket) == found


def test_the_threshold_is_the_retainers_own(at):
	with at(f"{NOV} 10:00"):
		retainer = RetainerFactory(estimate_threshold_hours=2)
		assert state(IssueFactory(customer=retainer.customer, expected_hours=2)) == "Needed"
		assert state(IssueFactory(customer=retainer.customer, expected_hours=1.9)) == "Not Needed"


def test_an_estimate_that_comes_to_the_threshold_is_needed_whatever_the_ticket_expects(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=1)
		frappe.get_doc({"doctype": "Ticket Estimate", "ticket": ticket.name, "work": 4 * HOUR}).insert()
		assert state(ticket) == "Needed"


def test_a_ticket_of_nobodys_retainer_needs_none(at):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=CustomerFactory().name, expected_hours=40)
		assert state(ticket) == "Not Needed"
		book(ticket, (f"{NOV} 09:00", f"{NOV} 17:00"))


def test_staff_note_that_the_customer_asked(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=1)
		frappe.call(
			"support_retainer.consent.api.note_request", "Issue", ticket.name, "<b>Vad kostar det?</b>"
		)
		assert state(ticket) == "Needed"
		assert "&lt;b&gt;Vad kostar det?&lt;/b&gt;" in comments(ticket)


# what it says ----------------------------------------------------------------------------------


def figures(estimate) -> tuple:
	fields = ("charged", "project_management", "surcharge_amount", "price", "bank_covers", "to_invoice")
	return tuple(estimate.get(field) for field in fields)


def test_six_hours_cost_seven_thousand_five_hundred_and_the_bank_covers_them(at, retainer):
	"""24 quarters; 25 % of 6 h is 1 h 30; 7.5 h × 1 000. The bank holds 10 h."""
	with at(f"{NOV} 10:00"):
		estimate = consent.ask("Issue", IssueFactory(customer=retainer.customer).name, work=6 * HOUR)
	assert figures(estimate) == (6 * HOUR, 5400, 0, 7500, 27000, 0)
	assert estimate.bank_balance == 10 * HOUR
	price = money(7500, "SEK")
	for said in ("Work: 6:00", "25 % on charged time: 1:30", f"Price: {price}", "would cover 7:30 of 7:30"):
		assert said in estimate.question


def test_what_the_bank_lacks_is_to_be_invoiced(at, retainer):
	"""10 h and 2 h 30 of project management; the bank gives 10 h, 2 h 30 × 1 000 is left."""
	with at(f"{NOV} 10:00"):
		estimate = consent.ask("Issue", IssueFactory(customer=retainer.customer).name, work=10 * HOUR)
	assert figures(estimate) == (10 * HOUR, 9000, 0, 12500, 10 * HOUR, 2500)


def test_urgent_work_shows_its_surcharge_and_only_that_is_money_within_the_bank(at, retainer):
	"""2 h at +75 % is 1 500 on top of 2 h 30 × 1 000; out of hours +150 % is 3 000."""
	with at(f"{NOV} 10:00"):
		ticket = urgent_issue(customer=retainer.customer)
		day = consent.ask("Issue", ticket.name, work=2 * HOUR)
		night = consent.ask("Issue", ticket.name, work=2 * HOUR, done_in="Out of Hours")
	assert figures(day) == (2 * HOUR, 1800, 1500, 4000, 9000, 1500)
	assert figures(night) == (2 * HOUR, 1800, 3000, 5500, 9000, 3000)


def test_a_range_is_priced_at_both_ends_in_started_quarters(at, retainer):
	"""3:10 → 3:15 + 0:48:45 = 4:03:45 = 4 062.50. 6:05 → 6:15 + 1:33:45 = 7:48:45 = 7 812.50."""
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		estimate = consent.ask("Issue", ticket.name, work_from=3 * HOUR + 600, work=6 * HOUR + 300)
	assert (estimate.price_from, estimate.price) == (4062.5, 7812.5)
	assert "3:10–6:05" in estimate.question


def test_parts_add_up(at, retainer):
	"""1–2 h and 3 h: 4–5 h."""
	with at(f"{NOV} 10:00"):
		lines = [
			{"description": "Kassan", "work_from": HOUR, "work": 2 * HOUR},
			{"description": "Frakten", "work": 3 * HOUR},
		]
		estimate = consent.ask("Issue", IssueFactory(customer=retainer.customer).name, lines=lines)
	assert (estimate.work_from, estimate.work) == (4 * HOUR, 5 * HOUR)
	assert "– Kassan: 1:00–2:00\n– Frakten: 3:00" in estimate.question


def test_without_a_time_bank_all_of_it_is_money(at):
	with at(f"{NOV} 10:00"):
		retainer = RetainerFactory(mode="Without Timebank", hours_per_period=0)
		estimate = consent.ask("Issue", IssueFactory(customer=retainer.customer).name, work=4 * HOUR)
	assert figures(estimate) == (4 * HOUR, HOUR, 0, 5000, 0, 5000)
	assert "time bank" not in estimate.question


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"work": 0}, "above zero"),
		({"work": HOUR, "work_from": 2 * HOUR}, "ends below where it begins"),
		({"work": HOUR, "valid_until": "2026-11-01"}, "Give it a later day"),
	],
)
def test_an_estimate_that_makes_no_sense_is_refused(at, retainer, values, said):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		with pytest.raises(frappe.ValidationError, match=said):
			consent.ask("Issue", ticket.name, **values)


def test_a_customer_without_a_retainer_gets_no_estimate(at):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=CustomerFactory().name)
		with pytest.raises(frappe.ValidationError, match="belongs to no retainer"):
			consent.ask("Issue", ticket.name, work=HOUR)


# what was asked stays as it was asked ------------------------------------------------------------


def test_a_sent_estimate_is_neither_edited_nor_deleted(at, retainer):
	with at(f"{NOV} 10:00"):
		estimate = consent.ask("Issue", IssueFactory(customer=retainer.customer).name, work=6 * HOUR)
		estimate.reload()
		estimate.work = HOUR
		with pytest.raises(frappe.ValidationError, match="stays as it was asked"):
			estimate.save()
		with pytest.raises(frappe.ValidationError, match="is kept"):
			frappe.delete_doc("Ticket Estimate", estimate.name)


def test_nobody_gives_a_draft_a_status_by_hand(at, retainer):
	with at(f"{NOV} 10:00"):
		values = {"ticket": IssueFactory(customer=retainer.customer).name, "work": HOUR}
		doc = frappe.get_doc(
			{"doctype": "Ticket Estimate", **values, "status": "Approved", "answered_on": clock.now()}
		)
		assert doc.insert().status == "Draft"
		assert doc.answered_on is None


def test_a_withdrawn_estimate_is_a_draft_and_its_old_text_takes_no_answer(at, retainer):
	from support_retainer.consent import estimates

	with at(f"{NOV} 10:00"):
		estimate = consent.ask("Issue", IssueFactory(customer=retainer.customer).name, work=6 * HOUR)
		old = estimate.fingerprint
		assert estimates.withdraw(estimate.name).status == "Draft"
		with pytest.raises(frappe.ValidationError, match="not waiting for an answer any more"):
			consent.answer("Estimate", estimate.name, True, fingerprint=old, reason="Anna")
		again = estimates.send(estimate.name)
		with pytest.raises(frappe.ValidationError, match="have changed since they were shown"):
			consent.answer("Estimate", estimate.name, True, fingerprint=old, reason="Anna")
		assert consent.answer("Estimate", again.name, True, fingerprint=again.fingerprint, reason="Anna")[
			"counted"
		]


def test_an_answered_estimate_cannot_be_withdrawn(at, retainer):
	from support_retainer.consent import estimates

	with at(f"{NOV} 10:00"):
		estimate = approved(IssueFactory(customer=retainer.customer), 6)
		with pytest.raises(frappe.ValidationError, match="nothing to withdraw"):
			estimates.withdraw(estimate.name)


def test_a_newer_question_supersedes_the_unanswered_one_and_a_newer_yes_the_older_yes(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
		first = consent.ask("Issue", ticket.name, work=5 * HOUR)
		second = consent.ask("Issue", ticket.name, work=6 * HOUR)
		assert (first.reload().status, first.superseded_by) == ("Superseded", second.name)
		approve(second)
		third = consent.ask("Issue", ticket.name, work=8 * HOUR)
		assert second.reload().status == "Approved"
		assert state(ticket) == "Approved"  # work goes on within what was approved
		approve(third)
		assert second.reload().status == "Superseded"
		assert consent.ticket_state("Issue", ticket.name)["hours_estimated"] == 8


def test_an_estimate_runs_out_after_its_last_day(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=6)
		estimate = consent.ask("Issue", ticket.name, valid_until="2026-11-05")
	with at("2026-11-05 23:50"):
		consent.expire_due()
		assert state(ticket) == "Waiting for Answer"
	with at("2026-11-06 00:05"):
		assert state(ticket) == "Needed"
		with pytest.raises(frappe.ValidationError, match="ran out"):
			approve(estimate)
		consent.expire_due()
		assert estimate.reload().status == "Expired"


def test_a_ticket_that_moves_to_another_customer_leaves_its_approval_behind(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=6)
		estimate = approved(ticket, 6)
		ticket.reload()
		ticket.customer = RetainerFactory().customer
		ticket.save()
		assert estimate.reload().status == "Superseded"
		assert state(ticket) == "Needed"
		assert estimate.name in comments(ticket)


# time on a ticket that waits ---------------------------------------------------------------------


def test_time_on_a_ticket_that_needs_an_estimate_is_refused_with_what_to_do(at, retainer):
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=5)
		with pytest.raises(frappe.ValidationError) as error:
			book(ticket, (f"{NOV} 09:00", f"{NOV} 10:00"), submit=False)
	for said in (f"ticket <strong>{ticket.name}", "must approve an estimate", "ask a Retainer Manager"):
		assert said in str(error.value)


@pytest.mark.parametrize("answer", [None, False])
def test_time_on_a_ticket_that_waits_or_was_declined_is_refused(at, retainer, answer):
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		estimate = consent.ask("Issue", ticket.name, work=HOUR)
		if answer is not None:
			approve(estimate, answer)
		said = "waits for the customer's answer" if answer is None else "The customer declined"
		with pytest.raises(frappe.ValidationError, match=said):
			book(ticket, (f"{NOV} 09:00", f"{NOV} 10:00"), submit=False)


def test_one_waiting_ticket_stops_a_sheet_and_the_others_rows_can_be_booked_without_it(at, retainer):
	with at(f"{NOV} 17:00"):
		small = IssueFactory(customer=retainer.customer)
		big = IssueFactory(customer=retainer.customer, expected_hours=5)
		rows = [(small, f"{NOV} 09:00", f"{NOV} 10:00"), (big, f"{NOV} 10:00", f"{NOV} 11:00")]
		with pytest.raises(frappe.ValidationError, match="Row 2"):
			timesheet(rows)
		assert timesheet(rows[:1]).docstatus == 1


def test_an_empty_bank_refuses_nothing(at, retainer):
	with at(f"{NOV} 17:00"):
		for start in ("08", "12"):
			ticket = IssueFactory(customer=retainer.customer)
			book(ticket, (f"{NOV} {start}:00", f"{NOV} {int(start) + 4}:00"))
		book(IssueFactory(customer=retainer.customer), ("2026-11-03 08:00", "2026-11-03 11:00"))
		assert consent.ticket_state("Issue", ticket.name)["blocks"] is False


def test_a_draft_saved_before_the_customer_asked_may_be_saved_again_but_not_grow_nor_be_submitted(
	at, retainer
):
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		sheet = book(ticket, (f"{NOV} 09:00", f"{NOV} 10:00"), submit=False)
		frappe.db.set_value("Issue", ticket.name, "estimate_requested", 1)
		sheet.reload()
		sheet.note = "Väntar på kunden"
		sheet.save()
		with pytest.raises(frappe.ValidationError, match="must approve an estimate"):
			sheet.submit()
		sheet.reload()
		sheet.time_logs[0].update({"to_time": f"{NOV} 10:30:00", "hours": 1.5})
		with pytest.raises(frappe.ValidationError, match="must approve an estimate"):
			sheet.save()
		sheet.reload()
		approved(ticket, 2)
		sheet.submit()


def test_a_ticket_nobody_thought_big_is_mentioned_when_it_becomes_so(at, retainer):
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		messages()
		book(ticket, (f"{NOV} 08:00", f"{NOV} 12:00"))
		assert f"{ticket.name} has come to 4:00 without an estimate" in messages()


# the running total -------------------------------------------------------------------------------


def test_the_total_counts_started_quarters_of_saved_and_submitted_time(at, retainer):
	"""Submitted 50 min = 4 quarters; saved 20 min = 2 quarters: 1 h 30."""
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		approved(ticket, 5)
		book(ticket, (f"{NOV} 09:00", f"{NOV} 09:50"))
		book(ticket, (f"{NOV} 10:00", f"{NOV} 10:20"), submit=False)
		assert consent.ticket_state("Issue", ticket.name)["hours_used"] == 1.5


def test_the_total_of_a_pooled_retainer_rounds_each_day_once(at):
	"""20 + 20 min on Monday are 3 quarters, not 4; 10 min on Tuesday is one more: 1 h."""
	with at("2026-11-03 17:00"):
		retainer = RetainerFactory(rounding_scope="Ticket and Day")
		ticket = IssueFactory(customer=retainer.customer)
		approved(ticket, 5)
		book(ticket, (f"{NOV} 09:00", f"{NOV} 09:20"), (f"{NOV} 10:00", f"{NOV} 10:20"))
		book(ticket, ("2026-11-03 09:00", "2026-11-03 09:10"))
		assert consent.ticket_state("Issue", ticket.name)["hours_used"] == 1


def test_at_eighty_percent_those_who_work_on_it_are_told_once(at, retainer):
	"""Of 5 h, 3:45 is 75 % and 4:00 is 80 %."""
	with at(f"{NOV} 17:00"):
		outgoing_account()  # Frappe mails who is assigned, and fails on a site that has none
		agent = person("agent.80@example.com", "Support Agent").name
		ticket = IssueFactory(customer=retainer.customer)
		frappe.desk.form.assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": [agent]})
		estimate = approved(ticket, 5)
		book(ticket, (f"{NOV} 08:00", f"{NOV} 11:45"))
		assert not estimate.reload().warned_on
		sheet = book(ticket, (f"{NOV} 12:00", f"{NOV} 12:15"))
		assert estimate.reload().warned_on
		book(ticket, (f"{NOV} 13:00", f"{NOV} 13:15"))
		said = f"4:00 of 5:00 approved in {estimate.name} is used (80 %)"
		assert comments(ticket).count(f"approved in {estimate.name} is used") == 1
		assert said in comments(ticket)
		told = frappe.get_all(
			"Notification Log", {"for_user": agent, "document_name": ticket.name}, pluck="subject"
		)
		assert sum(said in subject for subject in told) == 1
		sheet.reload().cancel()  # 4:00 again, still 80 %
		assert estimate.reload().warned_on


def test_a_cancelled_sheet_makes_room_and_the_warning_may_come_again(at, retainer):
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		estimate = approved(ticket, 5)
		sheet = book(ticket, (f"{NOV} 08:00", f"{NOV} 12:30"))
		assert estimate.reload().warned_on
		sheet.cancel()
		assert not estimate.reload().warned_on
		assert consent.ticket_state("Issue", ticket.name)["hours_used"] == 0
		book(ticket, (f"{NOV} 08:00", f"{NOV} 13:00"))
		assert state(ticket) == "Approved"


def test_the_sheet_that_crosses_the_estimate_can_be_saved_and_not_submitted(at, retainer):
	"""Approved 5 h; 4 h submitted, 1 h 15 more is 5:15."""
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		estimate = approved(ticket, 5)
		book(ticket, (f"{NOV} 08:00", f"{NOV} 12:00"))
		messages()
		sheet = book(ticket, (f"{NOV} 13:00", f"{NOV} 14:15"), submit=False)
		assert f"5:15 is used, of 5:00 approved in {estimate.name}" in messages()
		assert state(ticket) == "Exceeded"
		with pytest.raises(frappe.ValidationError, match=r"5:15 is used, of 5:00 approved"):
			sheet.submit()
		with pytest.raises(frappe.ValidationError, match="5:30 is used, of 5:00"):
			book(ticket, (f"{NOV} 15:00", f"{NOV} 15:15"), submit=False)
		approved(ticket, 6)
		sheet.reload().submit()
		assert state(ticket) == "Approved"


def test_rows_of_one_sheet_count_together(at, retainer):
	with at("2026-11-03 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		approved(ticket, 4)
		spans = [(f"{NOV} 08:00", f"{NOV} 10:00"), (f"{NOV} 11:00", f"{NOV} 13:15")]
		with pytest.raises(frappe.ValidationError, match="4:15 is used, of 4:00"):
			book(ticket, *spans)


def test_somebody_elses_draft_is_shown_and_does_not_stop_a_submit(at, retainer):
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		approved(ticket, 4)
		book(ticket, (f"{NOV} 08:00", f"{NOV} 11:00"), submit=False)
		mine = book(ticket, (f"{NOV} 13:00", f"{NOV} 14:30"), submit=False)
		assert state(ticket) == "Exceeded"
		mine.submit()


def test_an_amended_sheet_may_carry_again_what_it_had_and_no_more(at, retainer):
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		sheet = book(ticket, (f"{NOV} 09:00", f"{NOV} 11:00"))
		frappe.db.set_value("Issue", ticket.name, "estimate_requested", 1)
		sheet.reload().cancel()

		def amended(until, hours):
			doc = frappe.copy_doc(sheet)
			doc.update({"amended_from": sheet.name, "docstatus": 0})
			doc.time_logs[0].docstatus = 0
			doc.time_logs[0].update({"to_time": f"{NOV} {until}:00", "hours": hours})
			return doc.insert()

		with pytest.raises(frappe.ValidationError, match="must approve an estimate"):
			amended("11:30", 2.5)
		doc = amended("10:30", 1.5)
		doc.submit()
		assert doc.docstatus == 1


# a manager goes on -------------------------------------------------------------------------------


def test_a_manager_lets_work_go_on_with_a_reason_that_is_kept(at, retainer):
	with at(f"{NOV} 10:00"):
		manager = person("chef@example.com", "Retainer Manager", "Support Team").name
		ticket = IssueFactory(customer=retainer.customer, expected_hours=6)
		with as_user(manager):
			with pytest.raises(frappe.ValidationError, match="Write why"):
				consent.go_on("Issue", ticket.name, "  ")
			record = consent.go_on("Issue", ticket.name, "Butiken står stilla, <i>Anna</i> nås inte")
		book(ticket, (f"{NOV} 09:00", f"{NOV} 10:00"))
		kept = frappe.get_doc("Consent Waiver", record)
		assert (kept.user, kept.state, kept.customer) == (manager, "Needed", retainer.customer)
		assert "Butiken står stilla, &lt;i&gt;Anna&lt;/i&gt; nås inte" in comments(ticket)
		found = consent.ticket_state("Issue", ticket.name)
		assert (found["state"], found["blocks"], found["goes_on"]) == ("Needed", False, kept.reason)
		for change in (kept.save, kept.delete):
			with pytest.raises(frappe.PermissionError):
				change()


def test_the_customers_next_word_ends_what_the_manager_let_go_on(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=6)
		consent.go_on("Issue", ticket.name, "Brådskar")
		estimate = consent.ask("Issue", ticket.name)
		book(ticket, (f"{NOV} 08:00", f"{NOV} 09:00"))
	with at(f"{NOV} 11:00"):
		approve(estimate, False)
		with pytest.raises(frappe.ValidationError, match="The customer declined"):
			book(ticket, (f"{NOV} 10:00", f"{NOV} 11:00"))


def test_a_manager_goes_on_past_an_estimate(at, retainer):
	with at(f"{NOV} 17:00"):
		ticket = IssueFactory(customer=retainer.customer)
		approved(ticket, 4)
		sheet = book(ticket, (f"{NOV} 08:00", f"{NOV} 12:15"), submit=False)
	with at(f"{NOV} 17:30"):
		consent.go_on("Issue", ticket.name, "Kvarten bjuder vi inte på")
		sheet.reload().submit()


@pytest.mark.parametrize("roles", [("Support Agent", "Support Team"), ("Accounts User",), ("Customer",)])
def test_nobody_else_lets_work_go_on(at, retainer, roles):
	with at(f"{NOV} 10:00"):
		ticket = IssueFactory(customer=retainer.customer, expected_hours=6)
		with as_user(person("nej@example.com", *roles).name), pytest.raises(frappe.PermissionError):
			frappe.call("support_retainer.consent.api.go_on", "Issue", ticket.name, "Jag vill")


def test_there_is_nothing_to_go_on_with_where_nothing_waits(at, retainer):
	with at(f"{NOV} 10:00"), pytest.raises(frappe.ValidationError, match="Nothing stands in the way"):
		consent.go_on("Issue", IssueFactory(customer=retainer.customer).name, "Utan anledning")


def test_many_tickets_are_judged_by_as_many_queries_as_one(at, retainer):
	def queries(names):
		count, run = [0], frappe.db.sql

		def counted(*args, **kwargs):
			count[0] += 1
			return run(*args, **kwargs)

		frappe.db.sql = counted
		try:
			consent.ticket_states("Issue", names)
		finally:
			frappe.db.sql = run
		return count[0]

	with at(f"{NOV} 10:00"):
		found = [IssueFactory(customer=retainer.customer, expected_hours=6) for _ in range(6)]
		for ticket in found[:3]:
			consent.ask("Issue", ticket.name)
		names = [ticket.name for ticket in found]
		queries(names)
		assert queries(names) == queries(names[:1]) <= 5


def test_agents_estimate_accounts_read_contacts_have_no_right_to_the_document(at, retainer):
	with at(f"{NOV} 10:00"):
		estimate = consent.ask("Issue", IssueFactory(customer=retainer.customer).name, work=HOUR)
		contact = contact_for(retainer.customer, "kund.e@example.com")
		people = {
			person("e1@example.com", "Support Agent").name: {"read", "write", "create"},
			person("e2@example.com", "Retainer Manager").name: {"read", "write", "create", "delete"},
			person("e3@example.com", "Accounts User").name: {"read"},
			contact: set(),
		}
		rights = ("read", "write", "create", "delete")
		assert {
			user: {
				right
				for right in rights
				if frappe.has_permission("Ticket Estimate", right, estimate, user=user)
			}
			for user in people
		} == people
