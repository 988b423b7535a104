"""A real browser on a real site. Debian's chromium where it is there; in CI (REQUIRE_BROWSER=1) its absence is a failure."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
	"--disable-gpu",
	"--disable-dev-shm-usage",  # a container's /dev/shm is often too small for a desk
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	*(["--no-sandbox"] if os.geteuid() == 0 else []),
]
SAID = pytest.StashKey[list[str]]()
MISSING = "Browser tests need Debian's chromium and npm for the desk: apt-get install chromium nodejs npm"


@pytest.fixture(scope="session")
def agency():
	"""What the served agency says of itself: `url`, logins, names."""
	yield from served("tests.portal.agency")


@pytest.fixture(scope="session")
def customers():
	"""What the site with the customers' contacts says of itself: its clock began on a Saturday at 14:00."""
	yield from served("tests.portal.contacts")


def served(module: str):
	"""Run a module that serves a site of its own; yields what it says, and ends it."""
	if not (CHROMIUM and shutil.which("npm")):
		if os.environ.get("REQUIRE_BROWSER"):
			pytest.fail(MISSING)
		pytest.skip(MISSING)
	import embedded

	embedded.ensure_site(assets=True)
	root = Path(__file__).parents[2]
	server = subprocess.Popen(
		[sys.executable, "-m", module],
		cwd=root,
		stdin=subprocess.PIPE,
		stdout=subprocess.PIPE,
		text=True,
	)
	line = server.stdout.readline()
	if not line:
		pytest.fail(f"The site for the browser did not start (status {server.wait()}).")
	yield json.loads(line)
	server.stdin.close()
	server.wait(timeout=60)


@pytest.fixture(scope="session")
def site_url(request):
	"""Where the desk is: a bench's own (`BENCH_URL`), or the embedded agency's."""
	return os.environ.get("BENCH_URL") or request.getfixturevalue("agency")["url"]


@pytest.fixture(scope="session")
def browser():
	"""Headless chromium."""
	from playwright.sync_api import expect, sync_playwright

	expect.set_options(timeout=20_000)  # a busy machine may take more than the five seconds that are usual
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
		yield browser
		browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
	"""What the window said goes into the report of a test that failed."""
	report = yield
	window = item.funcargs.get("page")
	if report.failed and window is not None:
		report.sections.append(("the window", "\n".join([window.url, *item.stash[SAID], seen_text(window)])))
	return report


def seen_text(window) -> str:
	"""The text a person sees on the page now."""
	try:
		return window.evaluate("() => document.body.innerText")[:3000]
	except Exception as error:  # the page may be gone: the report must come all the same
		return repr(error)


def listen(window) -> list[str]:
	"""Collect what the page's console and its failed requests say."""
	said: list[str] = []
	window.on("console", lambda message: message.type == "error" and said.append(f"console: {message.text}"))
	window.on("pageerror", lambda error: said.append(f"page: {error}"))
	window.on("requestfailed", lambda request: said.append(f"failed: {request.url} {request.failure}"))
	window.on(
		"response", lambda answer: answer.status >= 400 and said.append(f"{answer.status}: {answer.url}")
	)
	return said


@pytest.fixture
def new_context(site_url, browser):
	"""Opens browsers that know nothing of each other; closes them all at the end."""
	opened = []

	def new():
		context = browser.new_context(
			base_url=site_url,
			viewport={"width": 1360, "height": 900},
			locale="en-GB",
			timezone_id="Europe/Stockholm",
		)
		context.set_default_timeout(20_000)
		opened.append(context)
		return context

	yield new
	for context in opened:
		context.close()


@pytest.fixture
def page(new_context, request):
	"""A fresh window, logged out. On failure a picture is left in `.embedded/shots`."""
	window = new_context().new_page()
	request.node.stash[SAID] = listen(window)
	yield window
	shots = Path(__file__).parents[2] / ".embedded" / "shots"
	shots.mkdir(parents=True, exist_ok=True)
	window.screenshot(path=shots / f"{request.node.name}.png", full_page=True)


@pytest.fixture
def window(customers, browser, request):
	"""Opens windows that are logged in as somebody: `window("anna")`."""
	opened = []

	def open_window(who: str, **options):
		context = browser.new_context(
			base_url=customers["url"],
			viewport=options.pop("viewport", {"width": 1280, "height": 900}),
			locale="en-GB",
			timezone_id="Europe/Stockholm",
			**options,
		)
		context.set_default_timeout(20_000)
		opened.append(context)
		answer = context.request.post(
			"/api/method/login", form={"usr": customers[who], "pwd": customers["password"]}
		)
		assert answer.ok
		return context.new_page()

	yield open_window
	for context in opened:
		context.close()
