"""Staff whom a User Permission limits touch nothing beyond it by way of a ticket, and hear nothing of it: over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import frappe
import pytest

from tests import kinds
from tests.factories import EmployeeFactory
from tests.site import isolation_table as table
from tests.site.isolation_world import MARK, PASSWORD, _person, build, email
from tests.site.test_isolation import _fill, _values
from tests.web import Web

pytestmark = pytest.mark.security

WATCHED = (
	"Timesheet",
	"Timesheet Detail",
	"Timebank Entry",
	"ToDo",
	"Work Timer",
	"Ticket Estimate",
	"Support Sprint",
)
BARE, NOBODY = "utan.roll@example.com", "ingens@example.com"


def fingerprint() -> str:
	return json.dumps(
		[frappe.db.count(name) for name in WATCHED]
		+ frappe.get_all(
			"Issue", ["name", "assigned_on", "started_on", "status", "customer"], order_by="name"
		),
		default=str,
	)


@pytest.fixture
def ground(at) -> Iterator[frappe._dict]:
	with at("2026-11-16 10:00"), kinds.cache_as_it_is() as forget:
		world = build()
		_limit_to_another_company()
		for address, roles in ((BARE, ()), (NOBODY, ("Customer",))):
			frappe.get_doc(
				{
					"doctype": "User",
					"email": address,
					"first_name": "Ingen",
					"send_welcome_email": 0,
					"new_password": PASSWORD,
					"roles": [{"role": role} for role in roles],
				}
			).insert()
		frappe.db.after_rollback.reset()
		web = Web(watch=fingerprint, forget=forget)
		world.guest, world.web = web.visitor(), web
		for letter in "ASROP":
			world[letter] = web.visitor(email(letter), PASSWORD)
		world.L = web.visitor(email("L"), PASSWORD)
		world.bare, world.nobody = web.visitor(BARE, PASSWORD), web.visitor(NOBODY, PASSWORD)
		world.activity = frappe.db.get_value("Activity Type", {})
		kinds.keep_cache_as_it_is()
		yield world
		for url in (world.file_url, world.own_file_url):
			Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)


def _limit_to_another_company() -> None:
	from tests.site import isolation_world

	isolation_world.PEOPLE.setdefault("L", ("support agent for another company alone", "Support Agent"))
	_person("L", "Support Agent")
	del isolation_world.PEOPLE["L"]
	EmployeeFactory(first_name="L", user_id=email("L"))
	# ERPNext limits an employee to their own company, which is customer A's here
	for name in frappe.get_all("User Permission", {"user": email("L"), "allow": "Company"}, pluck="name"):
		frappe.delete_doc("User Permission", name)
	frappe.local.flags.ignore_chart_of_accounts = True
	other = frappe.get_doc(
		{
			"doctype": "Company",
			"company_name": "Andra Byrån AB",
			"abbr": "AB2",
			"default_currency": "SEK",
			"country": "Sweden",
		}
	).insert()
	frappe.local.flags.ignore_chart_of_accounts = False
	frappe.get_doc(
		{"doctype": "User Permission", "user": email("L"), "allow": "Company", "for_value": other.name}
	).insert(ignore_links=True)


def sheet(ground, letter: str, ticket: str, day: str = "2026-11-10", **more) -> dict:
	return {
		"doctype": "Timesheet",
		"employee": frappe.db.get_value("Employee", {"user_id": email(letter)}),
		"company": ground.company,
		"time_logs": [
			{
				"ticket_type": "Issue",
				"ticket": ticket,
				"activity_type": ground.activity,
				"from_time": f"{day} 09:00:00",
				"to_time": f"{day} 10:00:00",
				"hours": 1,
				**more,
			}
		],
	}


def told(answer) -> str:
	"""What a refusal says to a person."""
	said = answer.json
	found = [json.loads(each)["message"] for each in json.loads(said.get("_server_messages") or "[]")]
	return " ".join([*found, *(each.get("message", "") for each in said.get("errors") or ())]) or said.get(
		"exception", ""
	)


def test_time_is_not_booked_on_a_ticket_one_may_not_see(ground):
	"""A refusal says what it says of a ticket that does not exist: no bank, no estimate, no customer."""
	doc = sheet(ground, "O", ground.ticket)
	missing = sheet(ground, "O", "ISS-FINNS-INTE")
	ways = [
		("/api/resource/Timesheet", lambda doc: doc),
		("/api/v2/document/Timesheet", lambda doc: doc),
		("/api/method/frappe.client.insert", lambda doc: {"doc": json.dumps(doc)}),
		("/api/method/frappe.client.submit", lambda doc: {"doc": json.dumps(doc)}),
		("/api/method/frappe.client.save", lambda doc: {"doc": json.dumps(doc)}),
		(
			"/api/method/frappe.desk.form.save.savedocs",
			lambda doc: {
				"doc": json.dumps({**doc, "__islocal": 1, "__unsaved": 1, "name": "new-timesheet-1"}),
				"action": "Save",
			},
		),
	]
	for path, filled in ways:
		answers = [ground.O.post(path, filled(each)) for each in (doc, missing)]
		for answer in answers:
			assert (answer.status == 417, answer.changed) == (True, False), (path, answer.text[:900])
			assert MARK not in answer.text
		said = [told(answer).replace(ground.ticket, "X").replace("ISS-FINNS-INTE", "X") for answer in answers]
		assert said[0] == said[1], path
	own = sheet(ground, "O", ground.other_ticket)
	assert ground.O.post("/api/resource/Timesheet", own).status == 200


def test_every_method_on_a_ticket_one_may_not_see_is_refused_alike(ground):
	asked = [
		("POST", "support_retainer.desk.api.start_timer", {"ticket_type": "Issue", "ticket_name": "{}"}),
		("GET", "support_retainer.desk.api.booking_form", {"ticket_type": "Issue", "ticket_name": "{}"}),
		("GET", "support_retainer.desk.api.ticket_head", {"ticket_type": "Issue", "ticket_name": "{}"}),
		("GET", "support_retainer.consent.api.state", {"ticket_type": "Issue", "ticket": "{}"}),
		("GET", "support_retainer.tickets.form.clock_info", {"ticket_type": "Issue", "ticket": "{}"}),
		("POST", "support_retainer.tickets.work.start_work", {"ticket_type": "Issue", "ticket": "{}"}),
		(
			"POST",
			"support_retainer.consent.api.make_estimate",
			{"ticket_type": "Issue", "ticket": "{}", "hours": 1},
		),
		(
			"POST",
			"support_retainer.consent.api.go_on",
			{"ticket_type": "Issue", "ticket": "{}", "reason": "x"},
		),
		(
			"POST",
			"support_retainer.consent.api.note_request",
			{"ticket_type": "Issue", "ticket": "{}", "message": "x"},
		),
		*(
			(
				"POST",
				f"support_retainer.desk.api.{name}",
				{
					"ticket_type": "Issue",
					"ticket_name": "{}",
					"from_time": "2026-11-10 09:00:00",
					"to_time": "2026-11-10 10:00:00",
				},
			)
			for name in ("preview_time", "log_time")
		),
	]
	for visitor in (ground.O, ground.L):
		for method, path, values in asked:
			said = []
			for name in (ground.ticket, "ISS-FINNS-INTE"):
				sent = {key: str(value).replace("{}", name) for key, value in values.items()}
				answer = visitor.ask(method, f"/api/method/{path}", sent)
				assert (answer.status, answer.changed) == (403, False), (path, answer.text)
				assert MARK not in answer.text
				said.append(told(answer).replace(name, "X"))
			assert said[0] == said[1], path


def test_a_manager_submits_cancels_and_deletes_time_on_tickets_they_may_see(ground):
	frappe.get_doc(
		{"doctype": "User Permission", "user": email("R"), "allow": "Customer", "for_value": ground.other}
	).insert()
	frappe.clear_cache(user=email("R"))
	draft = frappe.get_doc(sheet(ground, "S", ground.second, "2026-11-11")).insert()
	done = frappe.get_all("Timesheet", {"docstatus": 1}, pluck="name")
	on_a = frappe.get_all(
		"Timesheet Detail", {"parent": ("in", done), "ticket": ground.ticket}, pluck="parent"
	)[0]
	for method, path, values in (
		("PUT", f"/api/resource/Timesheet/{draft.name}", {"docstatus": 1}),
		("POST", "/api/method/frappe.client.submit", {"doc": draft.as_json()}),
		("DELETE", f"/api/resource/Timesheet/{draft.name}", {}),
		("POST", "/api/method/frappe.client.cancel", {"doctype": "Timesheet", "name": on_a}),
	):
		answer = ground.R.ask(method, path, values)
		assert answer.status >= 400, (path, answer.text)
		assert not answer.changed
	rows = json.loads(draft.as_json())["time_logs"]
	longer = [{**rows[0], "to_time": "2026-11-11 12:00:00", "hours": 3}]
	for logs in (longer, [{**rows[0], "ticket": ground.other_ticket}]):
		answer = ground.R.ask("PUT", f"/api/resource/Timesheet/{draft.name}", {"time_logs": logs})
		assert answer.status >= 400, answer.text
	kept = frappe.get_doc("Timesheet", draft.name)
	assert (kept.docstatus, kept.time_logs[0].hours, kept.time_logs[0].ticket) == (0, 1, ground.second)


def test_a_todo_meets_no_promise_of_a_ticket_one_may_not_see(ground):
	before = frappe.db.get_value("Issue", ground.free_of_ledger, ["assigned_on", "_assign"])
	missing = None
	for visitor, letter in (
		(ground.O, "O"),
		(ground.L, "L"),
		(ground.nobody, ""),
		(ground.bare, ""),
		(ground.P, "P"),
	):
		todo = {
			"reference_type": "Issue",
			"reference_name": ground.free_of_ledger,
			"description": "x",
			"allocated_to": email(letter) if letter else NOBODY,
		}
		for path, sent in (
			("/api/resource/ToDo", todo),
			("/api/v2/document/ToDo", todo),
			("/api/method/frappe.client.insert", {"doc": json.dumps({"doctype": "ToDo", **todo})}),
			(
				"/api/method/frappe.desk.form.assign_to.add",
				{
					"doctype": "Issue",
					"name": ground.free_of_ledger,
					"assign_to": json.dumps([todo["allocated_to"]]),
				},
			),
			(
				"/api/method/frappe.desk.form.assign_to.add_multiple",
				{
					"doctype": "Issue",
					"name": json.dumps([ground.free_of_ledger]),
					"assign_to": json.dumps([todo["allocated_to"]]),
				},
			),
		):
			answer = visitor.post(path, sent, keep=True)
			assert answer.status >= 400, (letter, path, answer.text)
		if letter in ("O", "L"):
			lost = {**todo, "reference_name": "ISS-FINNS-INTE"}
			answers = [visitor.post("/api/resource/ToDo", each) for each in (todo, lost)]
			said = [
				told(answer).replace(ground.free_of_ledger, "X").replace("ISS-FINNS-INTE", "X")
				for answer in answers
			]
			assert said[0] == said[1]
	assert frappe.db.get_value("Issue", ground.free_of_ledger, ["assigned_on", "_assign"]) == before
	assert missing is None
	own = {
		"reference_type": "Issue",
		"reference_name": ground.other_ticket,
		"description": "x",
		"allocated_to": email("O"),
	}
	answer = ground.O.post("/api/resource/ToDo", own, keep=True)
	assert answer.status == 200, answer.text
	moved = {"reference_name": ground.free_of_ledger}
	name = answer.json["data"]["name"]
	assert ground.O.ask("PUT", f"/api/resource/ToDo/{name}", moved, keep=True).status >= 400


def test_estimates_and_sprints_take_no_ticket_one_may_not_see(ground):
	rows = [{"ticket_type": "Issue", "ticket": "{}", "work": 3600}]
	sprint = {"title": "x", "customer": ground.other, "company": ground.company, "tickets": rows}
	for doctype, values in (
		("Ticket Estimate", {"ticket_type": "Issue", "ticket": "{}", "work": 3600}),
		("Support Sprint", sprint),
	):
		said = []
		for name in (ground.second, "ISS-FINNS-INTE"):
			sent = json.loads(json.dumps(values).replace("{}", name))
			answer = ground.O.post(f"/api/resource/{doctype}", sent)
			assert answer.status >= 400
			assert not answer.changed
			said.append(told(answer).replace(name, "X"))
		assert said[0] == said[1], doctype
	own = json.loads(json.dumps(sprint).replace("{}", ground.other_ticket))
	assert ground.O.post("/api/resource/Support Sprint", own).status == 200


def test_nobody_s_logins_and_other_companies_agents_get_nothing_of_a_by_any_method_page_or_report(ground):
	"""The rows of the isolation table, asked by a contact of nobody, a login without a role, and an agent of another company alone."""
	wrong, marks = [], (MARK, *(name for doctype, name in ground.docs.items() if doctype != "Work Timer"))
	facts = {key: value for key, value in ground.items() if isinstance(value, str)}
	everybody = set(table.EVERYBODYS)
	asked = [
		*(
			(path, method, values)
			for path, (method, values, _may) in table.METHODS.items()
			if path not in everybody
		),
		*((path, "GET", values) for path, (values, _may) in table.PAGES.items()),
		*(
			(
				"frappe.desk.query_report.run",
				"GET",
				{"report_name": name, "filters": values, "ignore_prepared_report": 1},
			)
			for name, (values, _may) in table.REPORTS.items()
		),
	]
	for who, address in (("nobody", NOBODY), ("bare", BARE), ("L", email("L"))):
		for path, method, values in asked:
			sent = _fill(_values(values, ""), {**facts, "visitor": address})
			url = _fill(path, facts)
			if not url.startswith("/"):
				url = f"/api/method/{url}"
				sent = {k: v if isinstance(v, str | int) else json.dumps(v) for k, v in sent.items()}
			answer = ground[who].ask(method, url, sent)
			given = (
				json.dumps(sent, ensure_ascii=False)
				+ url
				+ (ground.customer + ground.ticket if who == "L" else "")
			)
			shown = [mark for mark in marks if mark in answer.text and mark not in given]
			if shown or answer.changed:
				wrong.append(
					f"{who} {method} {url} {given[:200]} -> {answer.status} {shown} {answer.text[:200]}"
				)
	assert not wrong, "\n".join(wrong)
