"""The pages under /support as the customer's people, strangers and staff get them; and what their forms do."""

from html import unescape

import frappe
import pytest
from frappe.utils import fmt_money

from tests.factories import IssueFactory, RetainerFactory, book, urgent_issue
from tests.visiting import contact_for, customer_with_contact, person, visit

ANNA = "anna.pages@example.com"
PAGES = ("/support", "/support/tickets", "/support/new", "/support/order", "/support/time")


@pytest.fixture
def shop(at):
	"""Fjällbutiken's retainer: 10 h a month at 1 000, Anna its contact."""
	customer, _anna = customer_with_contact(ANNA)
	return RetainerFactory(customer=customer)


def offer_token(page, urgency):
	part = page.html.split(f'name="offer_{urgency}" value="')[1]
	return unescape(part.split('"')[0])


def test_home_says_what_is_left_and_what_the_time_was_for(shop, at):
	frappe.db.set_value("Activity Type", "Execution", "work_category", "Development")
	ticket = IssueFactory(customer=shop.customer, subject="Frakten")
	book(ticket, ("2026-11-02 09:00", "2026-11-02 09:50"))
	with at("2026-11-03 10:00"):
		page = visit(ANNA, "/support")
	assert page.status == 200
	# 50 min start 4 quarters = 1:00, 25 % of it is 0:15, and 10:00 - 1:15 = 8:45
	for words in ("8:45 h left", "8:45 h until Mon 30 Nov", "Given 10:00 h", "Drawn 1:15 h"):
		assert words in page.text
	# 1:00 of 1:15 is 80 %, project management the other 20 %
	assert "Development 1:00 h 80 % 55 %" in page.text
	assert "Project Management 0:15 h 20 % 20 %" in page.text


def test_home_says_what_the_money_beyond_the_bank_is(shop, at):
	ticket = urgent_issue(customer=shop.customer)
	book(ticket, ("2026-11-02 08:00", "2026-11-02 17:00"))  # 9 h drawn 10, PM 2:15 is 1:15 beyond
	with at("2026-11-03 10:00"):
		text = visit(ANNA, "/support").text
	assert "0:00 h left" in text
	assert "Beyond the bank 1:15 h" in text
	# 1:15 at 1 000 is 1 250; the surcharge of 75 % on 9 h is 6 750
	assert f"In money, before VAT {fmt_money(8000, currency='SEK')}" in text


def test_a_promise_stands_in_plain_words(shop, at):
	with at("2026-11-02 10:00"):
		IssueFactory(customer=shop.customer, subject="Frakten")
		text = visit(ANNA, "/support/tickets").text
	assert "assigned by Tue 3 Nov 13:00" in text


def test_the_list_is_searched_and_filtered_and_paged(shop, at):
	for number in range(22):
		IssueFactory(customer=shop.customer, subject=f"Ärende nummer {number}")
	urgent_issue(customer=shop.customer, subject="Kassan står stilla")
	closed = IssueFactory(customer=shop.customer, subject="Gammalt")
	closed.status = "Closed"
	closed.save()
	first = visit(ANNA, "/support/tickets").html
	assert first.count("support-ticket-title") == 20
	assert "page=2" in first and "Gammalt" not in first
	assert first.index("Kassan") < first.index("Ärende nummer 0")  # urgent work comes first
	assert visit(ANNA, "/support/tickets?page=2").html.count("support-ticket-title") == 3
	assert visit(ANNA, "/support/tickets?q=nummer+7").html.count("support-ticket-title") == 1
	assert visit(ANNA, "/support/tickets?urgency=Urgent").html.count("support-ticket-title") == 1
	assert "Gammalt" in visit(ANNA, "/support/tickets?state=done").html
	assert "Kassan" in visit(ANNA, "/support/tickets?state=nonsense&page=-4&urgency=%3Cb%3E").html


def test_a_ticket_is_sent_with_the_promise_that_was_read(shop, at):
	with at("2026-11-07 14:00"):  # a Saturday
		form = visit(ANNA, "/support/new")
		assert "Assigned by Sat 7 Nov 16:00, work begins by Sat 7 Nov 18:00" in form.text
		# a quarter at 1 000 is 250, and 150 % of it 375
		assert f"surcharge of +150 % is {fmt_money(375, currency='SEK')} for" in form.text
		sent = visit(
			ANNA,
			"/support/new",
			{
				"action": "send",
				"subject": "Kassan står stilla",
				"description": "Första raden\n\n<script>alert(1)</script>",
				"urgency": "Urgent",
				"expected_hours": "1,5",
				"estimate": "1",
				"offer_Urgent": offer_token(form, "Urgent"),
			},
		)
	assert sent.status == 303, sent.text
	name = sent.location.partition("?")[0].rpartition("/")[2]
	ticket = frappe.get_doc("Issue", name)
	assert (ticket.customer, ticket.raised_by, ticket.owner) == (shop.customer, ANNA, ANNA)
	assert (ticket.priority, ticket.expected_hours, ticket.estimate_requested) == ("Urgent", 1.5, 1)
	assert str(ticket.assign_by) == "2026-11-07 16:00:00" and ticket.sla_rule == "Urgent, out of hours"
	page = visit(ANNA, f"/support/tickets/{name}")
	assert "<script>alert" not in page.html and "Första raden" in page.text


def test_an_offer_that_changed_is_read_again_before_it_holds(shop, at):
	with at("2026-11-02 16:59"):
		token = offer_token(visit(ANNA, "/support/new"), "Urgent")
	form = {"action": "send", "subject": "Kassan", "urgency": "Urgent", "offer_Urgent": token}
	with at("2026-11-02 17:01"):
		page = visit(ANNA, "/support/new", form)
	assert page.status == 417 and "has changed since you opened the page" in page.text
	assert 'value="Kassan"' in page.html  # what was typed is still there
	assert not frappe.db.exists("Issue", {"customer": shop.customer})


def test_tickets_are_ranked_within_their_urgency(shop):
	names = [IssueFactory(customer=shop.customer).name for _number in range(3)]
	urgent = urgent_issue(customer=shop.customer).name
	page = visit(ANNA, "/support/order", {"action": "move", "ticket": f"{names[2]}:up"})
	assert page.status == 303
	ranks = dict(
		frappe.get_all("Issue", {"customer": shop.customer}, ["name", "customer_rank"], as_list=True)
	)
	assert [ranks[name] for name in (names[0], names[2], names[1])] == [1, 2, 3]
	visit(ANNA, "/support/order", {"action": "move", "ticket": f"{urgent}:up"})
	assert frappe.db.get_value("Issue", urgent, "customer_rank") == 1


def test_a_reply_opens_the_ticket_and_is_in_the_conversation(shop):
	ticket = IssueFactory(customer=shop.customer, raised_by=ANNA)
	frappe.db.set_value("Issue", ticket.name, "status", "Replied")
	sent = visit(ANNA, f"/support/tickets/{ticket.name}", {"action": "reply", "text": "Så här blev det"})
	assert sent.status == 303, sent.text
	assert frappe.db.get_value("Issue", ticket.name, "status") == "Open"
	assert "Så här blev det" in visit(ANNA, f"/support/tickets/{ticket.name}").text


def test_the_clock_of_a_ticket_that_is_done_does_not_stand_still_until_now(shop, at):
	ticket = IssueFactory(customer=shop.customer)
	with at("2026-11-02 11:00"):
		ticket.status = "On Hold"
		ticket.save()
	with at("2026-11-02 13:00"):
		assert "The clock stood still" in visit(ANNA, f"/support/tickets/{ticket.name}").text
		ticket.reload().status = "Open"
		ticket.save()
	with at("2026-11-02 15:00"):
		ticket.status = "Closed"
		ticket.save()
		text = visit(ANNA, f"/support/tickets/{ticket.name}").text
	assert "The clock stood still" in text and "to now" not in text


def test_what_staff_write_among_themselves_is_not_shown(shop):
	ticket = IssueFactory(customer=shop.customer, raised_by=ANNA)
	for recipients, text in ((ANNA, "Till kunden"), ("disa@byran.example", "Bara mellan oss")):
		frappe.get_doc(
			{
				"doctype": "Communication",
				"communication_type": "Communication",
				"sent_or_received": "Sent",
				"sender": "agent@byran.example",
				"recipients": recipients,
				"subject": "Re",
				"content": text,
				"reference_doctype": "Issue",
				"reference_name": ticket.name,
			}
		).insert()
	ticket.add_comment("Comment", "Intern kommentar")
	text = visit(ANNA, f"/support/tickets/{ticket.name}").text
	assert "Till kunden" in text
	assert "Bara mellan oss" not in text and "Intern kommentar" not in text


def letter(ticket, sender: str, recipients: str, text: str, way: str = "Sent"):
	return frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"sent_or_received": way,
			"sender": sender,
			"recipients": recipients,
			"subject": "Re",
			"content": text,
			"reference_doctype": "Issue",
			"reference_name": ticket.name,
		}
	).insert()


def test_letters_about_a_ticket_that_staff_raised_stay_among_them(shop):
	"""ERPNext keeps whoever registers a ticket as the one who raised it."""
	disa = person("disa.pages@example.com", "Support Agent").name
	ticket = IssueFactory(customer=shop.customer, raised_by=disa)
	letter(ticket, "kollega@byran.example", disa, "Kollegan till Disa")
	letter(ticket, disa, "kollega@byran.example", "Disa till kollegan", "Received")
	letter(ticket, disa, ANNA, "Disa till Anna")
	text = visit(ANNA, f"/support/tickets/{ticket.name}").text
	assert "Disa till Anna" in text
	assert "Kollegan till Disa" not in text and "Disa till kollegan" not in text


def test_staff_who_are_a_customers_contact_too_are_staff(shop):
	disa = person("disa.pages@example.com", "Support Agent").name
	customer = frappe.get_doc("Customer", shop.customer)
	customer.append("portal_users", {"user": disa})
	customer.save()
	ticket = IssueFactory(customer=shop.customer, raised_by=ANNA)
	letter(ticket, "kollega@byran.example", disa, "Kollegan till Disa")
	assert "Kollegan till Disa" not in visit(ANNA, f"/support/tickets/{ticket.name}").text


def test_a_ticket_that_moved_leaves_the_other_customers_letters_behind(shop):
	other, bertil = customer_with_contact("bertil.pages@example.com")
	ticket = IssueFactory(customer=other, raised_by=bertil)
	letter(ticket, bertil, "support@byran.example", "Bertils hemlighet", "Received")
	ticket.reload()
	ticket.customer = shop.customer
	ticket.save()
	letter(ticket, "support@byran.example", ANNA, "Till Anna")
	text = visit(ANNA, f"/support/tickets/{ticket.name}").text
	assert "Till Anna" in text and "Bertils hemlighet" not in text


def test_a_letter_from_an_unknown_address_that_raised_the_ticket_is_shown(shop):
	ticket = IssueFactory(customer=shop.customer, raised_by="okand@fjall.example")
	letter(ticket, "okand@fjall.example", "support@byran.example", "Hej, vi är nya", "Received")
	assert "Hej, vi är nya" in visit(ANNA, f"/support/tickets/{ticket.name}").text


def test_every_charge_says_how_it_came_about(shop):
	ticket = urgent_issue(customer=shop.customer)
	book(ticket, ("2026-11-05 16:50", "2026-11-05 17:20"))
	text = visit(ANNA, f"/support/tickets/{ticket.name}").text
	assert "1 × 15 min started under “Urgent, office hours” (+75 %): 0:15" in text
	assert "1 × 15 min started under “Urgent, out of hours” (+150 %): 0:15" in text


def test_the_ledger_is_filtered(shop):
	ticket = IssueFactory(customer=shop.customer, subject="Frakten")
	book(ticket, ("2026-11-02 09:00", "2026-11-02 09:50"))
	assert "Frakten" in visit(ANNA, "/support/time").text
	assert "Frakten" not in visit(ANNA, "/support/time?kind=Allotment").text
	assert "Frakten" not in visit(ANNA, "/support/time?from=2026-11-03").text
	assert "Frakten" in visit(ANNA, "/support/time?from=2026-11-02&to=2026-11-02").text
	assert visit(ANNA, "/support/time?from=nonsense&kind=nonsense").status == 200


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_the_customers_people_and_staff(path, shop):
	person("stranger.pages@example.com", "Customer")
	agent = person("agent.pages@example.com", "Support Agent", "Sales User").name
	assert visit("Guest", path).status == 403
	assert visit("stranger.pages@example.com", path).status == 403
	assert visit(ANNA, path).status == 200
	assert visit(ANNA, f"{path}?customer=Somebody").status == 403
	seen = visit(agent, f"{path}?customer={shop.customer}")
	assert seen.status == 200 and "sees it. Only the customer can answer here." in seen.text


def test_staff_can_look_and_not_write(shop):
	agent = person("agent.pages@example.com", "Support Agent", "Sales User").name
	ticket = IssueFactory(customer=shop.customer)
	for path, form in (
		("/support/new", {"action": "send", "subject": "x"}),
		("/support/order", {"action": "move", "ticket": f"{ticket.name}:up"}),
		(f"/support/tickets/{ticket.name}", {"action": "reply", "text": "x"}),
	):
		assert visit(agent, f"{path}?customer={shop.customer}", form).status == 403


def test_one_answer_for_anothers_ticket_and_for_none(shop):
	customer, bertil = customer_with_contact("bertil.pages@example.com")
	RetainerFactory(customer=customer)
	ticket = IssueFactory(customer=shop.customer, subject="Hemligt")
	theirs, none = (visit(bertil, f"/support/tickets/{name}") for name in (ticket.name, "ISS-NONE"))
	assert theirs.status == none.status == 403
	assert theirs.text.replace(ticket.name, "") == none.text.replace("ISS-NONE", "")
	moved = visit(bertil, "/support/order", {"action": "move", "ticket": f"{ticket.name}:up"})
	assert moved.status == 403


def test_a_form_without_the_sessions_token_is_refused(shop):
	page = visit(ANNA, "/support/new", {"action": "send", "subject": "x"}, csrf=False)
	assert page.status == 400 and not frappe.db.exists("Issue", {"customer": shop.customer})


def test_text_cannot_become_markup(shop):
	bad = '"><img src=x onerror=alert(1)>{{ 7*7 }}'
	ticket = IssueFactory(customer=shop.customer, subject=bad, description=f"<p onclick='x()'>{bad}</p>")
	for path in (*PAGES, f"/support/tickets/{ticket.name}", "/support/tickets?q=%22%3E%3Cimg+src=x%3E"):
		html = visit(ANNA, path).html
		assert "<img src=x" not in html and "onclick" not in html.replace("frappe.ready", "")


def test_a_contact_of_several_customers_chooses(shop):
	other = RetainerFactory()
	contact_for(other.customer, "cecilia.pages@example.com")
	doc = frappe.get_doc("Customer", shop.customer)
	doc.append("portal_users", {"user": "cecilia.pages@example.com"})
	doc.save()
	choice = visit("cecilia.pages@example.com", "/support")
	assert choice.status == 200 and "Choose a customer." in choice.text
	assert visit("cecilia.pages@example.com", "/support/tickets").location == "/support"
	assert visit("cecilia.pages@example.com", f"/support/tickets?customer={shop.customer}").status == 200
