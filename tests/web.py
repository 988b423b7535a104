"""Frappe's whole HTTP path without a server: its WSGI application in this process, on any kind of site.

Requests see what the test has made and not committed, and what a request commits is taken back once it is answered (with `keep`, when
the test ends). So every request of a table meets the same site, and a bench site is left as it was.
"""

from __future__ import annotations

import contextvars
import json
import re
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import frappe
from werkzeug.wrappers import Response

POINT = "before_the_request"
TOKEN = re.compile(r"""csrf_token["']?\s*[=:]\s*["']([^"']+)["']""")
SAFE = ("GET", "HEAD", "OPTIONS")


class Answer:
	"""What came back, and whether the request, had it been committed, changed what is watched."""

	def __init__(self, response, changed: bool) -> None:
		self.status: int = response.status_code
		self.body: bytes = response.get_data()
		self.headers = response.headers
		self.changed = changed

	@property
	def text(self) -> str:
		return self.body.decode("utf-8", "replace")

	@property
	def json(self) -> Any:
		return json.loads(self.body)

	@property
	def message(self) -> Any:
		"""What a whitelisted method returned."""
		return self.json.get("message")


class Web:
	"""The web server of the open site, for one test. `watch` fingerprints what must not change; `forget` clears caches."""

	def __init__(self, watch: Callable[[], Any], forget: Callable[[], None]) -> None:
		import frappe.app

		self._application = frappe.app.application
		self._watch, self._forget = watch, forget
		self._seen = watch()

	def visitor(self, user: str | None = None, password: str | None = None) -> Visitor:
		"""A browser; logged in when a user is given."""
		visitor = Visitor(self)
		if user:
			visitor.log_in(user, password)
		return visitor

	def open(self, client, keep: bool, **request) -> Answer:
		"""Make one request in a context of its own, as a worker of a server would."""
		frappe.db.savepoint(POINT)
		with _one_transaction():
			try:
				response = contextvars.Context().run(client.open, **request)
			except (
				TypeError
			):  # Frappe 16.9 fails to write the answer of ERPNext's Web Form as JSON, and its error as well
				response = Response("", status=500)
		frappe.db.value_cache.clear()
		unsafe = request["method"] not in SAFE
		seen = self._watch() if unsafe and response.status_code < 400 else self._seen
		answer = Answer(response, changed=seen != self._seen)
		if keep:
			self._seen = self._watch()
		else:
			_take_back()
			if answer.changed:
				self._forget()
		return answer


class Visitor:
	"""A browser with its cookies and, once it has seen a page, that page's CSRF token."""

	def __init__(self, web: Web) -> None:
		from werkzeug.test import Client

		self.web, self.token = web, ""
		self._client = Client(web._application, Response)

	def look_for_token(self) -> None:
		"""Look at a page, which brings the CSRF token."""
		for page in ("/desk", "/app", "/me"):
			found = TOKEN.search(self.get(page, keep=True).text)
			if found and found.group(1) != "None":
				self.token = found.group(1)
				return

	def log_in(self, user: str, password: str) -> Answer:
		"""Log in by Frappe's own door and look at a page, which brings the CSRF token."""
		answer = self.post("/api/method/login", {"usr": user, "pwd": password}, keep=True)
		if answer.status == 200:
			self.look_for_token()
		return answer

	def get(self, path: str, data: dict | None = None, keep: bool = False) -> Answer:
		return self.ask("GET", path, data, keep=keep)

	def post(self, path: str, data: dict | None = None, keep: bool = False) -> Answer:
		return self.ask("POST", path, data, keep=keep)

	def ask(
		self,
		method: str,
		path: str,
		data: dict | None = None,
		*,
		files: dict | None = None,
		token: bool = True,
		keep: bool = False,
		headers: dict | None = None,
	) -> Answer:
		"""Make a request: values in the query (GET), as JSON, or as a form when there are files."""
		headers = {"Host": frappe.local.site, "X-Frappe-Site-Name": frappe.local.site, **(headers or {})}
		if self.token and token:
			headers["X-Frappe-CSRF-Token"] = self.token
		request: dict = {"method": method, "path": path, "headers": headers, "buffered": True}
		if method in SAFE:
			request["query_string"] = urlencode({key: _flat(value) for key, value in (data or {}).items()})
		elif files:
			request["data"] = {**(data or {}), **files}
		else:
			request["json"] = data or {}
		answer = self.web.open(self._client, keep, **request)
		if self.token and token and answer.status == 400 and "CSRFTokenError" in answer.text:
			self.look_for_token()  # the session's cache is not taken back with the database: reload, as a person would
			headers["X-Frappe-CSRF-Token"] = self.token
			answer = self.web.open(self._client, keep, **request)
		return answer


@contextmanager
def _one_transaction():
	"""Let the requests' connection be this one, and their commits wait for what the test does with them."""
	import frappe.database
	from frappe.utils import background_jobs

	db, get_db, get_queue = frappe.local.db, frappe.database.get_db, background_jobs.get_queue
	rollback = db.rollback

	def to_the_start(*, save_point: str | None = None, **_more) -> None:
		rollback(save_point=save_point or POINT)

	frappe.database.get_db = lambda *args, **kwargs: db
	background_jobs.get_queue = lambda *args, **kwargs: _NoQueue()
	in_test = getattr(frappe, "in_test", None)
	if in_test:
		frappe.in_test = False  # what sessions keep must be kept
	db.commit, db.close, db.rollback = (lambda *args, **kwargs: None), (lambda: None), to_the_start
	try:
		yield
	finally:
		frappe.database.get_db, background_jobs.get_queue = get_db, get_queue
		del db.commit, db.close, db.rollback
		if in_test:
			frappe.in_test = True
		for callbacks in (db.before_commit, db.after_commit, db.before_rollback):
			callbacks.reset()


class _NoQueue:
	"""No worker may be told of documents that nobody else will ever see."""

	count = 0  # Frappe 16 asks how many wait

	def enqueue_call(self, *args, **kwargs) -> None:
		return None


def _take_back() -> None:
	frappe.db.rollback(save_point=POINT)
	frappe.db.after_rollback.run()  # removes the files that were uploaded


def _flat(value) -> str:
	return value if isinstance(value, str) else json.dumps(value)
