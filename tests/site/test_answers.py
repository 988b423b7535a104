"""The customer's word: who may give it, that it counts once, what is kept of it, and what it sets going."""

import json
from datetime import datetime

import frappe
import pytest

from support_retainer import consent, people, timebank
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book
from tests.visiting import as_user, contact_for, person

HOUR = 3600
NOV = "2026-11-02"
ANNA, OLA = "anna@fjall.example.com", "ola@fjall.example.com"


@pytest.fixture
def retainer(at):
	with at(f"{NOV} 08:00"):
		retainer = RetainerFactory(overage_policy="Ask First")
		for user in (ANNA, OLA):
			contact_for(retainer.customer, user)
		return retainer


@pytest.fixture
def estimate(at, retainer):
	with at(f"{NOV} 10:00"):
		return consent.ask("Issue", IssueFactory(customer=retainer.customer).name, work=6 * HOUR)


def question(customer):
	(found,) = consent.waiting_for_answer(customer)
	return found


def give(user, found, approve=True, note="", **values) -> dict:
	with as_user(user):
		return consent.answer(found.kind, found.name, approve, note, fingerprint=found.fingerprint, **values)


def answers(**filters) -> list:
	return [
		frappe.get_doc("Customer Answer", name)
		for name in frappe.get_all("Customer Answer", filters, pluck="name")
	]


# who may -----------------------------------------------------------------------------------------------


def test_a_contact_answers_and_all_of_it_is_kept(at, retainer, estimate):
	with at(f"{NOV} 14:05"):
		found = question(retainer.customer)
		frappe.local.request_ip = "192.0.2.7"
		given = give(ANNA, found, note="  Kör på! <b>Nu</b> <script>x</script>")
	frappe.local.request_ip = None
	assert given["counted"]
	kept = frappe.get_doc("Customer Answer", given["answer"])
	assert (kept.kind, kept.answer, kept.customer, kept.retainer) == (
		"Estimate",
		"Approved",
		retainer.customer,
		retainer.name,
	)
	assert (kept.reference_doctype, kept.reference_name, kept.ticket) == (
		"Ticket Estimate",
		estimate.name,
		estimate.ticket,
	)
	assert (kept.user, kept.full_name, kept.source, kept.on_behalf) == (ANNA, "anna", "Portal", 0)
	assert kept.ip_address == "192.0.2.7"
	assert kept.answered_at == "2026-11-02T14:05:00+01:00"
	assert "Kör på! <b>Nu</b>" in kept.note
	assert "<script>" not in kept.note
	assert kept.text_shown == estimate.question == found.text
	assert json.loads(kept.figures_shown) == found.figures
	assert found.figures["price"] == "7500.00"
	assert estimate.reload().status == "Approved"
	assert estimate.answered_on == datetime(2026, 11, 2, 14, 5)
	comment = frappe.get_last_doc("Comment", {"reference_name": estimate.ticket, "comment_type": "Info"})
	assert "<script>" not in comment.content
	assert "<b>" not in comment.content
	assert "Kör på!" in comment.content


def test_the_persons_contact_is_kept_where_there_is_one(at, retainer, estimate):
	with at(f"{NOV} 14:00"):
		linked = person("lisa@fjall.example.com", "Customer").name
		contact = frappe.get_doc("Contact", {"user": linked})
		contact.append("links", {"link_doctype": "Customer", "link_name": retainer.customer})
		contact.save()
		given = give(linked, question(retainer.customer))
	assert frappe.db.get_value("Customer Answer", given["answer"], "contact") == contact.name


@pytest.mark.parametrize("who", ["other", "Guest", "agent", "accounts", "disabled"])
def test_everyone_else_is_refused(at, retainer, estimate, who):
	with at(f"{NOV} 14:00"):
		user = {
			"other": lambda: contact_for(RetainerFactory().customer, "b@other.example.com"),
			"Guest": lambda: "Guest",
			"agent": lambda: person("agent.a@example.com", "Support Agent").name,
			"accounts": lambda: person("ekonomi@example.com", "Accounts User").name,
			"disabled": lambda: _disabled(retainer.customer),
		}[who]()
		found = question(retainer.customer)
		with pytest.raises(frappe.PermissionError):
			give(user, found, reason="Jag låtsas")
	assert answers(reference_name=estimate.name) == []


def _disabled(customer) -> str:
	user = contact_for(customer, "slutat@fjall.example.com")
	frappe.db.set_value("User", user, "enabled", 0)
	frappe.clear_document_cache("User", user)
	return user


def test_what_is_not_there_is_refused_in_the_same_words_as_what_is_anothers(at, retainer, estimate):
	with at(f"{NOV} 14:00"):
		other = contact_for(RetainerFactory().customer, "b@other.example.com")
		said = []
		for kind, name in (
			("Estimate", estimate.name),
			("Estimate", "EST-99999"),
			("Sprint", "'; --"),
			("Nonsense", "x"),
		):
			with as_user(other), pytest.raises(frappe.PermissionError) as error:
				consent.answer(kind, name, True, fingerprint="x")
			said.append(str(error.value))
		assert len(set(said)) == 1


def test_a_manager_answers_for_the_customer_with_how_they_know(at, retainer, estimate):
	with at(f"{NOV} 14:00"):
		manager = person("chef.a@example.com", "Retainer Manager", "Sales User").name
		with as_user(manager):
			with pytest.raises(frappe.ValidationError, match="Write how the customer gave this answer"):
				consent.answer("Estimate", estimate.name, True)
			given = consent.answer("Estimate", estimate.name, True, reason="Anna ringde 13:50", source="Mail")
		assert given["message"] == "The customer's answer is kept: Approved."
		kept = frappe.get_doc("Customer Answer", given["answer"])
		assert (kept.on_behalf, kept.reason, kept.source, kept.contact) == (
			1,
			"Anna ringde 13:50",
			"Mail",
			None,
		)


def test_staff_who_look_at_the_portal_do_not_answer_there(at, retainer, estimate):
	with at(f"{NOV} 14:00"):
		agent = person("tittar@example.com", "Support Agent").name
		contact = frappe.get_doc("Contact", {"user": agent})
		contact.append("links", {"link_doctype": "Customer", "link_name": retainer.customer})
		contact.save()
		assert people.customers_of(agent) == []
		with pytest.raises(frappe.PermissionError):
			give(agent, question(retainer.customer))


# once ------------------------------------------------------------------------------------------------


def test_twice_is_once_and_the_second_is_told_whose_counts(at, retainer, estimate):
	with at(f"{NOV} 14:00"):
		found = question(retainer.customer)
		first = give(ANNA, found)
		again, other = give(ANNA, found), give(OLA, found, approve=False)
	for later in (again, other):
		assert (later["counted"], later["answer"], later["answer_given"]) == (
			False,
			first["answer"],
			"Approved",
		)
	assert "Approved by anna" in other["message"]
	assert len(answers(reference_name=estimate.name)) == 1
	assert estimate.reload().status == "Approved"


def test_a_contact_answers_the_text_they_saw_and_no_other(at, retainer, estimate):
	with at(f"{NOV} 14:00"), as_user(ANNA):
		for shown in (None, "", "0" * 32):
			with pytest.raises(frappe.ValidationError, match="have changed since they were shown"):
				consent.answer("Estimate", estimate.name, True, fingerprint=shown)


def test_an_answer_to_what_was_superseded_is_refused(at, retainer, estimate):
	with at(f"{NOV} 14:00"):
		old = question(retainer.customer)
		consent.ask("Issue", estimate.ticket, work=8 * HOUR)
		with pytest.raises(frappe.ValidationError, match="withdrawn, replaced or ran out"):
			give(ANNA, old)
		assert question(retainer.customer).figures["price"] == "10000.00"


def test_a_key_is_there_once_whatever_happens(at, retainer, estimate):
	with at(f"{NOV} 14:00"):
		kept = frappe.get_doc("Customer Answer", give(ANNA, question(retainer.customer))["answer"])
		copy = frappe.copy_doc(kept)
		copy.key, copy.flags.from_room = kept.key, True
		with pytest.raises(frappe.UniqueValidationError):
			copy.insert()


def test_nobody_edits_or_deletes_an_answer(at, retainer, estimate):
	with at(f"{NOV} 14:00"):
		kept = frappe.get_doc("Customer Answer", give(ANNA, question(retainer.customer))["answer"])
		kept.note = "Nej"
		for change in (
			kept.save,
			kept.delete,
			lambda: frappe.delete_doc("Customer Answer", kept.name, force=True),
		):
			with pytest.raises(frappe.PermissionError, match="kept as it was given"):
				change()
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(
				{**kept.as_dict(), "doctype": "Customer Answer", "name": None, "key": "ny", "__islocal": 1}
			).insert()
	rights = ("write", "create", "delete", "import", "submit", "cancel", "amend")
	assert not any(
		row.get(right) for row in frappe.get_meta("Customer Answer").permissions for right in rights
	)


def test_the_text_is_in_the_customers_language_and_the_asker_keeps_their_own(at, retainer):
	with at(f"{NOV} 10:00"):
		frappe.db.set_value("Customer", retainer.customer, "language", "sv")
		frappe.clear_document_cache("Customer", retainer.customer)
		consent.ask("Issue", IssueFactory(customer=retainer.customer).name, work=HOUR)
		assert frappe.local.lang == "en"
		given = give(ANNA, question(retainer.customer))
	assert frappe.db.get_value("Customer Answer", given["answer"], "language") == "sv"


# held overage ------------------------------------------------------------------------------------------


def held(retainer):
	"""Book 9 h: 11:15 with project management, of which the bank gives 10 h; 1:15 × 1 000 is held."""
	ticket = IssueFactory(customer=retainer.customer)
	book(ticket, (f"{NOV} 08:00", f"{NOV} 17:00"))
	return ticket


def test_held_time_asks_in_the_same_place_and_a_yes_invoices_it(at, retainer):
	with at(f"{NOV} 18:00"):
		ticket = held(retainer)
		found = question(retainer.customer)
		assert (found.kind, found.name) == ("Overage", f"{retainer.name}:{ticket.name}")
		assert (found.figures["overage"], found.figures["amount"]) == (4500, "1250.00")
		assert not frappe.db.exists("Sales Invoice", {"retainer": retainer.name})
		assert give(ANNA, found, note="Det är rimligt")["counted"]
		invoice = frappe.get_doc("Sales Invoice", {"retainer": retainer.name})
		assert (invoice.net_total, invoice.docstatus) == (1250, 0)
		assert timebank.entries_of(retainer=retainer.name, billing_status="Held") == []
		(kept,) = answers(kind="Overage")
		assert (kept.reference_doctype, kept.reference_name) == ("Issue", ticket.name)
		assert give(OLA, found, approve=False)["counted"] is False


def test_a_no_writes_it_off(at, retainer):
	with at(f"{NOV} 18:00"):
		held(retainer)
		give(ANNA, question(retainer.customer), approve=False, note="Det var ert fel")
		found = timebank.entries_of(retainer=retainer.name, billing_status="Written Off")
		assert sum(entry.amount for entry in found) == 1250
		assert "Det var ert fel" in found[0].reason
		assert consent.waiting_for_answer(retainer.customer) == []


def test_more_held_time_is_another_text(at, retainer):
	with at("2026-11-03 18:00"):
		ticket = held(retainer)
		old = question(retainer.customer)
		book(ticket, ("2026-11-03 08:00", "2026-11-03 09:00"))
		with pytest.raises(frappe.ValidationError, match="have changed since they were shown"):
			give(ANNA, old)
		assert question(retainer.customer).figures["amount"] == "2500.00"


def test_what_staff_decide_by_their_own_button_is_kept_too(at, retainer):
	with at(f"{NOV} 18:00"):
		held(retainer)
		names = [row.name for row in timebank.entries_of(retainer=retainer.name, billing_status="Held")]
		frappe.call("support_retainer.billing.api.approve_overage", json.dumps(names), "Anna mejlade ja")
		(kept,) = answers(kind="Overage")
		assert (kept.answer, kept.on_behalf, kept.reason) == ("Approved", 1, "Anna mejlade ja")


# the agency's own suggestions ----------------------------------------------------------------------------


def suggest(retainer, **values):
	return IssueFactory(customer=retainer.customer, origin="Agency", subject="Byt PHP-version", **values)


def test_a_suggestion_waits_without_a_clock_and_takes_no_time(at, retainer):
	with at(f"{NOV} 17:00"):
		ticket = suggest(retainer, expected_hours=2, description="<p>Den gamla tar <b>slut</b>.</p>")
		found = question(retainer.customer)
		assert (ticket.sla_rule, ticket.assign_by) == (None, None)
		assert (found.kind, found.name, found.figures["price"]) == ("Suggestion", ticket.name, "2500.00")
		assert "Den gamla tar slut." in found.text
		assert consent.ticket_state("Issue", ticket.name)["waits_for"] == "Suggestion"
		with pytest.raises(frappe.ValidationError, match="waits for the customer to accept"):
			book(ticket, (f"{NOV} 09:00", f"{NOV} 10:00"))


def test_accepted_its_clock_runs_from_that_moment(at, retainer):
	"""Accepted Tuesday 10:00, within budget: assigned by Wednesday 13:00 (12 office hours), begun by Tue 10 Nov 13:00 (48)."""
	with at(f"{NOV} 10:00"):
		ticket = suggest(retainer)
	with at("2026-11-03 10:00"):
		assert give(ANNA, question(retainer.customer))["counted"]
		ticket.reload()
		assert ticket.sla_rule == "Normal, within budget"
		assert ticket.accepted_on == datetime(2026, 11, 3, 10)
		assert (ticket.assign_by, ticket.start_by) == (datetime(2026, 11, 4, 13), datetime(2026, 11, 10, 13))
		assert ticket.assign_status == "Pending"
		assert consent.waiting_for_answer(retainer.customer) == []
		ticket.description = "Mer text"
		ticket.save()
		assert ticket.reload().assign_by == datetime(2026, 11, 4, 13)
		book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))


def test_declined_it_is_closed(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = suggest(retainer)
		found = question(retainer.customer)
		give(ANNA, found, approve=False, note="Inte nu")
		assert ticket.reload().status == "Closed"
		assert consent.waiting_for_answer(retainer.customer) == []
	with at("2026-12-01 10:00"):
		ticket.status = "Open"
		ticket.save()
		again = question(retainer.customer)
		assert again.fingerprint != found.fingerprint
		assert give(ANNA, again)["counted"]


def test_who_approves_the_price_of_a_suggestion_accepts_it(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = suggest(retainer)
		consent.ask("Issue", ticket.name, work=5 * HOUR)
		found = question(retainer.customer)
		assert found.kind == "Estimate"
		assert [each.kind for each in consent.waiting_titles(retainer.customer)] == ["Estimate"]
		give(ANNA, found)
		assert ticket.reload().accepted_on
		assert consent.ticket_state("Issue", ticket.name)["state"] == "Approved"


def test_nobody_accepts_by_writing_the_field(at, retainer):
	with at(f"{NOV} 10:00"):
		ticket = suggest(retainer)
		ticket.accepted_on = "2026-11-01 10:00:00"
		ticket.save()
		assert ticket.reload().accepted_on is None


# all in one place ----------------------------------------------------------------------------------------


def test_everything_waits_in_one_place_for_its_own_customer_alone(at, retainer):
	with at(f"{NOV} 10:00"):
		suggest(retainer)
	with at(f"{NOV} 11:00"):
		consent.ask("Issue", IssueFactory(customer=retainer.customer).name, work=HOUR)
	with at(f"{NOV} 18:00"):
		held(retainer)
		found = consent.waiting_for_answer(retainer.customer)
		assert [each.kind for each in found] == ["Suggestion", "Estimate", "Overage"]
		assert {each.customer for each in found} == {retainer.customer}
		titles = consent.waiting_titles(retainer.customer)
		assert [(each.kind, each.name) for each in titles] == [(each.kind, each.name) for each in found]
		assert consent.waiting_for_answer(CustomerFactory().name) == []
		with as_user(ANNA):
			seen = frappe.call("support_retainer.consent.api.waiting_for", retainer.customer)
			assert [each["name"] for each in seen] == [each.name for each in found]
		other = contact_for(RetainerFactory().customer, "b@other.example.com")
		with as_user(other), pytest.raises(frappe.PermissionError):
			frappe.call("support_retainer.consent.api.waiting_for", retainer.customer)
