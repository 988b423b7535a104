"""Support Sprints: gathered, proposed, approved all or in part, ordered, worked, closed and invoiced.

1 000 SEK/h, project management 25 %, quarters.
"""

import frappe
import pytest

from support_retainer import consent
from support_retainer.consent import sprints
from tests.factories import IssueFactory, RetainerFactory, book, sprint_of, urgent_issue
from tests.visiting import as_user, contact_for, person

HOUR = 3600
NOV = "2026-11-02"


@pytest.fixture
def retainer(at):
	"""A customer without a time bank: tickets are gathered into sprints."""
	with at(f"{NOV} 08:00"):
		return RetainerFactory(mode="Without Timebank", hours_per_period=0, submit_invoices=0)


def issue(retainer, **values):
	return IssueFactory(customer=retainer.customer, **values)


def answer(sprint, parts=None, yes=True) -> dict:
	return consent.answer("Sprint", sprint.name, yes, parts=parts, reason="På mötet den 2:a")


def proposed(*rows, **values):
	return sprints.propose(sprint_of(*rows, **values).name)


def approved(*rows, parts=None, **values):
	sprint = proposed(*rows, **values)
	answer(sprint, parts)
	return sprint.reload()


def state(ticket) -> str:
	return consent.ticket_state("Issue", ticket.name)["state"]


# gathering and pricing -----------------------------------------------------------------------------


def test_tickets_in_no_sprint_are_listed_as_the_customer_ranks_them(at, retainer):
	with at(f"{NOV} 10:00"):
		first, second, third, gathered = (issue(retainer) for _ in range(4))
		frappe.db.set_value("Issue", third.name, "customer_rank", 1)
		issue(retainer, status="Closed")
		issue(retainer, origin="Agency")
		IssueFactory(customer=RetainerFactory().customer)
		sprint_of((gathered, 1))
		found = frappe.call(
			"support_retainer.consent.api.tickets_without_sprint", retainer.customer, retainer.company
		)
		assert [row.name for row in found] == [third.name, first.name, second.name]


def test_a_sprint_takes_hours_from_its_tickets_and_is_priced_each_and_in_all(at, retainer):
	"""2 h: 2:30 × 1 000 = 2 500. 1:10 → 1:15 + 0:18:45 = 1:33:45 = 1 562.50. Together 4 062.50."""
	with at(f"{NOV} 10:00"):
		one, two = issue(retainer, expected_hours=2), issue(retainer)
		sprint = sprint_of((one, 0), (two, 7 / 6))
	assert [row.price for row in sprint.tickets] == [2500, 1562.5]
	assert (sprint.work, sprint.charged, sprint.project_management) == (11400, 11700, 2925)
	assert (sprint.price, sprint.to_invoice) == (4062.5, 4062.5)
	assert frappe.db.get_value("Issue", one.name, "support_sprint") == sprint.name


def test_with_a_time_bank_it_says_what_the_bank_would_cover(at):
	"""8 h + 2 h = 10 h from the bank of 10 h; the second ticket's 2:30 is left to invoice."""
	with at(f"{NOV} 10:00"):
		retainer = RetainerFactory()
		sprint = proposed((issue(retainer), 8), (issue(retainer), 2))
	assert (sprint.bank_covers, sprint.price, sprint.to_invoice) == (10 * HOUR, 12500, 2500)
	assert "would cover 10:00 of 12:30" in sprint.question


def test_an_urgent_ticket_in_a_sprint_has_its_surcharge(at, retainer):
	"""1 h: 1 250 + 75 % of 1 000."""
	with at(f"{NOV} 10:00"):
		sprint = proposed((urgent_issue(customer=retainer.customer), 1))
	assert sprint.price == 2000
	assert "surcharge 75 % included" in sprint.question


def test_taking_a_ticket_out_or_deleting_the_draft_lets_it_go(at, retainer):
	with at(f"{NOV} 10:00"):
		one, two = issue(retainer), issue(retainer)
		sprint = sprint_of((one, 1), (two, 1))
		sprint.tickets = sprint.tickets[1:]
		sprint.save()
		assert frappe.db.get_value("Issue", one.name, "support_sprint") is None
		sprint.delete()
		assert frappe.db.get_value("Issue", two.name, "support_sprint") is None


def test_nobody_writes_a_tickets_sprint_by_hand(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket, sprint = issue(retainer), sprint_of((issue(retainer), 1))
		ticket.support_sprint = sprint.name
		ticket.save()
		assert not frappe.db.get_value("Issue", ticket.name, "support_sprint")


def test_what_makes_no_sprint_is_refused(at, retainer):
	with at(f"{NOV} 10:00"):
		mine, theirs = issue(retainer), IssueFactory(customer=RetainerFactory().customer)
		with pytest.raises(frappe.ValidationError, match="does not belong to"):
			sprint_of((mine, 1), (theirs, 1))
		with pytest.raises(frappe.ValidationError, match="is here twice"):
			sprint_of((mine, 1), (mine, 2))
		with pytest.raises(frappe.ValidationError, match="ends before it begins"):
			sprint_of((mine, 1), from_date="2026-11-09", to_date="2026-11-06")
		with pytest.raises(frappe.ValidationError, match="above zero"):
			proposed((mine, 0))
		with pytest.raises(frappe.ValidationError, match="is in sprint"):
			sprint_of((mine, 1))


def test_a_ticket_in_a_running_sprint_stays_with_its_customer(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = issue(retainer)
		sprint_of((ticket, 1))
		ticket.reload()
		ticket.customer = RetainerFactory().customer
		with pytest.raises(frappe.ValidationError, match="Take it out of the sprint"):
			ticket.save()


# asked and answered --------------------------------------------------------------------------------


def test_a_proposed_sprint_asks_with_a_part_for_each_ticket(at, retainer):
	with at(f"{NOV} 10:00"):
		one, two = issue(retainer, subject="Kassan"), issue(retainer)
		sprint = proposed(
			(one, 2), (two, 1), from_date="2026-11-09", to_date="2026-11-13", valid_until="2026-11-06"
		)
		(question,) = consent.waiting_for_answer(retainer.customer)
	assert (question.kind, question.name, question.text) == ("Sprint", sprint.name, sprint.question)
	assert [part.name for part in question.parts] == [one.name, two.name]
	assert question.figures["price"] == "3750.00"
	assert question.parts[0].figures["price"] == "2500.00"
	assert "Kassan" in question.text


def test_work_waits_while_the_proposal_does(at, retainer):
	with at(f"{NOV} 17:00"):
		ticket = issue(retainer)
		proposed((ticket, 1))
		assert state(ticket) == "Waiting for Answer"
		with pytest.raises(frappe.ValidationError, match="waits for the customer's answer"):
			book(ticket, (f"{NOV} 09:00", f"{NOV} 10:00"))


def test_all_approved(at, retainer):
	with at(f"{NOV} 10:00"):
		one, two = issue(retainer), issue(retainer)
		sprint = approved((one, 2), (two, 1))
	assert (sprint.status, sprint.approved_work, sprint.approved_price) == ("Approved", 3 * HOUR, 3750)
	assert state(one) == state(two) == "Approved"


def test_some_approved_the_others_leave_the_sprint(at, retainer):
	with at(f"{NOV} 17:00"):
		one, two = issue(retainer), issue(retainer)
		sprint = approved((one, 2), (two, 1), parts=[two.name])
		assert (sprint.status, sprint.approved_work, sprint.approved_price) == ("Partly Approved", HOUR, 1250)
		assert [row.answer for row in sprint.tickets] == ["Declined", "Approved"]
		assert (state(one), state(two)) == ("Declined", "Approved")
		assert frappe.db.get_value("Issue", one.name, "support_sprint") is None
		with pytest.raises(frappe.ValidationError, match="The customer declined"):
			book(one, (f"{NOV} 09:00", f"{NOV} 10:00"))
		again = approved((one, 3))
		assert state(one) == "Approved"
		kept = frappe.get_doc("Customer Answer", again.customer_answer)
		assert (kept.kind, kept.answer, kept.text_shown) == ("Sprint", "Approved", again.question)


def test_declined_whole(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = issue(retainer)
		sprint = proposed((ticket, 1))
		answer(sprint, yes=False)
		assert (sprint.reload().status, state(ticket)) == ("Declined", "Declined")


@pytest.mark.parametrize(
	("parts", "said"), [([], "Choose at least one"), (["ISS-0"], "is not in this sprint")]
)
def test_parts_that_are_none_of_its_tickets_are_refused(at, retainer, parts, said):
	with at(f"{NOV} 10:00"), pytest.raises(frappe.ValidationError, match=said):
		answer(proposed((issue(retainer), 1)), parts)


def test_withdrawn_it_is_a_draft_that_can_be_changed_and_proposed_again(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = issue(retainer)
		sprint = sprints.withdraw(proposed((ticket, 1)).name)
		assert consent.waiting_for_answer(retainer.customer) == []
		sprint.tickets[0].work = 2 * HOUR
		sprint.save()
		assert sprints.propose(sprint.name).price == 2500


def test_an_unanswered_estimate_is_withdrawn_when_a_sprint_asks_and_none_is_sent_meanwhile(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = issue(retainer)
		estimate = consent.ask("Issue", ticket.name, work=HOUR)
		sprint = proposed((ticket, 1))
		assert estimate.reload().status == "Draft"
		with pytest.raises(frappe.ValidationError, match=f"in sprint <strong>{sprint.name}"):
			consent.ask("Issue", ticket.name, work=HOUR)


# worked ----------------------------------------------------------------------------------------------


def test_booked_time_sets_it_going_and_the_total_holds_against_the_tickets_own_hours(at, retainer):
	with at(f"{NOV} 17:00"):
		one, two = issue(retainer), issue(retainer)
		sprint = approved((one, 2), (two, 1))
		book(one, (f"{NOV} 08:00", f"{NOV} 09:45"))
		sprint.reload()
		assert sprint.status == "In Progress"
		assert sprint.tickets[0].warned_on  # 1:45 of 2:00
		with pytest.raises(frappe.ValidationError, match=f"2:15 is used, of 2:00 approved in {sprint.name}"):
			book(one, (f"{NOV} 10:00", f"{NOV} 10:30"))
		consent.answer("Estimate", consent.ask("Issue", one.name, work=3 * HOUR).name, True, reason="Anna")
		book(one, (f"{NOV} 13:00", f"{NOV} 13:30"))


def test_a_sprint_is_closed_when_its_time_is_submitted(at, retainer):
	with at(f"{NOV} 17:00"):
		ticket = issue(retainer)
		sprint = approved((ticket, 2))
		sheet = book(ticket, (f"{NOV} 08:00", f"{NOV} 09:00"), submit=False)
		with pytest.raises(frappe.ValidationError, match=sheet.name):
			sprints.close(sprint.name)
		sheet.submit()
		assert sprints.close(sprint.name).status == "Done"
		assert sprints.reopen(sprint.name).status == "In Progress"
		with pytest.raises(frappe.ValidationError, match="Only an approved sprint"):
			sprints.close(sprint_of((issue(retainer), 1)).name)


def call(method, *args):
	return frappe.call(f"support_retainer.consent.api.{method}", *args)


def test_estimated_used_and_invoiced(at, retainer):
	"""2 h worked: 2 000 + 500. The invoice refers to the sprint; submitted, the closed sprint is invoiced."""
	with at(f"{NOV} 17:00"):
		one, two = issue(retainer), issue(retainer)
		sprint = approved((one, 2), (two, 1), parts=[one.name])
		book(one, (f"{NOV} 08:00", f"{NOV} 10:00"))
		call("close_sprint", sprint.name)
		assert sprint.reload().status == "Done"
		invoice = frappe.get_doc("Sales Invoice", {"retainer": retainer.name})
		assert {row.support_sprint for row in invoice.items} == {sprint.name}
		invoice.submit()
		assert sprint.reload().status == "Invoiced"
		found = consent.sprint_progress(sprint.name)
		assert found["invoices"] == [invoice.name]
		total = found["total"]
		assert (total["charged"], total["used"], total["covered"]) == (2 * HOUR, 2 * HOUR, 0)
		assert (total["price"], total["amount"], total["invoiced"]) == (2500, 2500, 2500)
		invoice.reload().cancel()
		assert sprint.reload().status == "Done"


def test_what_the_bank_covered_is_done_and_never_invoiced(at):
	with at(f"{NOV} 17:00"):
		retainer = RetainerFactory()
		ticket = issue(retainer)
		sprint = approved((ticket, 2))
		book(ticket, (f"{NOV} 08:00", f"{NOV} 10:00"))
		call("close_sprint", sprint.name)
		assert sprint.reload().status == "Done"
		assert consent.sprint_progress(sprint.name)["total"]["covered"] == 9000


# ordered ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("doctype", ["Quotation", "Sales Order"])
def test_an_approved_sprint_becomes_a_draft_order_of_its_approved_tickets(at, retainer, doctype):
	"""2 h × 1 000 and 0:30 × 1 000; the declined ticket is not on it."""
	with at(f"{NOV} 10:00"):
		one, two = issue(retainer, subject="Kassan <b>nu</b>"), issue(retainer)
		sprint = approved((one, 2), (two, 1), parts=[one.name], to_date="2026-11-13")
		order = frappe.get_doc(doctype, call("make_order", sprint.name, doctype))
		assert (order.docstatus, order.support_sprint, order.net_total) == (0, sprint.name, 2500)
		assert [(row.ticket, row.qty, row.rate, row.uom) for row in order.items] == [
			(one.name, 2, 1000, "Hour"),
			(one.name, 0.5, 1000, "Hour"),
		]
		assert "Kassan &lt;b&gt;nu&lt;/b&gt;" in order.items[0].description
		with pytest.raises(frappe.ValidationError, match="made of this sprint already"):
			call("make_order", sprint.name, doctype)


def test_a_sprint_nobody_approved_becomes_no_order(at, retainer):
	with at(f"{NOV} 10:00"), pytest.raises(frappe.ValidationError, match="Only an approved sprint"):
		call("make_order", proposed((issue(retainer), 1)).name, "Sales Order")


def ordered(sprint):
	order = frappe.get_doc("Sales Order", call("make_order", sprint.name, "Sales Order"))
	order.submit()
	return order


def test_invoice_lines_link_to_the_order_while_it_has_room(at, retainer):
	"""Ordered 2 h and 0:30; used just that. Both rows are billed in full."""
	with at(f"{NOV} 17:00"):
		ticket = issue(retainer)
		sprint = approved((ticket, 2))
		order = ordered(sprint)
		book(ticket, (f"{NOV} 08:00", f"{NOV} 10:00"))
		invoice = frappe.get_doc("Sales Invoice", {"retainer": retainer.name})
		assert [row.so_detail for row in invoice.items] == [row.name for row in order.items]
		assert {row.sales_order for row in invoice.items} == {order.name}
		invoice.submit()
		assert frappe.db.get_value("Sales Order", order.name, "per_billed") == 100


def test_work_past_the_order_is_invoiced_without_it(at, retainer):
	"""Ordered 1 h; a manager let 2 h be worked. 2 000 does not fit in 1 000: the line stands on its own."""
	with at(f"{NOV} 17:00"):
		ticket = issue(retainer)
		sprint = approved((ticket, 1))
		order = ordered(sprint)
	with at(f"{NOV} 18:00"):
		consent.go_on("Issue", ticket.name, "Anna bad oss fortsätta")
		book(ticket, (f"{NOV} 08:00", f"{NOV} 10:00"))
		invoice = frappe.get_doc("Sales Invoice", {"retainer": retainer.name})
		assert not any(row.so_detail for row in invoice.items)
		invoice.submit()
		assert frappe.db.get_value("Sales Order", order.name, "per_billed") == 0


def test_an_order_that_comes_of_the_offer_is_linked_too(at, retainer):
	from erpnext.selling.doctype.quotation.quotation import make_sales_order

	with at(f"{NOV} 17:00"):
		ticket = issue(retainer)
		sprint = approved((ticket, 2))
		offer = frappe.get_doc("Quotation", call("make_order", sprint.name, "Quotation"))
		offer.submit()
		order = make_sales_order(offer.name)
		order.delivery_date = "2026-11-13"
		order.insert()
		order.submit()
		assert order.support_sprint == sprint.name
		book(ticket, (f"{NOV} 08:00", f"{NOV} 09:00"))
		invoice = frappe.get_doc("Sales Invoice", {"retainer": retainer.name})
		assert {row.sales_order for row in invoice.items} == {order.name}


# who may -----------------------------------------------------------------------------------------------


def test_agents_gather_and_propose_contacts_have_no_right_to_the_document(at, retainer):
	with at(f"{NOV} 10:00"):
		sprint = sprint_of((issue(retainer), 1))
		contact = contact_for(retainer.customer, "kund.s@example.com")
		agent = person("s1@example.com", "Support Agent").name
		with as_user(agent):
			call("send", "Support Sprint", sprint.name)
		for user in (contact, person("s2@example.com", "Accounts User").name):
			with as_user(user), pytest.raises(frappe.PermissionError):
				call("withdraw", "Support Sprint", sprint.name)
		with as_user(contact), pytest.raises(frappe.PermissionError):
			call("sprint_progress", sprint.name)
