"""The rules behind the isolation table: it is complete, ids tell nothing, text stays text, forms need their token, writes are limited."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import frappe
import pytest

from support_retainer import hooks
from support_retainer.setup.custom_fields import MODULE
from tests import kinds
from tests.site import isolation_table as table
from tests.site.isolation_world import FORMULA, PASSWORD, SCRIPT, build, email
from tests.web import Web

pytestmark = pytest.mark.security

APP = Path(hooks.__file__).parent
RAW = ('<img src=x onerror="alert(1)">', "<script>alert(2)</script>")


# complete ---------------------------------------------------------------------------------------


def test_every_doctype_is_in_the_table():
	rows = frappe.get_all("DocType", {"module": MODULE}, ["name", "istable", "issingle"])
	assert {row.name for row in rows if row.istable} == set(table.CHILDREN)
	assert {row.name for row in rows if row.issingle} == set(table.SINGLES)
	own = {row.name for row in rows if not (row.istable or row.issingle)}
	assert own == set(table.DOCTYPES) - {"Issue"}


def test_every_doctype_has_both_permission_hooks():
	own = {*table.DOCTYPES, *table.SINGLES} - {"Issue"}
	assert own <= set(hooks.has_permission)
	rows = {child for child, parent in table.CHILDREN.items() if parent not in table.SINGLES}
	# Frappe's own Tag Link has the titles of what is tagged
	assert own | rows | {"Tag Link"} == set(hooks.permission_query_conditions)


def test_every_whitelisted_method_is_in_the_table():
	assert set(_whitelisted()) == set(table.METHODS)


def test_methods_that_write_want_a_post():
	"""Those that only look may be asked by GET; the others of ours, and the stand-ins of Frappe's own, say so themselves."""
	looks = {name for name, (method, _values, _who) in table.METHODS.items() if method == "GET"}
	takes = {name: methods for name, methods in _whitelisted().items() if name not in looks}
	loose = {name for name, methods in takes.items() if "POST" not in methods}
	# Frappe's and ERPNext's own callers decide how these are called
	originals = {
		name
		for name in loose
		if name.startswith(("support_retainer.permissions.guards.", "support_retainer.tickets.status."))
	}
	assert loose == originals


def test_every_page_is_in_the_table():
	pages = {f"/{path.relative_to(APP / 'www').with_suffix('')}" for path in (APP / "www").rglob("*.html")}
	assert {page.removesuffix("/index") for page in pages} == set(table.PAGES)


def test_every_report_is_in_the_table():
	assert set(frappe.get_all("Report", {"module": MODULE}, pluck="name")) == set(table.REPORTS)


def test_every_card_and_chart_asks_a_method_of_the_table():
	methods = set(frappe.get_all("Number Card", {"module": MODULE}, pluck="method"))
	assert {method for method in methods if method} <= set(table.METHODS)
	for source in (APP / "dashboard_chart_source").rglob("*.js"):
		found = [name for name in table.METHODS if name in source.read_text()]
		assert found, source.name


def _whitelisted() -> dict[str, list[str]]:
	"""Return the app's whitelisted functions, as dotted paths, with the HTTP methods they take (none said: any)."""
	found = {}
	for path in APP.rglob("*.py"):
		module = ".".join(("support_retainer", *path.relative_to(APP).with_suffix("").parts))
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			for mark in getattr(node, "decorator_list", ()):
				call = mark if isinstance(mark, ast.Call) else None
				if ast.unparse(call.func if call else mark) == "frappe.whitelist":
					methods = [word for word in call.keywords if word.arg == "methods"] if call else []
					found[f"{module}.{node.name}"] = ast.literal_eval(methods[0].value) if methods else []
	return found


# over http --------------------------------------------------------------------------------------


@pytest.fixture
def ground(at) -> Iterator[frappe._dict]:
	with at("2026-11-16 10:00"), kinds.cache_as_it_is() as forget:
		world = build()
		frappe.db.after_rollback.reset()
		web = Web(watch=lambda: frappe.db.count("Issue"), forget=forget)
		world.guest, world.web = web.visitor(), web
		for letter in "ABSR":
			world[letter] = web.visitor(email(letter), PASSWORD)
		kinds.keep_cache_as_it_is()
		yield world
		for url in (world.file_url, world.own_file_url):
			Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)


def test_what_is_anothers_and_what_does_not_exist_are_refused_alike(ground):
	"""An id that was guessed tells nothing, not even that it is one."""
	asked = [
		("GET", "/support/tickets/{}", {}, ground.ticket),
		("GET", "/support", {"customer": "{}"}, ground.customer),
		("GET", "support_retainer.portal.api.statement", {"period": "{}"}, ground.period),
		("GET", "support_retainer.portal.api.attachment", {"name": "{}"}, ground.own_file),
		("GET", "support_retainer.portal.api.ledger_csv", {"customer": "{}"}, ground.customer),
		("POST", "support_retainer.portal.api.offer", {"customer": "{}"}, ground.customer),
		(
			"POST",
			"support_retainer.portal.api.keep_order",
			{"customer": "{}", "names": '["x"]'},
			ground.customer,
		),
		("GET", "support_retainer.consent.api.waiting_for", {"customer": "{}"}, ground.customer),
		(
			"POST",
			"support_retainer.consent.api.answer",
			{"kind": "Estimate", "name": "{}", "approve": 1},
			ground.estimate,
		),
		(
			"POST",
			"support_retainer.consent.api.answer",
			{"kind": "Sprint", "name": "{}", "approve": 1},
			ground.sprint,
		),
		(
			"POST",
			"support_retainer.consent.api.answer",
			{"kind": "Suggestion", "name": "{}", "approve": 1},
			ground.ticket,
		),
		(
			"POST",
			"support_retainer.consent.api.answer",
			{"kind": "Overage", "name": "{}", "approve": 1},
			ground.overage,
		),
		("GET", "support_retainer.tickets.promises.preview_promise", {"customer": "{}"}, ground.customer),
		(
			"POST",
			"support_retainer.billing.api.approve_overage",
			{"entries": '["{}"]', "reason": "x"},
			ground.held,
		),
	]
	ground.B.token = _token_of(ground.B, ground.other)
	for method, path, values, name in asked:
		told = []
		for each in (name, "finns-inte-0001"):
			address = path.format(each) if path.startswith("/") else f"/api/method/{path}"
			answer = ground.B.ask(
				method, address, {key: str(value).replace("{}", each) for key, value in values.items()}
			)
			told.append((answer.status, _without(answer.text, each)))
		assert told[0] == told[1], path
		assert told[0][0] == 403, path


def test_text_stays_text_on_every_page(ground):
	"""As it may stand in the database, whatever Frappe cleaned on its way there."""
	_write_scripts(ground)
	for letter in "AS":
		for page, (values, _who) in table.PAGES.items():
			sent = {key: value.format(**ground) for key, value in values.items()}
			text = ground[letter].get(page, sent).text
			assert not [raw for raw in RAW if raw in text], f"{letter} {page}"
	text = ground.A.get(f"/support/tickets/{ground.ticket}", {"customer": ground.customer}).text
	assert "&lt;script&gt;" in text
	for page in ("/support/tickets", "/support/time", "/support/new"):
		echo = {
			"q": SCRIPT,
			"ticket": SCRIPT,
			"state": SCRIPT,
			"done": SCRIPT,
			"subject": SCRIPT,
			"period": SCRIPT,
		}
		text = ground.A.get(page, {**echo, "customer": ground.customer}).text
		assert not [raw for raw in RAW if raw in text], f"{page} echoes"


def test_text_stays_text_on_paper(ground):
	_write_scripts(ground)
	for doctype, name, style in (("Timebank Period", ground.period, "Period Statement"),):
		sent = {"doctype": doctype, "name": name, "format": style}
		text = ground.R.get("/printview", sent).text
		assert "Alfahemlig" in text
		assert not [raw for raw in RAW if raw in text], style


def test_text_stays_text_in_mails():
	"""Whatever a field holds; those that are Frappe's own names and addresses apart."""
	own = {"url", "language", "reference_doctype", "reference_name", "ticket_type", "ticket", "currency"}
	told = json.loads((APP / "fixtures" / "standard" / "notification.json").read_text(encoding="utf-8"))
	for notification in told:
		doc = frappe.new_doc(notification["document_type"])
		doc.name = "NAME-1"
		for field in doc.meta.fields:
			if field.fieldtype in ("Data", "Link", "Small Text", "Text", "Text Editor", "Long Text"):
				doc.set(field.fieldname, doc.get(field.fieldname) if field.fieldname in own else SCRIPT)
		doc.update(
			{"reference_doctype": "Issue", "reference_name": "X", "ticket_type": "Issue", "ticket": "X"}
		)
		for language in ("sv", "en"):
			doc.set("language", language)
			doc.flags.escalation = frappe._dict(lang=language, targets=[], url="/x")
			doc.flags.notice = frappe._dict(lang=language)
			text = frappe.render_template(notification["message"], {"doc": doc})
			assert not [raw for raw in RAW if raw in text], f"{notification['name']} {language}"


def test_csv_holds_no_formula(ground):
	frappe.db.set_value("Timebank Entry", {"retainer": ground.retainer}, "derivation", FORMULA)
	frappe.db.set_value("Timebank Entry", {"retainer": ground.retainer}, "reason", FORMULA)
	answer = ground.A.get("/api/method/support_retainer.portal.api.ledger_csv", {"customer": ground.customer})
	text = answer.body.decode("utf-8-sig")
	assert "HYPERLINK" in text
	assert not [
		cell for line in text.splitlines() for cell in line.split(",") if cell.strip('"').startswith("=")
	]


def test_a_post_needs_the_pages_token(ground):
	ground.A.token = _token_of(ground.A, ground.customer)
	sent = {"customer": ground.customer, "names": json.dumps([ground.ticket])}
	path = "/api/method/support_retainer.portal.api.keep_order"
	assert ground.A.post(path, sent).status == 200
	answer = ground.A.ask("POST", path, sent, token=False)
	assert (answer.status, "CSRFTokenError" in answer.text) == (400, True)
	form = {"action": "send", "subject": "Utan märke", "urgency": "Normal", "customer": ground.customer}
	answer = ground.A.ask("POST", "/support/new", form, token=False)
	assert not answer.changed
	assert answer.status >= 400
	desk = ground.S.ask(
		"POST",
		"/api/method/support_retainer.tickets.status.set_status",
		{"name": ground.ticket, "status": "Closed"},
		token=False,
	)
	assert (desk.status, "CSRFTokenError" in desk.text) == (400, True)


def test_a_form_of_a_session_that_was_never_shown_a_page_is_refused(ground):
	"""Frappe lets a POST pass in a session that has no token yet; our forms do not."""
	fresh = ground.web.visitor()
	fresh.post("/api/method/login", {"usr": email("A"), "pwd": PASSWORD}, keep=True)
	form = {"action": "send", "subject": "Utan märke", "urgency": "Normal", "customer": ground.customer}
	answer = fresh.post("/support/new", form)
	assert answer.status >= 400
	assert not answer.changed


def test_writes_are_limited(ground):
	ground.A.token = _token_of(ground.A, ground.customer)
	path, sent = (
		"/support/order",
		{"action": "move", "ticket": f"{ground.second}:up", "customer": ground.customer},
	)
	found = [ground.A.post(path, sent).status for _number in range(70)]
	assert found[0] < 400
	assert found[-1] == 429
	assert ground.B.get("/support").status == 200  # nobody else is


def test_attachments_are_private_and_stay_so(ground):
	"""A File of one's own that names another's address opens nothing."""
	assert frappe.db.get_value("File", ground.file, "is_private")
	for address in (ground.file_url, ground.own_file_url):
		for visitor in (ground.guest, ground.B):
			visitor.post(
				"/api/resource/File", {"file_url": address, "is_private": 1, "file_name": "x.txt"}, keep=True
			)
			answer = visitor.get(address)
			assert answer.status >= 400
			assert "Alfahemlig" not in answer.text


def test_a_stranger_attaches_nothing_to_a_ticket_nor_to_the_next_one(ground):
	"""What contacts attach is shown on the ticket's page; the name of the next ticket is no secret."""
	following = f"{ground.other_ticket[:-5]}{int(ground.other_ticket[-5:]) + 50:05}"
	assert not frappe.db.exists("Issue", following)
	for name in (ground.ticket, following):
		sent = {
			"attached_to_doctype": "Issue",
			"attached_to_name": name,
			"file_name": "x.txt",
			"is_private": 1,
		}
		answer = ground.B.post("/api/resource/File", {**sent, "content": "x"}, keep=True)
		assert answer.status == 403
		upload = {"doctype": "Issue", "docname": name}
		files = {"file": (BytesIO(b"x"), "frammande.txt")}
		assert ground.B.ask("POST", "/api/method/upload_file", upload, files=files, keep=True).status == 403
		assert not frappe.db.exists("File", {"attached_to_name": name, "owner": email("B")})
	own = {"attached_to_doctype": "Issue", "attached_to_name": ground.other_ticket, "file_name": "x.txt"}
	answer = ground.B.post("/api/resource/File", {**own, "is_private": 1, "content": "x"}, keep=True)
	assert answer.status == 200
	name = answer.json["data"]["name"]
	moved = ground.B.ask("PUT", f"/api/resource/File/{name}", {"attached_to_name": ground.ticket}, keep=True)
	assert moved.status == 403


def test_a_tag_tells_no_title(ground):
	"""Everybody's role reads Frappe's Tag Link, which has the title of what is tagged."""
	sent = {"doctype": "Tag Link", "fields": ["*"]}
	for visitor, sees in ((ground.A, False), (ground.B, False), (ground.S, True)):
		answer = visitor.get("/api/method/frappe.client.get_list", sent)
		assert ("Alfahemlig" in answer.text) is sees
		answer = visitor.get(
			"/api/method/frappe.client.get", {"doctype": "Tag Link", "name": ground.tag_link}
		)
		assert (answer.status == 200) is sees


def test_a_stranger_moves_no_letter_to_a_ticket_of_their_own(ground):
	path = "/api/method/erpnext.support.doctype.issue.issue.make_issue_from_communication"
	for visitor in (ground.A, ground.B):
		answer = visitor.post(path, {"communication": ground.communication}, keep=True)
		assert answer.status == 403
	assert frappe.db.get_value("Communication", ground.communication, "reference_name") == ground.ticket
	assert ground.S.post(path, {"communication": ground.communication}).status == 200


def test_a_file_is_not_taken_to_a_ticket_of_ones_own(ground):
	"""Frappe asks about the ticket it goes to; staff who may see customer B alone would read it there."""
	limited = ground.web.visitor(email("O"), PASSWORD)
	sent = {"attached_to_name": ground.other_ticket}
	assert limited.ask("PUT", f"/api/resource/File/{ground.file}", sent, keep=True).status == 403
	assert frappe.db.get_value("File", ground.file, "attached_to_name") == ground.ticket
	assert limited.get(ground.file_url).status == 403


def _write_scripts(ground) -> None:
	frappe.db.set_value("Issue", ground.ticket, {"subject": SCRIPT, "description": SCRIPT})
	frappe.db.set_value("Customer", ground.customer, "customer_name", SCRIPT)
	frappe.db.set_value(
		"Timebank Entry", {"retainer": ground.retainer}, {"derivation": SCRIPT, "reason": SCRIPT}
	)
	frappe.db.set_value(
		"Communication", ground.communication, {"content": SCRIPT, "sender_full_name": SCRIPT}
	)
	frappe.db.set_value("File", ground.own_file, "file_name", SCRIPT)
	frappe.db.set_value(
		"Ticket Estimate", ground.estimate, {"question": SCRIPT, "subject": SCRIPT, "note": SCRIPT}
	)
	frappe.db.set_value(
		"Support Sprint", ground.sprint, {"title": SCRIPT, "note": SCRIPT, "question": SCRIPT}
	)
	answer = {"full_name": SCRIPT, "note": SCRIPT, "text_shown": SCRIPT, "question": SCRIPT}
	frappe.db.set_value("Customer Answer", ground.answer, answer)
	frappe.db.set_value("Consent Waiver", ground.waiver, "reason", SCRIPT)
	frappe.db.set_value("Comment", ground.comment, "content", SCRIPT)
	frappe.db.set_value("Contact", ground.contact, {"first_name": SCRIPT, "full_name": SCRIPT})
	frappe.db.set_value("User", email("A"), {"first_name": SCRIPT, "full_name": SCRIPT})
	rows = {"parent": ("in", frappe.get_all("Timesheet", pluck="name"))}
	frappe.db.set_value("Timesheet Detail", rows, {"description": SCRIPT, "timebank_note": SCRIPT})
	frappe.db.set_value("SLA Rule", ground.rule, "rule_name", SCRIPT)
	frappe.clear_cache()


def _without(text: str, name: str) -> str:
	"""An answer less what was asked for, which it may repeat, and less what differs between any two answers."""
	text = re.sub(r"\W*__frappe_exc_id\W+\w+", "", text)
	differ = ("csrf_token", "_version_number")
	lines = [line for line in text.replace(name, "").splitlines() if not any(word in line for word in differ)]
	return "\n".join(lines)


def _token_of(visitor, customer: str) -> str:
	from tests.web import TOKEN

	found = TOKEN.search(visitor.get("/support", {"customer": customer}, keep=True).text)
	assert found and found.group(1) != "None"
	return found.group(1)
