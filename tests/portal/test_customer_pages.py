"""Every page under /support: no violation that axe-core finds, nothing wider than the screen, all in the reader's language."""

import pytest

pytestmark = pytest.mark.browser

PAGES = (
	"/support",
	"/support/tickets",
	"/support/new",
	"/support/order",
	"/support/time",
	"/support/approvals",
)
WIDTHS = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
FOUND = """async () => (await axe.run()).violations.map(
	(each) => [each.id, each.help, each.nodes.map((node) => node.html.slice(0, 200))])"""


@pytest.fixture(scope="session")
def axe():
	"""The script of axe-core, as npm brings it."""
	from embedded import bundles

	return (bundles.modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_accessible_and_fit(width, window, customers, axe):
	page = window("anna", viewport=WIDTHS[width])
	for path in (*PAGES, f"/support/tickets/{customers['story']}"):
		assert page.goto(path).ok
		check(page, width, axe, path)


def check(page, width: str, axe, path: str) -> None:
	page.evaluate(axe)  # the pages run no script that is put into them
	assert page.evaluate(FOUND) == [], path
	assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]["width"], path


@pytest.mark.parametrize("width", WIDTHS)
def test_the_choice_is_accessible(width, window, axe):
	for who in ("cecilia", "disa"):
		page = window(who, viewport=WIDTHS[width])
		assert page.goto("/support").ok
		check(page, width, axe, who)


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_with_something_to_tell_are_accessible(width, window, customers, axe):
	"""Searches that find nothing, a form that was refused, held time, what staff see."""
	page = window("erik", viewport=WIDTHS[width])
	for path in (
		"/support?done=sent",
		"/support/approvals",
		"/support/tickets?q=finns-inte",
		"/support/tickets?state=all&urgency=Urgent",
		"/support/time?kind=Fee",
		"/support/time?corrections=1",
		"/support/approvals?kind=Estimate&name=gone",
	):
		assert page.goto(path).ok
		check(page, width, axe, path)
	page.goto("/support/new")
	page.get_by_label("What is it about?").fill("Utan timmar")
	page.get_by_label("Hours you expect it to take").fill("många")
	page.get_by_role("button", name="Send the ticket").click()
	page.locator("#support-problem").wait_for()
	check(page, width, axe, "a form that was refused")
	page = window("disa", viewport=WIDTHS[width])
	for path in (*PAGES, f"/support/tickets/{customers['story']}"):
		assert page.goto(f"{path}?customer={customers['shop']}").ok
		check(page, width, axe, f"staff {path}")
