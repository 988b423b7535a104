"""A form belongs to the customer it was opened for, and is sent once; what agents move by hand is told, and the first is kept. Over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path

import frappe
import pytest

from tests import kinds
from tests.site.isolation_world import PASSWORD, build, email
from tests.web import Web

pytestmark = pytest.mark.security

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def ground(at) -> Iterator[frappe._dict]:
	with at("2026-11-16 10:00"), kinds.cache_as_it_is() as forget:
		world = build()
		frappe.db.after_rollback.reset()
		web = Web(watch=lambda: frappe.db.count("Issue"), forget=forget)
		for letter in "AMS":
			world[letter] = web.visitor(email(letter), PASSWORD)
		kinds.keep_cache_as_it_is()
		yield world
		for url in (world.file_url, world.own_file_url):
			Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)


def opened(visitor, page: str, customer: str | None = None) -> dict:
	"""Open a page; return what its first form of that page would send along unseen."""
	answer = visitor.get(page, {"customer": customer} if customer else None, keep=True)
	assert answer.status == 200, answer.text[:500]
	form = answer.text.partition(f'action="{page}"')[2].partition("</form>")[0]
	found = {name: unescape(value) for name, value in HIDDEN.findall(form)}
	visitor.token = found["csrf_token"]
	return found


def new_ticket(form: dict, **more) -> dict:
	return {**form, "action": "send", "subject": "Samma", "description": "x", "urgency": "Normal", **more}


def count(customer: str) -> int:
	return frappe.db.count("Issue", {"customer": customer})


def test_a_form_lands_at_the_customer_it_was_opened_for(ground):
	"""A's form, sent after B was chosen in another window."""
	form = opened(ground.M, "/support/new", ground.customer)
	before = count(ground.customer), count(ground.other)
	ground.M.get("/support", {"customer": ground.other}, keep=True)
	answer = ground.M.post("/support/new", new_ticket(form), keep=True)
	assert answer.status == 303, answer.text[:900]
	assert (count(ground.customer), count(ground.other)) == (before[0] + 1, before[1])
	assert ground.M.get(answer.headers["Location"].partition("?")[0]).status == 200


def test_a_form_that_says_no_customer_is_refused_where_there_are_two(ground):
	for page, form in (
		("/support/new", new_ticket({})),
		(f"/support/tickets/{ground.ticket}", {"action": "reply", "text": "x"}),
		("/support/order", {"action": "move", "ticket": f"{ground.second}:up"}),
		("/support/approvals", {"action": "approve", "kind": "Estimate", "name": ground.estimate}),
	):
		opened(ground.M, "/support/new", ground.customer)
		answer = ground.M.post(page, form, keep=True)
		assert answer.status == 403, page
	assert ground.A.post("/support/new", new_ticket({"customer": ground.other}), keep=True).status == 403


def test_replies_and_orders_and_answers_are_the_form_s_customer_s(ground):
	for page in (f"/support/tickets/{ground.ticket}", "/support/order", "/support/approvals"):
		form = opened(ground.M, page, ground.customer)
		assert form["customer"] == ground.customer, page
		assert form["form_key"], page
	form = opened(ground.M, f"/support/tickets/{ground.ticket}", ground.customer)
	ground.M.get("/support", {"customer": ground.other}, keep=True)
	answer = ground.M.post(
		f"/support/tickets/{ground.ticket}", {**form, "action": "reply", "text": "Hej"}, keep=True
	)
	assert answer.status == 303, answer.text[:500]


def test_the_same_form_four_times_is_one_ticket(ground):
	form = new_ticket(opened(ground.A, "/support/new"))
	before = count(ground.customer)
	answers = []
	for _time in range(4):
		file = {"files": (BytesIO(b"bilaga"), "bilaga.txt")}
		answers.append(ground.A.ask("POST", "/support/new", dict(form), files=file, keep=True))
	assert {answer.status for answer in answers} == {303}, answers[0].text[:900]
	assert len({answer.headers["Location"] for answer in answers}) == 1
	assert count(ground.customer) == before + 1
	name = frappe.get_all("Issue", {"customer": ground.customer, "subject": "Samma"}, pluck="name")
	assert len(name) == 1
	assert frappe.db.count("File", {"attached_to_name": name[0]}) == 1


def test_what_was_changed_before_it_is_sent_again_is_another(ground):
	"""Back, another subject, sent: the person wants two tickets."""
	form = new_ticket(opened(ground.A, "/support/new"))
	before = count(ground.customer)
	for subject in ("Ett", "Två", "Ett"):
		assert ground.A.post("/support/new", {**form, "subject": subject}, keep=True).status == 303
	assert count(ground.customer) == before + 2


def test_two_of_the_same_from_two_forms_are_two(ground):
	before = count(ground.customer)
	for _time in range(2):
		form = new_ticket(opened(ground.A, "/support/new"))
		assert ground.A.post("/support/new", form, keep=True).status == 303
	assert count(ground.customer) == before + 2


def test_a_form_that_was_refused_may_be_sent_again(ground):
	form = opened(ground.A, "/support/new")
	before = count(ground.customer)
	assert ground.A.post("/support/new", new_ticket(form, subject=""), keep=True).status == 417
	assert ground.A.post("/support/new", new_ticket(form, expected_hours="x"), keep=True).status == 417
	assert ground.A.post("/support/new", new_ticket(form), keep=True).status == 303
	assert count(ground.customer) == before + 1


def test_one_reply_is_one_letter(ground):
	page = f"/support/tickets/{ground.ticket}"
	form = {**opened(ground.A, page), "action": "reply", "text": "Tack"}
	letters = {"reference_name": ground.ticket, "content": ("like", "%Tack%")}
	for _time in range(4):
		assert ground.A.post(page, form, keep=True).status == 303
	assert frappe.db.count("Communication", letters) == 1
	keyless = {key: value for key, value in form.items() if key != "form_key"} | {"text": "Tack igen"}
	for _time in range(4):
		assert ground.A.post(page, keyless, keep=True).status == 303
	assert frappe.db.count("Communication", {**letters, "content": ("like", "%Tack igen%")}) == 1


def test_a_key_is_its_user_s(ground):
	"""Whoever guesses another's key is led nowhere."""
	form = new_ticket(opened(ground.A, "/support/new"))
	first = ground.A.post("/support/new", form, keep=True).headers["Location"]
	mine = new_ticket(opened(ground.M, "/support/new", ground.customer)) | {"form_key": form["form_key"]}
	answer = ground.M.post("/support/new", mine, keep=True)
	assert answer.status == 303
	assert answer.headers["Location"] != first


def test_old_forms_are_forgotten(ground):
	from support_retainer import portal

	frappe.db.set_value(
		"Sent Form", ground.sent_form, "creation", "2026-11-08 09:00:00", update_modified=False
	)
	portal.forget_sent_forms()
	assert not frappe.db.exists("Sent Form", ground.sent_form)


def timeline(ticket: str) -> list[tuple[str, str]]:
	rows = frappe.get_all("Comment", {"reference_name": ticket, "comment_type": "Info"}, ["owner", "content"])
	return [(row.owner, row.content) for row in rows]


def test_what_agents_move_by_hand_is_told_with_who_and_from_what_to_what(ground):
	"""Also on a ticket that is done, where nothing of the promise moves."""
	frappe.db.set_value(
		"Issue", ground.free_of_ledger, {"opening_date": "2026-11-12", "opening_time": "09:00:00"}
	)
	moves = [
		(ground.free_of_ledger, {"opening_date": "2026-11-13"}, "Opening Date", "12", "13"),
		(ground.free_of_ledger, {"opening_time": "11:00:00"}, "Opening Time", "9", "11"),
		(ground.free_of_ledger, {"origin": "Agency"}, "Origin", "Customer", "Agency"),
	]
	for ticket, change, *words in moves:
		answer = ground.S.ask("PUT", f"/api/resource/Issue/{ticket}", change, keep=True)
		assert answer.status == 200, answer.text
		found = [
			text
			for owner, text in timeline(ticket)
			if owner == email("S") and all(word in text for word in words)
		]
		assert found, (change, timeline(ticket))
	closed = ground.S.ask("PUT", f"/api/resource/Issue/{ground.second}", {"status": "Closed"}, keep=True)
	assert closed.status == 200
	answer = ground.S.ask(
		"PUT", f"/api/resource/Issue/{ground.second}", {"opening_date": "2026-10-01"}, keep=True
	)
	assert answer.status == 200
	assert [text for owner, text in timeline(ground.second) if owner == email("S") and "Opening Date" in text]


def test_ranks_are_the_customer_s(ground):
	frappe.db.set_value("Issue", ground.second, "customer_rank", 3)
	for method, path, values in (
		("PUT", f"/api/resource/Issue/{ground.second}", {"customer_rank": 1}),
		(
			"POST",
			"/api/method/frappe.client.set_value",
			{"doctype": "Issue", "name": ground.second, "fieldname": "customer_rank", "value": 1},
		),
	):
		ground.S.ask(method, path, values, keep=True)
		assert frappe.db.get_value("Issue", ground.second, "customer_rank") == 3, path


def test_sla_performance_keeps_the_first_promise(at, ground):
	"""Registered Mon 2 Nov 09:00, normal within budget: assigned by Tue 3 Nov 12:00 (12 office hours). Nobody did. Moved to Mon 16 Nov
	by hand and assigned at once it would look kept; the report keeps November the 2nd, and the breach."""
	from support_retainer.tickets import performance
	from tests.factories import IssueFactory

	with at("2026-11-02 09:00"):
		ticket = IssueFactory(customer=ground.other, subject="Sent").name
	with at("2026-11-16 10:00"):
		answer = ground.S.ask(
			"PUT",
			f"/api/resource/Issue/{ticket}",
			{"opening_date": "2026-11-16", "opening_time": "09:30:00"},
			keep=True,
		)
		assert answer.status == 200, answer.text
		sent = {"doctype": "Issue", "name": ticket, "assign_to": f'["{email("S")}"]'}
		assert ground.S.post("/api/method/frappe.desk.form.assign_to.add", sent, keep=True).status == 200
		began = {"ticket_type": "Issue", "ticket": ticket}
		assert (
			ground.S.post("/api/method/support_retainer.tickets.work.start_work", began, keep=True).status
			== 200
		)
		row = frappe.db.get_value("Issue", ticket, ["first_registered_on", "assign_status"], as_dict=True)
		assert (str(row.first_registered_on), row.assign_status) == ("2026-11-02 09:00:00", "Met")
		early = performance(
			frappe.utils.getdate("2026-11-01"), frappe.utils.getdate("2026-11-08"), ground.other
		)
		assert [(group.tickets, group.met, group.breached) for group in early] == [(1, 0, 1)]


def test_a_ticket_with_time_is_not_deleted(ground):
	"""Booked on a draft, or with no retainer at all."""
	from tests.factories import EmployeeFactory

	frappe.get_doc(
		{
			"doctype": "Timesheet",
			"employee": EmployeeFactory().name,
			"company": ground.company,
			"time_logs": [
				{
					"ticket_type": "Issue",
					"ticket": ground.free_of_ledger,
					"activity_type": frappe.db.get_value("Activity Type", {}),
					"from_time": "2026-11-12 09:00:00",
					"to_time": "2026-11-12 10:00:00",
					"hours": 1,
				}
			],
		}
	).insert()
	with pytest.raises(frappe.ValidationError):
		frappe.delete_doc("Issue", ground.free_of_ledger)
	for name in (ground.free_of_ledger, ground.ticket):
		form = {"web_form_name": "issues", "docname": name}
		frappe.db.set_value("Issue", name, "owner", email("A"))
		ground.A.post("/api/method/frappe.website.doctype.web_form.web_form.delete", form, keep=True)
		assert frappe.db.exists("Issue", name)
