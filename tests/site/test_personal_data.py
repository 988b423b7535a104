"""A person's data: handed out on request, and taken out when the person is deleted, while what bookkeeping needs stays."""

from __future__ import annotations

import json

import frappe
import pytest
from frappe.website.doctype.personal_data_download_request.personal_data_download_request import get_user_data

from support_retainer import consent, paper
from tests.factories import IssueFactory, RetainerFactory, outgoing_account
from tests.visiting import as_user, contact_for

HOUR = 3600
ANNA, OLA = "anna.berg@fjall.example.com", "ola@fjall.example.com"


@pytest.fixture
def told(at):
	"""Anna answered an estimate for her ticket; she and Ola were told that it waits."""
	with at("2026-11-02 08:00"):
		outgoing_account()
		frappe.db.set_single_value("Retainer Settings", "notices_since", "2026-01-01 00:00:00")
		retainer = RetainerFactory()
		for user in (ANNA, OLA):
			contact_for(retainer.customer, user)
		ticket = IssueFactory(customer=retainer.customer, raised_by=ANNA, description=f"Ring mig, {ANNA}")
	with at("2026-11-02 09:00"):
		consent.ask("Issue", ticket.name, work=6 * HOUR)
		paper.tell_due()
		(found,) = consent.waiting_for_answer(retainer.customer)
		with as_user(ANNA):
			frappe.local.request_ip = "192.0.2.7"
			given = consent.answer(
				found.kind, found.name, True, f"Ja / {ANNA}", fingerprint=found.fingerprint
			)
		frappe.local.request_ip = None
	return frappe._dict(customer=retainer.customer, ticket=ticket.name, answer=given["answer"])


def addresses(customer: str) -> list[str]:
	name = frappe.db.get_value("Retainer Notice", {"customer": customer, "kind": "Question"}, "name")
	return sorted(frappe.db.get_value("Retainer Notice", name, "contact_emails").split(","))


def test_what_is_kept_of_a_person_is_handed_out(told):
	found = json.loads(get_user_data(ANNA))
	assert [row["name"] for row in found["Customer Answer"]] == [told.answer]
	assert [row["name"] for row in found["Issue"]] == [told.ticket]
	assert {row["email"] for row in found["Retainer Notice Recipient"]} == {ANNA}
	assert OLA not in json.dumps(found["Retainer Notice Recipient"])


def test_a_deleted_person_is_taken_out_and_the_answer_stays(told):
	assert addresses(told.customer) == [ANNA, OLA]
	text = frappe.db.get_value("Customer Answer", told.answer, "text_shown")
	request = frappe.get_doc({"doctype": "Personal Data Deletion Request", "email": ANNA}).insert()
	request.db_set("status", "Pending Approval")
	request._anonymize_data(ANNA, request.name)
	kept = frappe.get_doc("Customer Answer", told.answer)
	assert (kept.answer, kept.text_shown, kept.user) == ("Approved", text, request.name)
	assert (kept.full_name, kept.ip_address) == ("[REDACTED]", "[REDACTED]")
	assert addresses(told.customer) == sorted([request.name, OLA])
	for doctype in ("Customer Answer", "Issue", "Retainer Notice", "Retainer Notice Recipient"):
		for row in frappe.get_all(doctype, fields=["*"]):
			texts = {field: value for field, value in row.items() if field not in ("owner", "modified_by")}
			assert ANNA not in json.dumps(texts, default=str), (doctype, row.name)
	assert frappe.db.get_value("Issue", told.ticket, "customer") == told.customer
