"""Reading never writes: whatever only shows is run over HTTP while the database itself refuses every write. Periods open by the calendar."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import frappe
import pytest

from support_retainer import billing, timebank
from tests import kinds
from tests.factories import IssueFactory, RetainerFactory, book, timesheet
from tests.read_only import Hold
from tests.site import isolation_table as table
from tests.site.isolation_world import PASSWORD, build, email
from tests.web import Visitor, Web

FAR = "2036-11-19"
NO_PDF = ("HostNotFoundError", '"exc_type":"OSError"')

# What may be asked by GET and writes all the same, and why.
WRITES = {
	"support_retainer.permissions.guards.add_comment": "stands in for Frappe's own, whose callers decide how it is called",
	"support_retainer.permissions.guards.add_tag": "stands in for Frappe's own",
	"support_retainer.permissions.guards.add_tags": "stands in for Frappe's own",
	"support_retainer.permissions.guards.make_issue_from_communication": "stands in for ERPNext's own",
	"support_retainer.permissions.guards.remove_tag": "stands in for Frappe's own",
	"support_retainer.permissions.guards.toggle_like": "stands in for Frappe's own",
	"support_retainer.tickets.status.set_multiple_status": "stands in for ERPNext's own",
	"support_retainer.tickets.status.set_status": "stands in for ERPNext's own",
}
# What a POST asks and only shows, as its description says.
SHOWS = ("support_retainer.desk.api.preview_time",)

# The same with a date, or dates, far away.
FAR_AWAY = {
	"support_retainer.desk.api.preview_time": {
		"from_time": f"{FAR} 09:00:00",
		"to_time": f"{FAR} 10:00:00",
	},
	"support_retainer.desk.api.terms_in_words": {
		"doc": {"hourly_rate": 1, "start_date": FAR, "end_date": "2046-01-01", "hours_per_period": 10}
	},
	"support_retainer.portal.api.ledger_csv": {"from": FAR, "to": "9999-12-31"},
	"support_retainer.tickets.promises.preview_promise": {"moment": f"{FAR} 10:00:00"},
}
FAR_PAGES = {"/support/time": {"from": FAR, "to": "9999-12-31"}}
FAR_DATES = {"from_date": FAR, "to_date": "2036-12-31"}


@pytest.fixture
def ground(at) -> Iterator[frappe._dict]:
	"""The isolation table's world, on a day after the scheduler stood still for two months: two periods wait to be opened."""
	with at("2026-11-16 10:00"), kinds.cache_as_it_is() as forget:
		world = build()
		frappe.db.after_rollback.reset()
		with at("2027-01-04 10:00"):
			web = Web(watch=lambda: (_periods(), _entries()), forget=forget)
			world.people = {letter: web.visitor(email(letter), PASSWORD) for letter in "ASRCQ"}
			# a first look brings the session its token, which Frappe keeps in the database
			world.people["A"].get("/support", {"customer": world.customer}, keep=True)
			kinds.keep_cache_as_it_is()
			world.hold = Hold()
			yield world
			world.hold.close()
		for url in (world.file_url, world.own_file_url):
			Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)


def test_every_method_that_may_be_asked_by_get_only_shows():
	"""By introspection: whoever adds one that writes must ask for a POST, or give a reason in WRITES."""
	loose = {name for name, methods in _whitelisted().items() if methods != {"POST"}}
	looks = {name for name, (method, _values, _who) in table.METHODS.items() if method == "GET"}
	assert loose - looks == {*WRITES, "support_retainer.portal.api.offer"}
	say_so = {
		name
		for name in table.METHODS
		if any(text in (frappe.get_attr(name).__doc__ or "") for text in ("Writes nothing", "Reads only"))
	}
	assert say_so <= {*SHOWS, *looks}


def test_what_only_shows_runs_while_nothing_can_be_written(ground):
	wrong = []
	for name, (method, values, may) in table.METHODS.items():
		if name not in WRITES and (method == "GET" or name in (*SHOWS, "support_retainer.portal.api.offer")):
			for more in ({}, FAR_AWAY.get(name)):
				if more is not None:
					may = f"{may.rstrip('?')}?" if more else may  # a far day may be refused, with a sentence
					wrong += _asked(ground, may, method, f"/api/method/{name}", {**values, **more})
	assert not wrong, "\n".join(wrong)


def test_what_writes_is_refused_by_the_database_while_it_is_held(ground):
	"""That the others are not: the proof would see it."""
	for name in ("support_retainer.desk.api.log_time", "support_retainer.billing.api.top_up"):
		method, values, may = table.METHODS[name]
		(line,) = _asked(ground, may, method, f"/api/method/{name}", values)
		assert "wrote" in line


def test_a_promise_for_a_far_day_is_refused_with_a_sentence(ground):
	for moment in (f"{FAR} 10:00:00", "9999-12-31 10:00:00"):
		sent = {"customer": ground.customer, "moment": moment}
		answer = ground.people["A"].get("/api/method/support_retainer.tickets.promises.preview_promise", sent)
		assert answer.status == 417


def test_pages_run_while_nothing_can_be_written(ground):
	wrong = []
	for path, (values, may) in table.PAGES.items():
		if path != "/support/leave":  # forgets the choice of a customer, which the session keeps
			wrong += _asked(ground, may or "A", "GET", path, values)
			wrong += _asked(ground, may, "GET", path, {**values, **FAR_PAGES.get(path, {})})
	assert not wrong, "\n".join(wrong)


def test_reports_lists_and_prints_run_while_nothing_can_be_written(ground):
	wrong = []
	for name, (values, may) in table.REPORTS.items():
		for more in ({}, FAR_DATES):
			filters = frappe.as_json({**_filled(values, ground), **more})
			sent = {"report_name": name, "filters": filters, "ignore_prepared_report": 1}
			wrong += _asked(ground, may.rstrip("?"), "GET", "/api/method/frappe.desk.query_report.run", sent)
	for doctype, rights in table.DOCTYPES.items():
		if not rights.get("read"):
			continue  # nobody's to read
		sent = {"doctype": doctype, "fields": '["*"]'}
		wrong += _asked(ground, rights["read"], "GET", "/api/method/frappe.client.get_list", sent)
		sent = {"doc": doctype, "name": ground.docs[doctype]}
		wrong += _asked(
			ground, rights["read"], "GET", "/api/method/frappe.www.printview.get_html_and_style", sent
		)
	assert not wrong, "\n".join(wrong)


# by the calendar alone --------------------------------------------------------------------------


@pytest.fixture
def fee_in_advance(at):
	"""The case D of the books: 10 h a month from 1 Nov 2026, and here a fee of 9 000 in advance."""
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(fee_billing="In Advance", retainer_fee=9000)
		timebank.open_due_periods()
	return retainer


def test_a_wrong_year_opens_nothing(fee_in_advance, at):
	with at("2026-11-19 10:00"):
		ticket = IssueFactory(customer=fee_in_advance.customer)
		span = (f"{FAR} 09:00", f"{FAR} 10:00")
		with pytest.raises(frappe.ValidationError, match="lies after"):
			book(ticket, span, submit=False)
		with pytest.raises(frappe.ValidationError, match="lies after"):
			book(ticket, span)
	assert _periods() == [f"{fee_in_advance.name}-2026-11-01"]
	assert _amounts(fee_in_advance, "Fee") == [9000]


def test_work_of_later_in_todays_period_may_be_booked_and_of_the_next_may_not(fee_in_advance, at):
	"""Today 19 Nov: 30 Nov is in the period that today is in, 1 Dec is not."""
	with at("2026-11-19 10:00"):
		ticket = IssueFactory(customer=fee_in_advance.customer)
		book(ticket, ("2026-11-30 09:00", "2026-11-30 10:00"))
		with pytest.raises(frappe.ValidationError, match="lies after"):
			book(ticket, ("2026-12-01 09:00", "2026-12-01 10:00"))


def test_a_quarter_takes_work_to_its_end(at):
	with at("2026-11-19 10:00"):
		retainer = RetainerFactory(period="Quarterly")
		ticket = IssueFactory(customer=retainer.customer)
		book(ticket, ("2026-12-31 09:00", "2026-12-31 10:00"))
		with pytest.raises(frappe.ValidationError, match="lies after"):
			book(ticket, ("2027-01-02 09:00", "2027-01-02 10:00"))


def test_time_on_no_contract_may_lie_where_it_will(fee_in_advance, at):
	with at("2026-11-19 10:00"):
		sheet = timesheet([(None, f"{FAR} 09:00", f"{FAR} 10:00")])
	assert sheet.docstatus == 1


def test_a_draft_on_the_first_of_the_month_shows_the_new_hours_and_opens_nothing(fee_in_advance, at):
	"""The job that opens December has not run. 2 h of work, 0:30 of project management: of the 10:00 of December 7:30 are left."""
	with at("2026-12-01 00:10"):
		ticket = IssueFactory(customer=fee_in_advance.customer)
		frappe.db.delete("Timebank Entry", {"period": f"{fee_in_advance.name}-2026-12-01"})
		frappe.db.delete("Timebank Period", {"name": f"{fee_in_advance.name}-2026-12-01"})
		sheet = book(ticket, ("2026-12-01 00:00", "2026-12-01 02:00"), submit=False)
		assert "2:30 from the time bank, 7:30 left" in sheet.time_logs[0].timebank_note
		assert _periods() == [f"{fee_in_advance.name}-2026-11-01"]
		sheet.submit()
		assert "2:30 from the time bank, 7:30 left" in sheet.time_logs[0].timebank_note
		assert _periods() == [f"{fee_in_advance.name}-2026-11-01", f"{fee_in_advance.name}-2026-12-01"]


def test_a_draft_shows_what_the_new_period_owes_already(at):
	"""1 h a month, the rest drawn from the next one. 3 Nov 1 h + 0:15: 0:15 is owed. On 1 Dec 0:45 are there, not 1:00."""
	with at("2026-11-03 12:00"):
		retainer = RetainerFactory(hours_per_period=1, overage_policy="Draw From Next Period")
		ticket = IssueFactory(customer=retainer.customer)
		book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))
	with at("2026-12-01 10:00"):
		assert timebank.outlook(retainer.name, frappe.utils.getdate("2026-12-01")) == 45 * 60
		sheet = book(ticket, ("2026-12-01 08:00", "2026-12-01 08:15"), submit=False)
		# 15 min and 0:03:45 of project management: 45:00 - 18:45 = 26:15
		assert "0:18:45 from the time bank, 0:26:15 left" in sheet.time_logs[0].timebank_note
		assert len(_periods()) == 1
		timebank.ensure_periods(retainer.name, frappe.utils.getdate("2026-12-01"))
		assert timebank.balance(retainer.name, frappe.utils.getdate("2026-12-01")) == 45 * 60


def test_late_work_of_a_closed_month_is_shown_in_the_one_to_come(at):
	"""November is closed, December's job has not run: work of 20 Nov would be late, and draw on December."""
	with at("2026-11-03 12:00"):
		retainer = RetainerFactory(hours_per_period=1)
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-12-20 12:00"):
		billing.close_retainer(retainer.name, after_days=0)
	december = f"{retainer.name}-2026-12-01"
	frappe.db.delete("Timebank Entry", {"period": december})
	frappe.db.delete("Timebank Period", {"name": december})
	with at("2026-12-20 12:00"):
		sheet = book(ticket, ("2026-11-20 09:00", "2026-11-20 09:15"), submit=False)
		note = sheet.time_logs[0].timebank_note
		assert "0:18:45 from the time bank, 0:41:15 left" in note
		assert f"late, in period {december}" in note
		assert december not in _periods()


def test_the_picture_of_a_retainer_and_the_portal_count_the_period_that_is_due(at):
	from support_retainer.desk import api as desk
	from support_retainer.portal import home

	with at("2026-11-03 12:00"):
		retainer = RetainerFactory(hours_per_period=10)
		timebank.open_due_periods()
	with at("2026-12-01 00:10"):
		picture = desk.retainer_picture(retainer.name)
		assert (picture["balance"], picture["given"], picture["drawn"]) == (36000, 36000, 0)
		(bank,) = home.banks(retainer.customer)
		assert (bank.left, bank.given, bank.share_left) == (36000, 36000, 100)
		assert len(_periods()) == 1


def test_a_timesheet_over_rest_with_a_wrong_year_is_refused_with_a_sentence(ground):
	employee = frappe.db.get_value("Employee", {"user_id": email("S")}, "name")
	row = {
		"activity_type": "Execution",
		"from_time": f"{FAR} 09:00:00",
		"to_time": f"{FAR} 10:00:00",
		"hours": 1,
	}
	row |= {"ticket_type": "Issue", "ticket": ground.ticket}
	before = _periods()
	sent = {"employee": employee, "company": frappe.db.get_value("Retainer", ground.retainer, "company")}
	answer = ground.people["S"].post("/api/resource/Timesheet", {**sent, "time_logs": [row]})
	assert answer.status == 417 and "lies after" in answer.text
	assert _periods() == before


def test_a_top_up_sold_before_the_contract_begins_is_in_its_first_period(at):
	with at("2026-10-20 10:00"):
		retainer = RetainerFactory(start_date="2026-11-01")
		invoice = billing.top_up(retainer.name, 2, reason="", sold=True)
		frappe.get_doc("Sales Invoice", invoice).submit()
	assert _periods() == [f"{retainer.name}-2026-11-01"]


def _asked(ground: frappe._dict, may: str, method: str, path: str, values: dict) -> list[str]:
	"""Ask as the first who may; return what the database had to refuse, or that the method itself refused to answer."""
	letter = next(each for each in may.rstrip("?") if each in ground.people)
	visitor: Visitor = ground.people[letter]
	sent = _filled(values, ground)
	if not path.startswith("/support"):
		sent = {
			key: value if isinstance(value, str | int) else frappe.as_json(value)
			for key, value in sent.items()
		}
	ground.hold.refused.clear()
	with ground.hold.requests():
		answer = visitor.ask(method, path, sent)
	where = f"{letter} {method} {path} {sent}"
	if ground.hold.refused:
		return [f"{where} wrote: {ground.hold.refused}"]
	if any(
		text in answer.text for text in NO_PDF
	):  # wkhtmltopdf, on a site whose name this machine does not know
		return []
	if answer.status >= 500 or (answer.status >= 400 and not may.endswith("?")):
		return [f"{where} -> {answer.status} {_error(answer.text)}"]
	return [f"{where} changed periods or entries"] if answer.changed else []


def _filled(values, facts: dict):
	if isinstance(values, dict):
		return {key: _filled(value, facts) for key, value in values.items()}
	if isinstance(values, list):
		return [_filled(value, facts) for value in values]
	if isinstance(values, str):
		for key, value in facts.items():
			if isinstance(value, str):
				values = values.replace(f"{{{key}}}", value)
	return values


def _whitelisted() -> dict[str, set[str]]:
	"""Return the app's whitelisted methods with the HTTP methods they take."""
	for name in table.METHODS:
		frappe.get_attr(name)  # imported, each is known to Frappe
	found = {}
	for function in frappe.whitelisted:
		function = inspect.unwrap(function)
		if function.__module__.startswith("support_retainer."):
			name = f"{function.__module__}.{function.__name__}"
			takes = frappe.allowed_http_methods_for_whitelisted_func
			found[name] = set(next((takes[one] for one in takes if inspect.unwrap(one) is function), ()))
	return found


def _periods() -> list[str]:
	return frappe.get_all("Timebank Period", pluck="name", order_by="name")


def _entries() -> int:
	return frappe.db.count("Timebank Entry")


def _amounts(retainer, kind: str) -> list[float]:
	return frappe.get_all(
		"Timebank Entry",
		{"retainer": retainer.name, "entry_type": kind},
		pluck="amount",
		order_by="occurred_on",
	)


def _error(text: str) -> str:
	"""Return what went wrong, as a page or an answer of Frappe's says it."""
	start = max(text.find("Traceback"), text.find("error-content"))
	return text[start : start + 4000] if start >= 0 else text[-600:]
