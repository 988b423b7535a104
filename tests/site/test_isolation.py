"""Every cell of the isolation table, over HTTP: who asks for what of customer A's, and what they get."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import frappe
import pytest
from pypdf import PdfReader

from tests import kinds
from tests.site import isolation_table as table
from tests.site.isolation_world import MARK, PASSWORD, PEOPLE, build, email
from tests.web import Answer, Visitor, Web

pytestmark = [
	pytest.mark.security,
	pytest.mark.skipif(
		kinds.KIND == "mariadb",
		reason="Thousands of requests: tried on the embedded site and on a bench's MariaDB.",
	),
]

# Whatever a stranger could change that is ours, or the ticket's.
WATCHED = (
	*table.DOCTYPES,
	*table.CHILDREN,
	"Comment",
	"Communication",
	"Contact",
	"Customer",
	"DocShare",
	"Document Follow",
	"Dynamic Link",
	"File",
	"Has Role",
	"Kanban Board",
	"Kanban Board Column",
	"Portal User",
	"Quotation",
	"Sales Invoice",
	"Singles",
	"Tag Link",
	"Timesheet",
	"Timesheet Detail",
	"ToDo",
)


@dataclass
class Ground:
	"""The world's names, everybody's browser, and what gives A away."""

	facts: dict[str, str]
	docs: dict[str, str]
	people: dict[str, Visitor]
	marks: tuple[str, ...]
	asked: int = 0

	def everybody_asks(self, method: str, path: str, values: Any, allowed: str, **more) -> list[str]:
		"""Ask as everybody (or `only`); return a line for each who got what they may not, or not what they may."""
		wrong, at_most = [], allowed.endswith("?")
		facts, strict = {**self.facts, **more.get("facts", {})}, more.get("strict", False)
		for letter in more.get("only", table.EVERYBODY):
			address, sent = self._filled(
				path, values, {**facts, "visitor": email(letter) if letter != "G" else "Guest"}
			)
			if method == "UPLOAD":
				file = {"file": (BytesIO(b"x"), "x.txt")}
				answer = self.people[letter].ask("POST", address, sent, files=file)
			else:
				answer = self.people[letter].ask(method, address, sent)
			self.asked += 1
			asked = f"{address} {json.dumps(sent, ensure_ascii=False)}"
			if letter in table.STAFF and answer.status >= 400:
				asked += (
					facts["customer"] + facts["ticket"]
				)  # Frappe 15 tells staff what it refuses, and whose it is
			got = self.got(answer, method, asked)
			if strict and letter not in allowed and answer.status < 400:
				got = True
			if got != (letter in allowed) and not (at_most and letter in allowed):
				wrong.append(_line(letter, got, method, address, sent, answer))
		return wrong

	def got(self, answer: Answer, method: str, asked: str) -> bool:
		"""Whether an answer gives something of A's away, or something was written."""
		shown = any(mark in answer.text for mark in self.marks if mark not in asked)
		counting = "get_count" in asked or "/count" in asked
		counted = (
			counting and answer.status == 200 and bool(answer.json.get("message", answer.json.get("data")))
		)
		shown = shown or _has_sheets(answer)
		return shown or counted or (method not in ("GET",) and answer.status < 400 and answer.changed)

	def _filled(self, path: str, values: Any, facts: dict[str, str]) -> tuple[str, Any]:
		address, sent = _fill(path, facts), _fill(_values(values, facts.get("doctype", "")), facts)
		if address.startswith("/"):
			return address, sent
		if isinstance(sent, dict):  # a method takes what a form would send
			sent = {
				key: value if isinstance(value, str | int) else json.dumps(value)
				for key, value in sent.items()
			}
		return f"/api/method/{address}", sent


@pytest.fixture
def ground(at) -> Iterator[Ground]:
	with at("2026-11-16 10:00"), kinds.cache_as_it_is() as forget:
		world = build()
		frappe.db.after_rollback.reset()  # they would remove the world's files with the first request's
		web = Web(watch=_fingerprint, forget=forget)
		people = {"G": web.visitor()}
		for letter in PEOPLE:
			people[letter] = web.visitor(email(letter), PASSWORD)
		_disable(web, email("X"))
		kinds.keep_cache_as_it_is()
		facts = {key: value for key, value in world.items() if isinstance(value, str)}
		names = (name for doctype, name in world.docs.items() if doctype != "Work Timer")
		# what a statement says of an entry without naming anything else
		yield Ground(facts, world.docs, people, (MARK, f"TS:{world.charged_row}:", *names))
		for url in (world.file_url, world.own_file_url):
			Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)


def test_documents(ground):
	"""Each of Frappe's ways, to each DocType, for everybody."""
	wrong = []
	for doctype, rights in table.DOCTYPES.items():
		only = [letter for letter in table.EVERYBODY if doctype in table.DIFFER or letter not in table.ALIKE]
		facts = {
			"doctype": doctype,
			"name": ground.docs[doctype],
			"shown": table.SHOWN.get(doctype, "customer"),
		}
		for method, path, values, right in table.WAYS:
			if not _exists(path) or ("{new}" in str(values) and doctype not in table.NEW):
				continue
			may = _may(rights, right)
			wrong += ground.everybody_asks(method, path, values, may, facts=facts, only=only)
	print(f"{ground.asked} cells")
	assert not wrong, "\n" + "\n".join(wrong)


def test_methods_pages_reports_and_side_doors(ground):
	wrong = []
	for path, (method, values, may) in table.METHODS.items():
		strict = path not in table.EVERYBODYS
		wrong += ground.everybody_asks(method, path, values, may, strict=strict)
	for path, (values, may) in table.PAGES.items():
		wrong += ground.everybody_asks("GET", path, values, may)
	for name, (values, may) in table.REPORTS.items():
		sent = {"report_name": name, "filters": values, "ignore_prepared_report": 1}
		wrong += ground.everybody_asks("GET", "frappe.desk.query_report.run", sent, may)
		for method, path, more in table.REPORT_WAYS:
			if _exists(path):
				wrong += ground.everybody_asks(method, path, {**sent, **more}, f"{may.rstrip('?')}?")
	for method, path, values, may in table.OTHERS:
		if _exists(path):
			wrong += ground.everybody_asks(method, path, values, may)
	print(f"{ground.asked} cells")
	assert not wrong, "\n" + "\n".join(wrong)


def _has_sheets(answer: Answer) -> bool:
	"""Whether an answer is a PDF with anything in it; of what one may not print Frappe makes one without sheets."""
	return answer.body.startswith(b"%PDF") and len(PdfReader(BytesIO(answer.body)).pages) > 0


def _may(rights: dict[str, str], right: str) -> str:
	name, mark = right.rstrip("?"), "?" if right.endswith("?") else ""
	return rights.get(name, rights.get(table.SAME_AS.get(name, ""), "")) + mark


def _exists(path: str) -> bool:
	"""Whether this host has a method; Frappe 15 and 16 differ."""
	if path.startswith(("/", "{")):
		return True
	try:
		frappe.get_attr(path)
	except Exception:
		return False
	return True


def _line(letter: str, got: bool, method: str, address: str, sent: Any, answer: Answer) -> str:
	told = " ".join(answer.text.split())[:300]
	asked = json.dumps(sent, ensure_ascii=False)[:150]
	return f"{letter} {'got' if got else 'was refused'} {method} {address} {asked} -> {answer.status} {'changed ' if answer.changed else ''}{told}"


def _values(values: Any, doctype: str) -> Any:
	"""Put the table's values of a DocType where a way asks for them."""
	if values == "{values}":
		return table.VALUES.get(doctype, {"customer": "{other}"})
	if values == "{new}":
		return table.NEW[doctype]
	if isinstance(values, dict):
		found = {key: _values(value, doctype) for key, value in values.items() if key != "*"}
		return {**found, **(_values(values["*"], doctype) if "*" in values else {})}
	if isinstance(values, list):
		return [_values(value, doctype) for value in values]
	return values


def _fill(values: Any, facts: dict[str, str]) -> Any:
	if isinstance(values, dict):
		return {key: _fill(value, facts) for key, value in values.items()}
	if isinstance(values, list):
		return [_fill(value, facts) for value in values]
	if isinstance(values, str):
		for key, value in facts.items():
			values = values.replace(f"{{{key}}}", value)
	return values


def _fingerprint() -> str:
	"""All rows of everything watched, but for when and by whom they were saved."""
	order = {"Singles": "doctype, field"}
	rows = {
		name: [
			{field: value for field, value in row.items() if not field.startswith("modified")}
			for row in frappe.db.sql(
				f"select * from `tab{name}` order by {order.get(name, 'name')}", as_dict=True
			)
		]
		for name in WATCHED
	}
	return json.dumps(rows, default=str)


def _disable(web: Web, user: str) -> None:
	"""As an administrator does it, on the user's form: whoever is logged in then is no longer."""
	admin = web.visitor()
	admin.log_in("Administrator", frappe.conf.admin_password or "admin")
	answer = admin.ask("PUT", f"/api/resource/User/{user}", {"enabled": 0}, keep=True)
	assert answer.status == 200, answer.text
