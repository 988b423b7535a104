"""Every argument of every whitelisted method is what it says: values that no form sends are refused with a sentence, and write nothing."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import math
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import frappe
import pytest

from support_retainer import hooks, requests
from support_retainer.requests import kinds as argument_kinds
from support_retainer.requests.kinds import Data, Day, Flag, Moment, Name, Names, Number, Text
from tests import kinds
from tests.site import isolation_table as table
from tests.site.isolation_world import PASSWORD, build, email
from tests.site.test_isolation import _fill, _fingerprint
from tests.web import Answer, Visitor, Web

pytestmark = [
	pytest.mark.security,
	pytest.mark.skipif(
		kinds.KIND == "mariadb",
		reason="A thousand requests: tried on the embedded site and on a bench's MariaDB.",
	),
]
APP = Path(hooks.__file__).parent

# What is sent in place of each argument.
STRANGE: dict[str, Any] = {
	"dict": {},
	"list": [],
	"zero": 0,
	"empty": "",
	"null": None,
	"nan": math.nan,
	"many": ["x"] * 10_000,
	"first day": "0001-01-01",
	"last day": "9999-12-31",
}
# What of it some kinds may truly take, wherever they stand.
LEGAL = {
	Text: {"first day", "last day"},  # a text may say anything
	Flag: {"zero"},
}
# ... and some arguments.
LEGAL_FOR = {
	("support_retainer.permissions.guards.get_count", "filters"): {"dict", "list"},  # no filter
	("support_retainer.desk.api.terms_in_words", "doc"): {"dict"},  # a form that is not filled in
	("support_retainer.tickets.promises.preview_promise", "expected_hours"): {"zero"},  # not known yet
	("support_retainer.consent.api.make_estimate", "hours_from"): {"zero"},  # no range
	("support_retainer.consent.api.make_estimate", "hours"): {"zero"},  # the expected ones
	("support_retainer.billing.api.top_up", "rate"): {"zero"},
}
REFUSED = (403, 404, 417)


def methods() -> dict[str, Any]:
	"""Return the app's whitelisted methods by dotted path, as Frappe knows them."""
	for path in APP.rglob("*.py"):
		parts = path.relative_to(APP).with_suffix("").parts
		if {"doctype", "www", "patches", "commands"} & set(parts) or parts[-1] == "__init__":
			continue
		importlib.import_module(".".join(("support_retainer", *parts)))
	return {
		f"{method.__module__}.{method.__name__}": method
		for method in frappe.whitelisted
		if method.__module__.partition(".")[0] == "support_retainer"
	}


# by reading the code ----------------------------------------------------------------------------


def test_every_whitelisted_method_reads_its_arguments_by_kinds():
	found = methods()
	assert set(found) == set(table.METHODS)
	unread = [name for name, method in found.items() if not hasattr(inspect.unwrap(method), "__code__")]
	assert not unread
	for name, method in found.items():
		assert _kinds(method) is not None, f"{name} lacks @requests.checked"
		assert set(_kinds(method)) == set(inspect.signature(method).parameters), name


def test_the_app_asks_frappe_for_annotated_methods():
	assert hooks.require_type_annotated_api_methods is True
	for name, method in methods().items():
		for parameter in inspect.signature(method).parameters.values():
			assert parameter.annotation is not parameter.empty, (name, parameter.name)


def test_nobody_asks_frappe_for_a_right_but_the_helper_that_refuses_empty_documents():
	"""`has_permission(doctype, right, doc={})` answers for the role alone: it may stand in one file."""
	helper = APP / "requests" / "rights.py"
	strange = []
	for path in APP.rglob("*.py"):
		if path == helper:
			continue
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			name = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
			if name in ("frappe.has_permission", "frappe.permissions.has_permission"):
				strange.append(f"{path.relative_to(APP)}:{node.lineno}")
			taken = isinstance(node, ast.ImportFrom) and node.module in ("frappe", "frappe.permissions")
			if taken and any(alias.name == "has_permission" for alias in node.names):
				strange.append(f"{path.relative_to(APP)}:{node.lineno}")
	assert not strange


@pytest.mark.parametrize("empty", [None, 0, {}, [], "", "  ", 0.0, False, ["ISS-1"], {"name": "x"}, 7])
def test_a_right_is_never_asked_about_what_is_no_document(empty):
	with pytest.raises(frappe.PermissionError):
		requests.has_right("Issue", "read", empty)
	with pytest.raises(frappe.PermissionError):
		requests.check_right("Issue", "read", empty)


# the kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	"value",
	[
		*(math.nan, math.inf, -math.inf, "nan", "inf", "Infinity", "1e400", "1e3", 1e300, 10**400, -0.5),
		*(
			True,
			False,
			"0x10",
			"１２",
			"1,5",
			"1_000",
			"",
			" ",
			"1" * 400,
			[1],
			{"a": 1},
			b"1",
			"1.2.3",
			"--1",
		),
		1000.001,
	],
)
def test_what_is_no_number_from_0_to_1000(value):
	with pytest.raises(ValueError):
		Number(0, 1000).read(value)


@pytest.mark.parametrize(
	"value, number", [(0, 0), ("0", 0), (2.5, 2.5), ("2.5", 2.5), (1000, 1000), (" 7 ", 7)]
)
def test_what_is_a_number_from_0_to_1000(value, number):
	assert Number(0, 1000).read(value) == number


@pytest.mark.parametrize("value", [1.5, "1.5", "1.0", 0, 4, True, "2 "[:1] + "x"])
def test_what_is_no_whole_number_from_1_to_3(value):
	with pytest.raises(ValueError):
		Number(1, 3, whole=True).read(value)


@pytest.mark.parametrize(
	"value",
	[
		*("", " ", "a\0b", "\ud800", "x" * 141, "a\nb", "a\tb", 1, 0, 1.0, True, None, {}, [], ["a"], b"a"),
	],
)
def test_what_is_no_name(value):
	with pytest.raises(ValueError):
		Name().read(value)


@pytest.mark.parametrize("value", ["2 a", "2", -1, 0, True, 1.5, "0" * 141])
def test_names_that_are_counted(value):
	"""A number that a DocType counts its documents with is a name; nothing else is made one."""
	if isinstance(value, str) and len(value) <= 140:
		assert Name(numbers=True).read(value) == value
		return
	with pytest.raises(ValueError):
		Name(numbers=True).read(value)


@pytest.mark.parametrize(
	"value",
	[
		*(
			"0000-00-00",
			"0001-01-01",
			"9999-12-31",
			"2026-02-30",
			"2026-13-01",
			"1990-01-01",
			"2026-1-1",
			"today",
		),
		*(
			"２０２６-11-16",
			"2026-11-16T00:00:00",
			"20261116",
			20261116,
			0,
			True,
			{},
			[],
			math.nan,
			date(1, 1, 1),
		),
	],
)
def test_what_is_no_day_near_today(value, at):
	with at("2026-11-16 10:00"), pytest.raises(ValueError):
		Day().read(value)


@pytest.mark.parametrize(
	"value",
	[
		*("0001-01-01 00:00:00", "9999-12-31 23:59:59", "9000-01-01", "2026-11-16", "2026-11-16 24:00:00"),
		*(
			"2026-11-16 10:00:00+14:00",
			"2026-11-16T10:00:00Z",
			"2026-11-16 10:00:00.1234567",
			"2024-11-01 10:00:00",
		),
		*("2028-11-20 10:00:00", "now", 0, 1e9, True, {}, math.nan, datetime(9999, 12, 31)),
	],
)
def test_what_is_no_moment_within_two_years(value, at):
	with at("2026-11-16 10:00"), pytest.raises(ValueError):
		Moment().read(value)


def test_moments_within_two_years(at):
	with at("2026-11-16 10:00"):
		for text in ("2026-11-16 10:00", "2026-11-16T10:00:00", "2026-11-16 10:00:00.123456"):
			assert Moment().read(text) == datetime(2026, 11, 16, 10)
		assert Moment().read("2024-11-20 00:00:00") == datetime(2024, 11, 20)
		assert Day().read("2026-11-16") == date(2026, 11, 16)


@pytest.mark.parametrize(
	"value",
	[
		*(
			[],
			{},
			"",
			"[]",
			"{}",
			'"a"',
			"a",
			["a", "a"],
			["a", 1],
			["a", ["b"]],
			["a", None],
			[""],
			["x"] * 1001,
		),
		*(
			"[" * 100_000,
			'["a", NaN]',
			'["a\\u0000"]',
			json.dumps(["x" * 141]),
			[{"name": "a"}],
			0,
			None,
			True,
		),
	],
)
def test_what_is_no_list_of_names(value):
	with pytest.raises(ValueError):
		Names().read(value)


def test_a_list_of_names():
	assert Names().read('["a", "b"]') == Names().read(["a", "b"]) == ["a", "b"]


@pytest.mark.parametrize(
	"value",
	[
		*(
			[],
			"[]",
			"1",
			1,
			"null",
			'{"a": NaN}',
			'{"a": 1e400}',
			{"a": math.inf},
			{"a": "\0"},
			{"\ud800": 1},
		),
		*(
			{"a": {"a": {"a": {"a": {"a": {"a": {}}}}}}},
			{str(number): 1 for number in range(3000)},
			'{"a":' * 5000,
		),
		*({"a": object()}, {"a": 10**400}),
	],
)
def test_what_are_no_values(value):
	with pytest.raises(ValueError):
		Data().read(value)


@pytest.mark.parametrize("value", ["yes", "", 2, -1, 0.5, "on", {}, [], math.nan, "00"])
def test_what_is_neither_yes_nor_no(value):
	with pytest.raises(ValueError):
		Flag().read(value)


def test_yes_and_no():
	assert [Flag().read(value) for value in (1, "1", True, "true", 0, "0", False, "False")] == [True] * 4 + [
		False
	] * 4


# over http --------------------------------------------------------------------------------------


@pytest.fixture
def ground(at) -> Iterator[frappe._dict]:
	with at("2026-11-16 10:00"), kinds.cache_as_it_is() as forget:
		world = build()
		frappe.db.after_rollback.reset()
		web = Web(watch=_fingerprint, forget=forget)
		for letter in "ARSO":
			world[letter] = web.visitor(email(letter), PASSWORD)
		kinds.keep_cache_as_it_is()
		yield world
		for url in (world.file_url, world.own_file_url):
			Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)


def test_strange_values_for_every_argument_of_every_method(ground):
	"""{}, [], 0, "", null, NaN, a list of 10 000 and dates of the years 1 and 9999: refused with a sentence, and nothing is written."""
	facts = {key: value for key, value in ground.items() if isinstance(value, str)}
	wrong, asked = [], 0
	for name, method in sorted(methods().items()):
		verb, values, who = table.METHODS[name]
		visitor = ground.R if "R" in who else ground.A
		base = _fill(values, facts)
		for argument in inspect.signature(method).parameters:
			for label, value in STRANGE.items():
				answer = _ask(visitor, verb, name, {**base, argument: value})
				asked += 1
				if problem := _problem(answer, _is_legal(name, method, argument, label)):
					wrong.append(f"{name} {argument}={label}: {problem}")
	assert asked > 1000
	assert not wrong, "\n".join(wrong)


def test_a_required_argument_that_is_left_out(ground):
	facts = {key: value for key, value in ground.items() if isinstance(value, str)}
	wrong = []
	for name, method in sorted(methods().items()):
		verb, values, who = table.METHODS[name]
		base = _fill(values, facts)
		for parameter in inspect.signature(method).parameters.values():
			if parameter.default is not parameter.empty:
				continue
			left = {key: value for key, value in base.items() if key != parameter.name}
			answer = _ask(ground.R if "R" in who else ground.A, verb, name, left)
			if problem := _problem(answer, legal=False):
				wrong.append(f"{name} without {parameter.name}: {problem}")
	assert not wrong, "\n".join(wrong)


def test_the_same_refusal_through_every_door(ground):
	"""By /api/method and /api/v2/method, GET and POST, as JSON and as a form; the sentence names the argument."""
	path = "support_retainer.tickets.promises.preview_promise"
	values = {"customer": ground.customer, "moment": "9000-01-01 00:00:00"}
	for door in ("/api/method/", "/api/v2/method/"):
		for answer in (
			ground.A.get(door + path, values),
			ground.A.post(door + path, values),
			ground.A.ask("POST", door + path, values, files={"none": _empty_file()}),
		):
			assert (answer.status, answer.changed) == (417, False)
			assert "moment must be a date and time from" in answer.text.replace("\\u", "")


def test_a_browser_reads_a_sentence_and_no_traceback(ground, monkeypatch):
	"""Frappe answers a browser with the traceback, and with nothing at all at 429."""
	path, accept = "/api/method/support_retainer.portal.api.attachment", {"Accept": "text/html,*/*"}
	answer = ground.A.ask("GET", path, {"name": "x" * 141}, headers=accept)
	assert answer.status == 417 and "name must be the name of one document" in answer.text
	assert "Traceback" not in answer.text and "<pre>" not in answer.text
	monkeypatch.setattr("support_retainer.portal.api.LOOKS_PER_HOUR", 0)
	answer = ground.A.ask("GET", path, {"name": ground.own_file}, headers=accept)
	assert answer.status == 429 and "Wait" in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize("letter", ["S", "O"])
def test_an_agent_of_one_customer_closes_no_ticket_with_an_empty_name(ground, letter):
	"""One `set_status {"name": {}}` closed every ticket of the site; `0` read and withdrew what was another customer's."""
	before = frappe.get_all("Issue", ["name", "status"], order_by="name")
	for name in ({}, 0, [], {"name": ("like", "%")}, ["like", "%"], "", None, {"status": "Open"}):
		for path, values in (
			("erpnext.support.doctype.issue.issue.set_status", {"name": name, "status": "Closed"}),
			(
				"erpnext.support.doctype.issue.issue.set_multiple_status",
				{"names": [name], "status": "Closed"},
			),
			("erpnext.support.doctype.issue.issue.set_multiple_status", {"names": name, "status": "Closed"}),
			("support_retainer.desk.api.held_time", {"name": name}),
			("support_retainer.desk.api.retainer_picture", {"name": name}),
			("support_retainer.consent.api.withdraw", {"doctype": "Ticket Estimate", "name": name}),
			("support_retainer.consent.api.send", {"doctype": "Ticket Estimate", "name": name}),
			("support_retainer.desk.api.derivation", {"entry": name}),
		):
			answer = ground[letter].post(f"/api/method/{path}", values)
			assert answer.status in REFUSED and not answer.changed, (path, name, answer.status)
	assert frappe.get_all("Issue", ["name", "status"], order_by="name") == before


def test_a_name_in_another_spelling_is_no_name(ground):
	"""MariaDB finds `iss-1 ` for ISS-1; locks, caches and our own comparisons do not."""
	for name in (ground.retainer.lower(), f"{ground.retainer} ", f" {ground.retainer}"):
		answer = ground.R.get("/api/method/support_retainer.desk.api.held_time", {"name": name})
		assert answer.status == 403


def test_what_is_not_there_and_what_is_forbidden_are_refused_alike(ground):
	there = ground.O.get("/api/method/support_retainer.desk.api.held_time", {"name": ground.retainer})
	not_there = ground.O.get("/api/method/support_retainer.desk.api.held_time", {"name": "RET-0"})
	assert there.status == not_there.status == 403
	assert _sentences(there) == _sentences(not_there) != []


def _empty_file() -> tuple:
	from io import BytesIO

	return (BytesIO(b""), "none.txt")


def _ask(visitor: Visitor, verb: str, name: str, values: dict) -> Answer:
	"""Send typed values in a body where one is taken, else as a query, where all is text."""
	taken = frappe.allowed_http_methods_for_whitelisted_func[methods()[name]]
	if verb == "GET" and "POST" in taken:
		verb = "POST"
	if verb == "GET" and len(json.dumps(values)) > 4000:
		values = {
			key: value[:100] if isinstance(value, list) else value for key, value in values.items()
		}  # no address is that long
	return visitor.ask(verb, f"/api/method/{name}", values)


def _problem(answer: Answer, legal: bool) -> str:
	if answer.status == 429:
		return "a limit was reached, so nothing was tried"
	if answer.status < 400:
		return "" if legal else f"taken, {answer.status} {answer.text[:120]}"
	if answer.status not in REFUSED:
		return f"{answer.status} {answer.text[:300]}"
	if answer.changed:
		return "refused, but something was written"
	return "" if _sentences(answer) else f"{answer.status} without a sentence: {answer.text[:300]}"


def _sentences(answer: Answer) -> list[str]:
	said = json.loads(answer.json.get("_server_messages") or "[]")
	return [json.loads(each)["message"] for each in said if json.loads(each).get("message")]


def _kinds(method) -> dict | None:
	while method and not hasattr(method, "argument_kinds"):
		method = getattr(method, "__wrapped__", None)
	return method and method.argument_kinds


def _is_legal(name: str, method, argument: str, label: str) -> bool:
	parameter = inspect.signature(method).parameters[argument]
	if parameter.default is not parameter.empty and label in ("null", "empty"):
		return True  # left out
	kind = _kinds(method)[argument]
	legal = LEGAL.get(type(kind), set()) | LEGAL_FOR.get((name, argument), set())
	return label in legal


def test_the_kinds_all_say_what_to_send():
	for name, method in methods().items():
		for argument, kind in _kinds(method).items():
			sentence = kind.wanted(argument)
			assert sentence.startswith(f"{argument} must be "), (name, argument, sentence)
			assert isinstance(kind, argument_kinds.Kind)
