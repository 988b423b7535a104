"""What jobs could not do stands in one place, with the sentence and the next try; what works later is marked so."""

from __future__ import annotations

import frappe
import pytest

from support_retainer import background, billing, consent, people, tickets, timebank
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory
from tests.visiting import contact_for, person

pytestmark = pytest.mark.usefixtures("now")

DOCTYPE = "Background Problem"


def problems(**filters) -> list:
	return frappe.get_all(DOCTYPE, filters, ["*"], order_by="creation")


def test_one_problem_is_one_record_and_is_solved_by_itself(at):
	retainer = RetainerFactory()
	for moment in ("2026-11-20 12:00", "2026-11-20 13:00"):
		with at(moment):
			error = frappe.ValidationError("Choose the <b>holiday list</b>.")
			background.failed("close:x", "Close x", error, retainer=retainer.name)
	(found,) = problems(key="close:x")
	assert (found.tries, found.status, found.why) == (2, "Waiting", "Choose the holiday list.")
	assert (str(found.first_on)[11:16], str(found.last_on)[11:16]) == ("12:00", "13:00")
	assert (found.customer, found.error_log) == (retainer.customer, None)
	background.solved("close:x")
	assert problems(key="close:x")[0].status == "Solved"
	background.failed("close:x", "Close x", "Again", retainer=retainer.name)
	assert (problems(key="close:x")[0].status, problems(key="close:x")[0].tries) == ("Waiting", 1)


def test_an_error_for_developers_has_its_log():
	name = background.failed("x", "Something", KeyError("holiday_list"))
	found = frappe.get_doc(DOCTYPE, name)
	assert "nobody foresaw" in found.why
	assert frappe.db.exists("Error Log", found.error_log)


def test_it_is_written_by_jobs_alone():
	doc = frappe.get_doc(DOCTYPE, background.failed("x", "Something", "Because"))
	doc.why = "Never mind"
	with pytest.raises(frappe.PermissionError):
		doc.save()
	with pytest.raises(frappe.PermissionError):
		doc.delete()


def test_periods_that_cannot_be_opened_stop_no_others(at):
	bad, good = RetainerFactory(), RetainerFactory()
	frappe.db.set_value("Retainer", bad.name, "period", "Weekly")
	frappe.clear_document_cache("Retainer", bad.name)
	with at("2026-12-01 00:10"):
		timebank.open_due_periods()
		assert frappe.db.exists("Timebank Period", {"retainer": good.name, "from_date": "2026-12-01"})
		(found,) = problems(retainer=bad.name)
		assert (found.status, str(found.next_try)) == ("Waiting", "2026-12-01 01:10:00")
		frappe.db.set_value("Retainer", bad.name, "period", "Monthly")
		timebank.open_due_periods()
	assert problems(retainer=bad.name)[0].status == "Solved"


def test_a_close_that_fails_stands_in_the_list_until_it_works(at):
	retainer = RetainerFactory()
	with at("2026-12-10 08:00"):
		frappe.db.set_value("Retainer", retainer.name, "carry_over", "Alltid")  # written past the form
		billing.close_retainer(retainer.name)
		(found,) = problems(key=f"close:{retainer.name}")
		assert (found.status, found.customer) == ("Waiting", retainer.customer)
		assert str(found.next_try)[:10] == "2026-12-11"
		frappe.db.set_value("Retainer", retainer.name, "carry_over", "None")
		assert billing.close_retainer(retainer.name)
	assert problems(key=f"close:{retainer.name}")[0].status == "Solved"


def test_a_ticket_that_cannot_be_escalated_stops_no_others(at):
	customer = RetainerFactory().customer
	bad, good = IssueFactory(customer=customer), IssueFactory(customer=customer)
	frappe.db.set_value("Issue", bad.name, "clock_moments", "{ no json")
	with at("2026-12-20 12:00"):
		tickets.escalate()
	assert frappe.db.get_value("Issue", good.name, "assign_status") == "Breached"
	(found,) = problems(reference_name=bad.name)
	assert found.error_log


def test_a_question_that_cannot_run_out_stops_no_others(at):
	customer = RetainerFactory().customer
	names = [consent.ask("Issue", IssueFactory(customer=customer).name, work=6 * 3600).name for _ in range(2)]
	frappe.db.set_value("Ticket Estimate", names, "valid_until", "2026-11-21")
	frappe.db.set_value("Ticket Estimate", names[0], "currency", "No Such Currency")
	with at("2026-11-25 12:00"):
		consent.expire_due()
	statuses = [frappe.db.get_value("Ticket Estimate", name, "status") for name in names]
	assert statuses[1] == "Expired"
	assert (statuses[0] == "Expired") != bool(problems(reference_name=names[0]))


def test_disabled_customers_get_no_mail():
	customer = CustomerFactory().name
	contact_for(customer, "anna@fjall.example.com")
	assert people.contacts_of(customer) == ["anna@fjall.example.com"]
	frappe.db.set_value("Customer", customer, "disabled", 1)
	assert people.contacts_of(customer) == []


def test_nobody_gets_a_customer_s_mail_by_a_contact_of_their_own():
	customer = CustomerFactory().name
	stranger = person("mallory@example.com", "Customer").name
	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": "Mallory",
			"user": stranger,
			"email_ids": [{"email_id": stranger, "is_primary": 1}],
			"links": [{"link_doctype": "Customer", "link_name": customer}],
		}
	).insert()
	frappe.db.set_value("Contact", contact.name, "owner", stranger)
	assert people.contacts_of(customer) == []
