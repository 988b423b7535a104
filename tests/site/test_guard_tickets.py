"""A ticket's customer, price and promise are given by those who may, over HTTP and by mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import frappe
import pytest

from tests import kinds
from tests.site.isolation_world import PASSWORD, build, email
from tests.visiting import person
from tests.web import Web

pytestmark = pytest.mark.security

ACCEPT = "/api/method/frappe.website.doctype.web_form.web_form.accept"
NOBODY, BARE, FRIEND = "ingens@example.com", "utan.roll@example.com", "van@example.com"


@pytest.fixture
def ground(at) -> Iterator[frappe._dict]:
	with at("2026-11-16 10:00"), kinds.cache_as_it_is() as forget:
		world = build()
		world.urgent = frappe.db.get_value("Issue Priority", {"is_urgent": 1})
		for address, *roles in ((NOBODY, "Customer"), (BARE,), (FRIEND, "Customer")):
			user = person(address, *roles)
			user.new_password = PASSWORD
			user.save()
		frappe.db.after_rollback.reset()
		web = Web(watch=lambda: frappe.db.count("Issue"), forget=forget)
		world.guest, world.web = web.visitor(), web
		for letter in "ABMSO":
			world[letter] = web.visitor(email(letter), PASSWORD)
		for name, address in (("nobody", NOBODY), ("bare", BARE), ("friend", FRIEND)):
			world[name] = web.visitor(address, PASSWORD)
		kinds.keep_cache_as_it_is()
		yield world
		for url in (world.file_url, world.own_file_url):
			Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)


def send(visitor, keep: bool = True, **values):
	"""Send ERPNext's own web form, as often as a test needs."""
	data = {"doctype": "Issue", "subject": "Från webbformuläret", "priority": "Medium", **values}
	return accept(visitor, "issues", data, keep)


def accept(visitor, form: str, data: dict, keep: bool = True):
	frappe.cache.delete_keys("rl:")  # ten a minute are Frappe's own limit
	answer = visitor.post(ACCEPT, {"web_form": form, "data": json.dumps(data)}, keep=keep)
	assert answer.status not in (429, 500), answer.text[-1500:]
	return answer


def newest() -> frappe._dict:
	fields = ["name", "customer", "priority", "retainer", "raised_by", "contact", "origin", "subject"]
	return frappe.get_all("Issue", fields=fields, order_by="creation desc, name desc", limit=1)[0]


def test_a_web_form_takes_no_customer_of_others(ground):
	for visitor in (ground.nobody, ground.bare, ground.A, ground.guest):
		answer = send(visitor, customer=ground.other)
		assert answer.status in (401, 403, 417), answer.text
		assert not answer.changed
	assert "may not register tickets for this customer" in send(ground.A, customer=ground.other).text
	answer = send(ground.O, customer=ground.customer)
	assert (answer.status, answer.changed) == (403, False), answer.text


def test_a_web_form_takes_one_s_own_customer(ground):
	assert send(ground.B, customer=ground.other).status == 200
	found = newest()
	assert (found.customer, found.retainer) == (ground.other, ground.other_retainer)
	assert send(ground.B).status == 200
	assert newest().customer == ground.other  # who acts for one customer need not say it
	assert send(ground.M).status == 200
	assert not newest().customer  # which of two is not for us to guess
	for visitor in (ground.nobody, ground.bare):
		assert send(visitor).status == 200
		found = newest()
		assert not found.customer
		assert not found.retainer


def test_urgent_is_registered_where_its_price_is_read(ground):
	for visitor in (ground.A, ground.B, ground.nobody, ground.bare):
		answer = send(visitor, priority=ground.urgent)
		assert (answer.status, answer.changed) == (403, False), answer.text
		assert "where the price stands" in answer.text
	assert send(ground.S, customer=ground.customer, priority=ground.urgent, keep=False).status == 200


def test_nobody_registers_in_another_s_name(ground):
	"""ERPNext finds the customer by the sender's address."""
	frappe.get_doc(
		{
			"doctype": "Web Form",
			"title": "Öppet",
			"route": "oppet",
			"doc_type": "Issue",
			"published": 1,
			"login_required": 0,
			"web_form_fields": [
				{"fieldname": name, "fieldtype": "Data", "label": name}
				for name in ("subject", "customer", "raised_by", "priority", "contact", "via_customer_portal")
			],
		}
	).insert()
	values = {
		"subject": "I annans namn",
		"raised_by": email("A"),
		"via_customer_portal": 1,
		"priority": "Medium",
	}
	for visitor in (ground.B, ground.nobody, ground.guest):
		before = frappe.db.count("Issue", {"customer": ground.customer})
		for more in ({}, {"customer": ground.customer}, {"contact": ground.contact}):
			data = {"doctype": "Issue", **values, **more}
			accept(visitor, "oppet", data)
		assert frappe.db.count("Issue", {"customer": ground.customer}) == before


def test_a_contact_that_people_wrote_of_themselves_opens_nothing(ground):
	"""Everybody may write a Contact: of themselves, or of a friend who has a login too."""
	for user in (NOBODY, FRIEND):
		contact = {
			"doctype": "Contact",
			"first_name": "Jag",
			"user": user,
			"email_ids": [{"email_id": user, "is_primary": 1}],
			"links": [{"link_doctype": "Customer", "link_name": ground.customer}],
		}
		frappe.set_user(NOBODY)
		frappe.get_doc(contact).insert(ignore_permissions=True)
		frappe.set_user("Administrator")
	for visitor in (ground.nobody, ground.friend):
		assert visitor.get("/support", {"customer": ground.customer}).status == 403
		assert send(visitor).status == 200
		assert not newest().customer
		sent = {"customer": ground.customer, "urgency": "Normal"}
		path = "/api/method/support_retainer.tickets.promises.preview_promise"
		assert visitor.get(path, sent).status == 403
	for address, customer in ((NOBODY, None), (FRIEND, None), (email("A"), ground.customer)):
		ticket = by_mail(address)
		assert (ticket.customer or None) == customer, address


def by_mail(sender: str):
	"""A ticket as Frappe's mail intake makes it: as the scheduler's user, of sender and subject."""
	account = (
		frappe.db.get_value("Email Account", {"email_id": "support@example.com"})
		or frappe.get_doc(
			{
				"doctype": "Email Account",
				"email_account_name": "Support",
				"email_id": "support@example.com",
				"enable_incoming": 0,
				"enable_outgoing": 0,
				"awaiting_password": 1,
			}
		)
		.insert()
		.name
	)
	ticket = frappe.new_doc("Issue")
	ticket.update({"subject": "Per post", "raised_by": sender, "email_account": account})
	ticket.flags.ignore_mandatory = True
	return ticket.insert(ignore_permissions=True)


GIVEN = {
	"opening_date": "2026-01-01",
	"opening_time": "01:02:03",
	"origin": "Agency",
	"expected_hours": 0.01,
	"estimate_requested": 1,
	"customer_rank": 1,
	"status": "Closed",
	"retainer": "{other_retainer}",
	"company": "{company}",
	"issue_split_from": "{ticket}",
	"assign_by": "2026-01-01 00:00:00",
}


def filled(values: dict, ground) -> dict:
	return {key: value.format(**ground) if isinstance(value, str) else value for key, value in values.items()}


def open_form(name: str, *fields: str) -> str:
	"""Make a web form of the agency's own, that offers more fields than it should; return its name."""
	made = frappe.get_doc(
		{
			"doctype": "Web Form",
			"title": name,
			"route": name,
			"doc_type": "Issue",
			"published": 1,
			"login_required": 1,
			"allow_edit": 1,
			"allow_multiple": 1,
			"web_form_fields": [
				{"fieldname": field, "fieldtype": "Data", "label": field} for field in fields
			],
		}
	).insert()
	return made.name


def test_the_agency_s_fields_are_not_the_customer_s(ground):
	"""On new tickets and old ones, by whatever form the agency has made."""
	for field, value in filled(GIVEN, ground).items():
		form = open_form(f"ett-{field.replace('_', '-')}", "subject", field)
		default = frappe.new_doc("Issue").get(field)
		for data in (
			{"subject": "Mitt", field: value},
			{"name": ground.ticket, "subject": "Mitt", field: value},
		):
			before = frappe.db.get_value("Issue", ground.ticket, "*", as_dict=True)
			answer = accept(ground.A, form, {"doctype": "Issue", **data})
			if data.get("name"):
				after = frappe.db.get_value("Issue", ground.ticket, "*", as_dict=True)
				if field != "status":  # their own ticket they may close
					assert after[field] == before[field], field
				assert (after.customer, after.sla_rule, after.assign_by) == (
					before.customer,
					before.sla_rule,
					before.assign_by,
				)
			elif answer.status == 200:
				kept = frappe.db.get_value("Issue", newest().name, field)
				assert str(kept or "") in {str(default or ""), str(frappe.db.get_default("company"))}, field


def test_a_ticket_stays_whose_and_what_it_is(ground):
	"""Whoever is no staff edits the text of a ticket; a form that leaves the rest out changes nothing of it."""
	ground_before = frappe.db.get_value("Issue", ground.ticket, "*", as_dict=True)
	for more in ({"customer": ground.other}, {"priority": ground.urgent}):
		answer = send(ground.M, name=ground.ticket, **more)
		assert answer.status == 403, answer.text
	answer = send(ground.A, name=ground.ticket, subject="Rättat", priority=None)
	assert answer.status == 200, answer.text
	after = frappe.db.get_value("Issue", ground.ticket, "*", as_dict=True)
	assert after.subject == "Rättat"
	for field in ("customer", "priority", "retainer", "sla_rule", "assign_by", "opening_date", "raised_by"):
		assert after[field] == ground_before[field], field
	assert send(ground.A, name=ground.other_ticket, subject="Annans").status == 403


def test_rest_takes_no_ticket_of_a_contact(ground):
	values = {"subject": "Rest", "customer": ground.customer, "priority": ground.urgent}
	doc = json.dumps({"doctype": "Issue", **values})
	for visitor in (ground.A, ground.B, ground.nobody, ground.bare, ground.guest):
		for path, sent in (
			("/api/resource/Issue", values),
			("/api/v2/document/Issue", values),
			("/api/method/frappe.client.insert", {"doc": doc}),
			("/api/method/frappe.client.save", {"doc": doc}),
			("/api/method/frappe.client.insert_many", {"docs": f"[{doc}]"}),
			("/api/method/frappe.desk.form.save.savedocs", {"doc": doc, "action": "Save"}),
		):
			answer = visitor.post(path, sent)
			assert answer.status >= 400, (path, answer.text)
			assert not answer.changed


def test_no_request_says_that_a_price_was_read(ground):
	"""Flags are the server's own."""
	answer = send(ground.A, priority=ground.urgent, flags={"price_read": True}, __price_read=1)
	assert (answer.status, answer.changed) == (403, False)


def test_staff_register_for_everybody_they_may_see(ground):
	values = {
		"subject": "Av oss",
		"customer": ground.customer,
		"priority": ground.urgent,
		"expected_hours": 1,
	}
	assert ground.S.post("/api/resource/Issue", values).status == 200
	assert ground.O.post("/api/resource/Issue", values).status == 403
	assert ground.O.post("/api/resource/Issue", {**values, "customer": ground.other}).status == 200
